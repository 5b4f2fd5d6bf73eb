import Experiments
import Foundation

/// Finds the file of an experiment that the user names.
struct ExperimentLocator {
  let root: String

  /// `text` is a file, a folder that holds `experiment.yaml`, or the name of such a folder under
  /// the root.
  func file(for text: String) throws -> String {
    let candidates = [text, "\(text)/experiment.yaml", "\(root)/\(text)/experiment.yaml"]
    for candidate in candidates {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        return candidate
      }
    }
    throw Failure.badInput(
      "\(text): no such experiment; name a YAML file, a folder with an experiment.yaml, or a "
        + "folder under \(root)")
  }
}

extension RunDirectory {
  /// A run that does not exist yet in the folder `runs` beside the experiment's file,
  /// called by the present time in UTC. It is none of `others`, which may not exist yet.
  static func new(
    besideExperiment path: String, avoiding others: Set<String> = []
  ) -> RunDirectory {
    let runs = Self.runs(beside: path)
    let taken = names(in: runs) + others.map { RunDirectory(path: $0).id }
    let id = newID(seconds: Int(Date().timeIntervalSince1970), existing: Set(taken))
    return RunDirectory(path: "\(runs)/\(id)")
  }

  /// The last run in the folder `runs` beside the experiment's file; nil where there is none.
  static func newest(besideExperiment path: String) -> RunDirectory? {
    let runs = Self.runs(beside: path)
    return names(in: runs).last.map { RunDirectory(path: "\(runs)/\($0)") }
  }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  private static func runs(beside path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "runs" : "\(folder)/runs"
  }
}
