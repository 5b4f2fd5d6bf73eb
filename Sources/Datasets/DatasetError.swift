/// Why a data set, or batches of it, cannot be had.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No folder has any file of the set; `folders` are those looked at.
  case notFound(DatasetName, folders: [String])
  /// `folder` has some files of the set, but not `missing`.
  case incomplete(DatasetName, folder: String, missing: [String])
  /// `reason` says what is wrong with the file and how to mend it.
  case file(String, reason: String)
  /// A value of the experiment's `data` part that the set cannot serve.
  case option(key: String, reason: String)

  public var description: String {
    switch self {
    case .notFound(let name, let folders):
      "data set \(name.rawValue) not found: "
        + (folders.isEmpty ? "" : "no \(folders.joined(separator: ", no ")); ")
        + "'resnet-tui data fetch \(name.rawValue)' fetches it, or set RESNET_TUI_DATA to the folder "
        + "that holds \(name.rawValue)/, or use `set: procedural`"
    case .incomplete(let name, let folder, let missing):
      "data set \(name.rawValue): \(folder) lacks \(missing.joined(separator: ", ")) "
        + "(plain or .gz); 'resnet-tui data fetch \(name.rawValue)' adds what is missing, "
        + "or use `set: procedural`"
    case .file(let path, let reason): "\(path): \(reason)"
    case .option(let key, let reason): "data.\(key): \(reason)"
    }
  }
}
