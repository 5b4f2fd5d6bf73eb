/// The folders in which data sets are looked up, first match first; each holds `<set>/` with the
/// publisher's file names, plain or `.gz`, or with the publisher's unpacked folder.
public struct DatasetLocation: Sendable, Equatable {
  public var folders: [String]

  public init(folders: [String]) {
    self.folders = folders
  }

  /// The folders of `RESNET_TUI_DATA` (separated by colons), then the cache folder
  /// `$XDG_CACHE_HOME/resnet-tui`, by default `~/.cache/resnet-tui`. An empty variable is unset.
  public init(environment: [String: String]) {
    func value(_ key: String) -> String? {
      environment[key].flatMap { $0.isEmpty ? nil : $0 }
    }
    folders = (value("RESNET_TUI_DATA") ?? "").split(separator: ":").map(String.init)
    if let cache = value("XDG_CACHE_HOME") ?? value("HOME").map({ $0 + "/.cache" }) {
      folders.append(cache + "/resnet-tui")
    }
  }

  /// What is there of a data set.
  public enum Status: Sendable, Equatable {
    /// Needs no file.
    case builtIn
    /// Every file of the set is in `folder`.
    case found(folder: String)
    /// `folder` has files of the set, but not `missing`, and no other folder has all.
    case incomplete(folder: String, missing: [String])
    /// None of `folders` exists with a file of the set in it.
    case notFound(folders: [String])
  }

  /// Where `name` is, by the files' names alone.
  public func status(of name: DatasetName) -> Status {
    guard let files = name.files else { return .builtIn }
    let candidates = folders.map { "\($0)/\(name.rawValue)" }
    var incomplete: Status?
    for folder in candidates {
      let missing = files.names.filter { name.path(of: $0, in: folder) == nil }
      if missing.isEmpty { return .found(folder: folder) }
      if missing.count < files.names.count, incomplete == nil {
        incomplete = .incomplete(folder: folder, missing: missing)
      }
    }
    return incomplete ?? .notFound(folders: candidates)
  }
}
