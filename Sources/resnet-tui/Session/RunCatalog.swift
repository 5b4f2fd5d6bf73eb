import Dashboard
import EventLog
import Experiments
import Foundation

/// The runs that there are, as their folders and status files say.
struct RunCatalog {
  /// Where runs are looked for.
  enum Source {
    /// `<root>/<experiment>/runs/<id>`.
    case experiments(root: String)
    /// Every folder with an event file, at any depth.
    case logs([String])
  }

  private let source: Source
  /// What is known of a run; its event file's name does not change.
  private struct Known {
    var stamp: FileStamp?
    var status: RunStatus?
    var began: Int?
  }

  private var known: [String: Known] = [:]

  init(_ source: Source) { self.source = source }

  /// What there is now. A status file is read again only where it has changed.
  mutating func listings() -> [RunListing] {
    let found: [(directory: RunDirectory, name: String?)] =
      switch source {
      case .experiments(let root): RunDirectory.list(root: root).map { ($0, nil) }
      case .logs(let roots): Self.logs(under: roots)
      }
    var now: [String: Known] = [:]
    let listings = found.map { directory, name in
      let stamp = FileStamp(directory.statusPath)
      var entry = known[directory.path] ?? Known()
      if entry.stamp != stamp {
        entry.stamp = stamp
        entry.status = stamp.flatMap { _ in try? RunStatus.read(from: directory) }
      }
      if entry.began == nil { entry.began = directory.began }
      now[directory.path] = entry
      return RunListing(directory, name: name, entry.status, began: entry.began)
    }
    known = now
    return listings
  }

  /// Runs are called by where they stand below the folder that was named, as TensorBoard calls them.
  private static func logs(under roots: [String]) -> [(directory: RunDirectory, name: String?)] {
    // A folder may be named together with one above it.
    var seen: Set<String> = []
    return roots.flatMap { root -> [(directory: RunDirectory, name: String?)] in
      let root = RunDirectory(path: root)
      return EventFile.folders(under: root.path).filter { seen.insert($0).inserted }.map { path in
        let directory = RunDirectory(path: path)
        guard directory.experimentName == nil else { return (directory, nil) }
        let below = path.dropFirst(root.path.count).drop { $0 == "/" }
        let parts = (roots.count > 1 || below.isEmpty ? [root.id] : []) + [String(below)]
        return (directory, parts.filter { !$0.isEmpty }.joined(separator: "/"))
      }
    }
  }
}

extension RunListing {
  /// - Parameter name: nil for a run of an experiment, which is called by that and its id.
  fileprivate init(_ directory: RunDirectory, name: String?, _ status: RunStatus?, began: Int?) {
    self.init(
      path: directory.path, experiment: name ?? directory.experimentName ?? directory.id,
      id: name == nil ? directory.id : "", status: status, state: status?.effectiveState(),
      began: began)
  }
}

/// Tells whether a file has been replaced or written to.
struct FileStamp: Equatable {
  private let inode: UInt64
  private let size: Int64
  private let seconds: Int
  private let nanoseconds: Int

  /// nil where there is no file.
  init?(_ path: String) {
    var attributes = stat()
    guard stat(path, &attributes) == 0 else { return nil }
    inode = UInt64(attributes.st_ino)
    size = Int64(attributes.st_size)
    seconds = attributes.st_mtim.tv_sec
    nanoseconds = attributes.st_mtim.tv_nsec
  }
}
