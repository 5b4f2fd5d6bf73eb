public import EventLog
import Foundation
import Glibc

/// The folder of one run, `runs/<id>`, and the places of its files.
public struct RunDirectory: Hashable, Sendable {
  /// Without a slash at its end.
  public let path: String

  public init(path: String) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// The run `id` of the experiment in `folder`.
  public init(experimentFolder folder: String, id: String) {
    self.init(path: "\(folder)/runs/\(id)")
  }

  /// The folder's name.
  public var id: String { Folder.split(path).name }
  /// The name of the experiment that it is a run of; nil for a folder that stands elsewhere.
  public var experimentName: String? {
    let runs = Folder.split(path).folder
    guard Folder.split(runs).name == "runs" else { return nil }
    return Folder.split(Folder.split(runs).folder).name
  }
  public var statusPath: String { "\(path)/status.json" }
  /// The experiment as it ran, resolved.
  public var experimentPath: String { "\(path)/experiment.yaml" }
  public var checkpointsPath: String { "\(path)/checkpoints" }

  /// A text as it may stand in a run's file, which holds no path of the machine: files by their place in the
  /// run, others by their names.
  public func withoutPaths(_ text: String) -> String {
    text.replacing("\(path)/", with: "")
      .replacing(/(^|[\s'"(])\/(?:[^\s'"():,;]*\/)?([^\s'"():,;\/]+)\/?/) { "\($0.1)\($0.2)" }
  }

  /// Where a log begun at `seconds` after 1970 stands.
  public func eventPath(seconds: Int) -> String {
    "\(path)/\(EventFile.name(seconds: seconds))"
  }

  /// Paths of the event files, in the order of their names.
  public func eventFiles() -> [String] { EventFile.files(in: path) }

  /// Creates the folder and that of its checkpoints, and claims it by writing the resolved
  /// `experiment`: of several processes that try, one succeeds.
  ///
  /// - Returns: false, with nothing written, where the folder holds a file of a run already.
  public func create(experiment: String) throws(FileError) -> Bool {
    guard occupant == nil || isReserved else { return false }
    try Folder.create(checkpointsPath)
    try ownCheckpoints()
    guard try AtomicFile.claim(experimentPath) else { return false }
    try AtomicFile.write(Array(experiment.utf8), to: experimentPath)
    return true
  }

  /// The path of the checkpoints' folder, once it is sure that what is written and removed there does
  /// not stand elsewhere.
  ///
  /// - Throws: it is a link.
  @discardableResult
  public func ownCheckpoints() throws(FileError) -> String {
    guard !Folder.isLink(checkpointsPath) else {
      throw FileError(
        path: checkpointsPath,
        reason: "is a link, which could lead anywhere; put the folder itself in its place.")
    }
    return checkpointsPath
  }

  /// Takes the folder for a run that this process will begin later, by writing its status.
  ///
  /// - Returns: false, with nothing written, where the folder holds a file of a run already.
  public func reserve(_ status: RunStatus) throws(FileError) -> Bool {
    guard occupant == nil else { return false }
    try Folder.create(path)
    guard try AtomicFile.claim(statusPath) else { return false }
    try status.write(to: self)
    return true
  }

  /// This process has reserved the folder, and nothing else is in it.
  private var isReserved: Bool {
    guard eventFiles().isEmpty, !Folder.holdsAnything(at: experimentPath),
      let status = try? RunStatus.read(from: self)
    else { return false }
    return status.state == .queued && status.process != nil && status.process == .current
  }

  /// Cuts an event log to its first `length` bytes, as a new file in the place of the old one: whoever
  /// follows it sees that it begins anew, however soon it has grown as long as it was.
  ///
  /// - Parameter events: what stands behind them from the first moment.
  /// - Throws: it cannot be read or written.
  public static func cutLog(
    _ path: String, to length: Int, keeping events: [LogEvent] = []
  ) throws(FileError) {
    let bytes = try BoundedFile.read(path, limit: logLimit)
    guard bytes.count > length else { return }
    // Not called as an event file is: TensorBoard would read what a crash leaves of it.
    var kept = Array(bytes[..<length])
    for event in events { TFRecord.append(event.data, to: &kept) }
    try AtomicFile.write(kept, to: path, partialName: "log")
  }

  /// Removes what a crash has left of files that were being written, and of checkpoints.
  public func removeLeftovers() throws(FileError) {
    try Checkpoint.removeOrphans(in: self)
    for name in Folder.names(in: path)
    where name.hasPrefix(".") && name.hasSuffix(AtomicFile.partialSuffix) {
      try Folder.remove("\(path)/\(name)")
    }
  }

  /// There is nothing in the folder, or no folder, or what a run has begun to set up.
  public var isUnused: Bool {
    Folder.names(in: path).allSatisfy { $0 == Folder.split(checkpointsPath).name }
  }

  /// Most bytes of a log that is gone on with.
  private static let logLimit = 4 << 30

  /// Takes away what a run has left that never came to a checkpoint, so that it can begin anew.
  ///
  /// - Throws: it could not begin anew here; nothing is removed then.
  public func clear() throws(FileError) {
    try Folder.create(checkpointsPath)
    try ownCheckpoints()
    for path in eventFiles() + [experimentPath, statusPath] { try Folder.remove(path) }
  }

  /// Removes the run with all its files.
  ///
  /// - Throws: `FileError` where it holds no run, its worker lives, it is a link to somewhere else, or
  ///   a file cannot be removed.
  public func remove() throws(FileError) {
    var attributes = stat()
    guard lstat(path, &attributes) == 0, attributes.st_mode & S_IFMT == S_IFDIR else {
      throw FileError(path: path, reason: "is no run directory.")
    }
    let status = try RunStatus.read(from: self)
    guard let lock = try RunLock(self), status.process?.isAlive != true else {
      throw FileError(path: path, reason: "its worker is at work; stop it first.")
    }
    defer { withExtendedLifetime(lock) {} }
    do {
      // Links within are removed, not what they lead to.
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw FileError(path: path, reason: "cannot be removed: \(error.localizedDescription)")
    }
  }

  /// A file that a run has left in the folder; nil if none has.
  public var occupant: String? {
    eventFiles().first ?? [experimentPath, statusPath].first { Folder.holdsAnything(at: $0) }
  }

  /// Whether `file` exists and stands in this folder or below it.
  public func contains(_ file: String) -> Bool {
    guard let file = Self.resolved(file), let folder = Self.resolved(path) else { return false }
    return file.hasPrefix(folder + "/")
  }

  /// The path without links; nil if there is nothing at it.
  private static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// A name for a run that begins `seconds` after 1970: `YYYYMMDD-HHMMSS` in UTC, with `-2`, `-3`, …
  /// where `existing` has it.
  public static func newID(seconds: Int, existing: Set<String> = []) -> String {
    // Years 1970 to 9999: four digits.
    var time = time_t(min(max(seconds, 0), 253_402_300_799))
    var parts = tm()
    gmtime_r(&time, &parts)
    func digits(_ value: Int32, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let base =
      digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2)
      + "-" + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2)
    guard existing.contains(base) else { return base }
    var number = 2
    while existing.contains("\(base)-\(number)") { number += 1 }
    return "\(base)-\(number)"
  }

  /// Seconds after 1970 at which the run began, as the name of its event file says; nil before there is
  /// one.
  public var began: Int? { eventFiles().first.flatMap(EventFile.seconds) }

  /// The run of some that began last; of those that have not begun, the last by its name.
  public static func newest(of runs: [RunDirectory]) -> RunDirectory? {
    runs.map { (run: $0, began: $0.began ?? 0) }
      .max { ($0.began, $0.run.id) < ($1.began, $1.run.id) }?.run
  }

  /// What to name in place of the folder of an experiment, as a sentence about that; nil for any other
  /// folder.
  public static func suggestion(inPlaceOf folder: String) -> String? {
    let folder = RunDirectory(path: folder).path
    let runs = ids(experimentFolder: folder).map { RunDirectory(experimentFolder: folder, id: $0) }
    return newest(of: runs).map { "an experiment; name a run of it, such as \($0.path)" }
  }

  /// The names in the `runs` folder of an experiment.
  public static func ids(experimentFolder folder: String) -> [String] {
    Folder.names(in: "\(folder)/runs").filter { Folder.exists("\(folder)/runs/\($0)") }
  }

  /// The runs of all experiments in `root`, by experiment and then by name.
  public static func list(root: String) -> [RunDirectory] {
    Folder.names(in: root).flatMap { experiment in
      ids(experimentFolder: "\(root)/\(experiment)").map {
        RunDirectory(experimentFolder: "\(root)/\(experiment)", id: $0)
      }
    }
  }
}
