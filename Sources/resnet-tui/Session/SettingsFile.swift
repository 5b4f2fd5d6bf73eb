import Dashboard
import Experiments
import Foundation
import Yams

/// Where a session's settings are kept: `settings.yaml` in the user's folder of configurations.
struct SettingsFile {
  let path: String

  /// nil where the environment names no such folder.
  init?(environment: [String: String]) {
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
      path = "\(folder)/resnet-tui/settings.yaml"
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      path = "\(home)/.config/resnet-tui/settings.yaml"
    } else {
      return nil
    }
  }

  /// Largest file that is read, in bytes.
  private static let limit = 1 << 16

  /// The settings, and what is wrong with the file; no file is no fault.
  func load() -> (settings: Settings, problem: String?) {
    guard FileManager.default.fileExists(atPath: path) else { return (Settings(), nil) }
    guard let data = FileManager.default.contents(atPath: path), data.count <= Self.limit,
      let settings = try? YAMLDecoder().decode(Settings.self, from: data)
    else { return (Settings(), "\(path): cannot be understood; mend or remove it") }
    return (settings, nil)
  }

  /// Replaces the file. Nothing depends on it, so that nobody is told where that fails.
  func save(_ settings: Settings) {
    guard let text = try? Yams.serialize(node: settings.node) else { return }
    let folder = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? AtomicFile.write(Array(text.utf8), to: path)
  }
}

extension Settings {
  /// As people write it: an encoder would make 0.8 an 8e-1.
  fileprivate var node: Node {
    func text(_ value: String?) -> Node? { value.map { Node($0) } }
    func plain(_ value: (some CustomStringConvertible)?) -> Node? {
      value.map { Node("\($0)", Tag(.implicit), .plain) }
    }
    func mapping(_ pairs: [(String, Node?)]) -> Node {
      Node(pairs.compactMap { key, value in value.map { (Node(key), $0) } })
    }
    let front = layout?.front.map { Node($0.map { Node($0) }, Tag(.implicit), .flow) }
    return mapping([
      ("theme", text(theme)),
      (
        "charts",
        charts.map {
          mapping([
            ("axis", text($0.axis)), ("smoothing", plain($0.smoothing)),
            ("outliers", plain($0.outliers)),
          ])
        }
      ),
      (
        "layout",
        layout.map {
          mapping([("focus", text($0.focus)), ("front", front), ("zoomed", plain($0.zoomed))])
        }
      ),
    ])
  }
}
