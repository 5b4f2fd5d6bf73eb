import Foundation
import Glibc

/// The names and places of event files.
public enum EventFile {
  /// `events.out.tfevents.<seconds>.resnet-tui`; TensorBoard looks for `tfevents`.
  public static func name(seconds: Int) -> String {
    "events.out.tfevents.\(seconds).resnet-tui"
  }

  /// Bytes of a file; 0 where there is none.
  public static func length(_ path: String) -> Int {
    var attributes = stat()
    return stat(path, &attributes) == 0 ? Int(attributes.st_size) : 0
  }

  /// Paths of the event files in `folder`, sorted by name, which is by time; empty where the folder
  /// cannot be read.
  public static func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter(isName).sorted().map { "\(folder)/\($0)" }
  }

  /// Paths of the folders that hold event files: `root` itself, and those below it, sorted. Links are
  /// not followed.
  ///
  /// - Parameter limit: files and folders that are looked at most.
  public static func folders(under root: String, limit: Int = 200_000) -> [String] {
    guard let enumerator = FileManager.default.enumerator(atPath: root) else { return [] }
    var folders: Set<String> = []
    var count = 0
    for case let path as String in enumerator where count < limit {
      count += 1
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      guard let name = parts.last, isName(String(name)) else { continue }
      folders.insert(([root] + parts.dropLast().map(String.init)).joined(separator: "/"))
    }
    return folders.sorted()
  }

  /// Hidden files are none: what a crash leaves of a file that was being replaced.
  private static func isName(_ name: String) -> Bool {
    name.contains("tfevents") && !name.hasPrefix(".")
  }
}
