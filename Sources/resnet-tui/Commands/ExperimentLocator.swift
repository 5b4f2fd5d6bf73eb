import Experiments
import Foundation

/// Finds the file of an experiment that the user names.
struct ExperimentLocator {
  let root: String

  /// `text` is a file, a folder that holds `experiment.yaml`, or the name of such a folder under
  /// the root.
  func file(for text: String) throws -> String { try file("experiment", for: text) }

  /// As `file(for:)`, of a `sweep.yaml`.
  func sweepFile(for text: String) throws -> String { try file("sweep", for: text) }

  private func file(_ kind: String, for text: String) throws -> String {
    let candidates = [text, "\(text)/\(kind).yaml", "\(root)/\(text)/\(kind).yaml"]
    for candidate in candidates {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        return candidate
      }
    }
    throw Failure.badInput(
      "\(text): no such \(kind); name a YAML file, a folder with \(kind == "sweep" ? "a" : "an") \(kind).yaml, or a "
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
    return newest(of: names(in: runs).map { RunDirectory(path: "\(runs)/\($0)") })
  }

  /// The run `id` in the folder `runs` beside the experiment's or the sweep's file.
  init(besideExperiment path: String, id: String) {
    self.init(path: "\(Self.runs(beside: path))/\(id)")
  }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  private static func runs(beside path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "runs" : "\(folder)/runs"
  }
}
