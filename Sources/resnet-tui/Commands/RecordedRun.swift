import Dashboard
import EventLog
import Experiments

/// A recorded run with all of its log.
struct RecordedRun {
  let path: String
  /// nil for a run of an experiment, and for one that stands alone.
  private let name: String?
  private let status: RunStatus?
  var log: RecordedLog

  /// The run in `folder`; where it has no event file itself, all those below it.
  ///
  /// - Throws: `Failure.badInput` if there is none that can be read. Of several, those that cannot are
  ///   complained of.
  static func found(in folder: String) throws -> [RecordedRun] {
    // Without a slash at its end.
    let folder = RunDirectory(path: folder).path
    let below = EventFile.files(in: folder).isEmpty ? EventFile.folders(under: folder) : []
    guard !below.isEmpty else { return [try RecordedRun(folder, name: nil)] }
    var (runs, failure): ([RecordedRun], Failure?) = ([], nil)
    for path in below {
      let isOurs = RunDirectory(path: path).experimentName != nil
      let name = path.dropFirst(folder.count).drop { $0 == "/" }
      do {
        runs.append(try RecordedRun(path, name: isOurs ? nil : String(name)))
      } catch {
        failure = Failure(error)
        Output.complain("resnet-tui: \(Failure(error).description)\n")
      }
    }
    if runs.isEmpty, let failure { throw failure }
    return runs
  }

  private init(_ path: String, name: String?) throws {
    self.path = path
    self.name = name
    log = try RecordedLog(folder: path)
    status = try? RunStatus.read(from: RunDirectory(path: path))
  }

  /// The run as it was after a step.
  mutating func replayed(upTo step: Int) throws -> Replay.Run {
    Replay.Run(
      path: path, name: name, status: status, history: try log.history(upTo: step),
      isComplete: step >= log.whole.lastStep, began: RunDirectory(path: path).began)
  }
}
