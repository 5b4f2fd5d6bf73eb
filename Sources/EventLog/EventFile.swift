import Foundation
import Glibc

/// The names and places of event files.
public enum EventFile {
  /// `events.out.tfevents.<seconds>.resnet-tui`; TensorBoard looks for `tfevents`.
  public static func name(seconds: Int) -> String {
    "events.out.tfevents.\(seconds).resnet-tui"
  }

  /// The seconds after 1970 that stand in the name of an event file; nil where there are none.
  public static func seconds(of name: String) -> Int? {
    guard let part = name.split(separator: "/").last?.split(separator: "tfevents.").last else {
      return nil
    }
    return part.split(separator: ".").first.flatMap { Int($0) }
  }

  /// Bytes of a file; 0 where there is none.
  public static func length(_ path: String) -> Int {
    var attributes = stat()
    return stat(path, &attributes) == 0 ? Int(attributes.st_size) : 0
  }

  /// Paths of the event files in `folder`, sorted by name, which is by time; empty where the folder
  /// cannot be read. Folders, pipes and devices are none, whatever they are called.
  public static func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter(isName).sorted().map { "\(folder)/\($0)" }.filter(isRegular)
  }

  /// Paths of the folders that hold event files: `root` itself, and those below it, sorted. Links below
  /// `root` are not followed.
  ///
  /// - Parameter limit: files and folders that are looked at most.
  public static func folders(under root: String, limit: Int = 200_000) -> [String] {
    var found: [String] = []
    var waiting = [root]
    var count = 0
    // `FileManager.enumerator` follows no root that is a link, and stays on one file system.
    while let folder = waiting.popLast(), count <= limit {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      count += names.count
      let paths = names.sorted().map { (name: $0, path: "\(folder)/\($0)") }
      if paths.contains(where: { isName($0.name) && isRegular($0.path) }) { found.append(folder) }
      waiting += paths.lazy.map(\.path).filter(isFolder)
    }
    return found.sorted()
  }

  /// Hidden files are none: what a crash leaves of a file that was being replaced.
  private static func isName(_ name: String) -> Bool {
    name.contains("tfevents") && !name.hasPrefix(".")
  }

  private static func isRegular(_ path: String) -> Bool {
    var attributes = stat()
    return stat(path, &attributes) == 0 && attributes.st_mode & S_IFMT == S_IFREG
  }

  /// Whether there is a folder at `path`, and no link to one.
  private static func isFolder(_ path: String) -> Bool {
    var attributes = stat()
    return lstat(path, &attributes) == 0 && attributes.st_mode & S_IFMT == S_IFDIR
  }

  /// The texts of a log from a byte on, at which a record has to begin, in their order.
  public static func texts(
    of path: String, from start: Int = 0
  ) throws(EventLogError) -> [(tag: String, text: String)] {
    var reader = EventLogReader(path: path, from: start)
    var texts: [(tag: String, text: String)] = []
    var isAtEnd = false
    while !isAtEnd {
      let poll = try reader.poll()
      isAtEnd = poll.isAtEnd
      for case .text(let tag, let text) in poll.events.flatMap(\.values) {
        texts.append((tag, text))
      }
    }
    return texts
  }
}
