import Foundation

/// The names of event files.
public enum EventFile {
  /// `events.out.tfevents.<seconds>.resnet-tui`; TensorBoard looks for `tfevents`.
  public static func name(seconds: Int) -> String {
    "events.out.tfevents.\(seconds).resnet-tui"
  }

  /// Paths of the event files in `folder`, sorted by name, which is by time; empty where the folder
  /// cannot be read.
  public static func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.contains("tfevents") }.sorted().map { "\(folder)/\($0)" }
  }
}
