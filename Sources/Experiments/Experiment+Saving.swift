import Architecture

extension Experiment {
  /// Keeps the experiment in a folder under `root`, called by its name, and returns the path of its
  /// file.
  ///
  /// A folder that holds the same experiment is used again. One that holds another is left as it is:
  /// the first of `<name>-2`, `<name>-3`, … that is free is taken, and is then the experiment's
  /// name.
  ///
  /// - Throws: The file cannot be written.
  public func save(under root: String) throws(FileError) -> String {
    let base = Self.folderName(for: name)
    var number = 1
    while true {
      let folder = number == 1 ? base : "\(base)-\(number)"
      let path = "\(root)/\(folder)/experiment.yaml"
      let candidate = number == 1 ? self : named(folder)
      if !Folder.holdsAnything(at: path) {
        try Folder.create("\(root)/\(folder)")
        try AtomicFile.write(Array(candidate.yaml().utf8), to: path)
        return path
      }
      if let kept = try? Experiment.load(path), kept == candidate.named(kept.name) { return path }
      number += 1
    }
  }

  /// The experiment under another name; a network that is no preset's goes by it too.
  private func named(_ name: String) -> Experiment {
    var renamed = self
    renamed.name = name
    if Preset.named(network.name) == nil { renamed.network.name = name }
    return renamed
  }

  /// Most characters of a folder's name.
  static let folderNameLimit = 80

  /// A folder's name that is close to `name`: letters, digits and `._-`, not hidden.
  public static func folderName(for name: String) -> String {
    let safe = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        ? character : "-"
    }
    let visible = safe.drop { $0 == "." || $0 == "-" }.prefix(folderNameLimit)
    return visible.isEmpty ? "experiment" : String(visible)
  }
}
