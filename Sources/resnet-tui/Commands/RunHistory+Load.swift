import EventLog
import Experiments
import Foundation

extension RunHistory {
  /// What a log holds now; a torn tail counts as damage.
  ///
  /// - Throws: `Failure.badInput` if there is no event file in `folder`, or none that can be read.
  static func load(folder: String) throws -> RunHistory {
    let history = try read(EventFile.found(in: folder))
    guard !history.isEmpty else {
      throw Failure.badInput("\(folder): its event log holds no event")
    }
    return history
  }

  /// What a run's log holds now, if it has begun; what of it cannot be read is said on standard error.
  static func known(of run: RunDirectory) -> RunHistory? {
    do {
      let history = try read(run.eventFiles())
      Output.complain(of: history.gaps, in: run.path)
      return history.isEmpty ? nil : history
    } catch {
      Output.complain("resnet-tui: \(error)\n")
      return nil
    }
  }

  private static func read(_ files: [String]) throws(EventLogError) -> RunHistory {
    var history = RunHistory()
    for file in files {
      var reader = EventLogReader(path: file)
      var poll: Poll
      repeat {
        poll = try reader.pollToEnd()
        history.apply(poll)
      } while !poll.isAtEnd
    }
    return history
  }
}

extension EventFile {
  /// The event files of a folder that the user names.
  ///
  /// - Throws: `Failure.badInput` if there is none, with the runs that may have been meant.
  static func found(in folder: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw Failure.badInput("\(folder): no such run directory") }
    let files = files(in: folder)
    guard files.isEmpty else { return files }
    if let suggestion = RunDirectory.suggestion(inPlaceOf: folder) {
      throw Failure.badInput("\(folder): \(suggestion)")
    }
    for (file, command) in [("sweep.yaml", "sweep"), ("experiment.yaml", "train")]
    where FileManager.default.fileExists(atPath: "\(folder)/\(file)") {
      throw Failure.badInput(
        "\(folder): an experiment without a run; resnet-tui \(command) \(folder)/\(file) trains it")
    }
    throw Failure.badInput(
      "\(folder): no event log in it; name a run directory, or any folder with a *.tfevents.* file")
  }
}
