public import Architecture
import Yams

/// What the commands call `SPEC`: a preset's name, or a YAML file with an experiment, just its
/// `network:` part, or the keys of that part alone; or such keys in one line, as
/// `NetworkSpec.line` writes them.
public enum SpecReference {
  /// The network that `text` refers to, and the experiment if it is a whole one.
  ///
  /// - Parameter images: whose input and classes a network takes that says nothing of them; nil
  ///   leaves a preset those of its paper.
  public static func resolve(
    _ text: String, images: NetworkSpec? = nil
  ) throws(ExperimentError) -> (spec: NetworkSpec, experiment: Experiment?) {
    if let preset = Preset.named(text) {
      return (images.map(preset.spec.forImages) ?? preset.spec, nil)
    }
    if isLine(text) { return try resolve(yaml: text, file: "SPEC", images: images) }
    guard isFile(text) || Folder.exists(text) else {
      throw ExperimentError(reason: "\(Preset.unknown(text)) A file is named with its .yaml.")
    }
    guard Folder.exists(text) else {
      return try resolve(yaml: YAMLDocument.text(of: text), file: text, images: images)
    }
    let file = "\(text)/experiment.yaml"
    let (spec, experiment) = try resolve(
      yaml: YAMLDocument.text(of: file), file: file, images: images)
    return (try RunDirectory(path: text).grown(spec), experiment)
  }

  /// What a network is called that was given as a line.
  public static let lineName = "network"

  /// Whether `text` is a path by its looks, whatever there is.
  public static func isFile(_ text: String) -> Bool {
    text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml")
  }

  /// Whether `text` is a spec itself, not the name of one.
  public static func isLine(_ text: String) -> Bool { text.first == "{" }

  /// As `resolve(_:)`, from the file's text.
  static func resolve(
    yaml: String, file: String, images: NetworkSpec? = nil
  ) throws(ExperimentError) -> (spec: NetworkSpec, experiment: Experiment?) {
    let document = try YAMLDocument(yaml, file: file)
    let name = isLine(yaml) ? lineName : Experiment.name(of: file)
    let keys = document.root.mapping?.keys.compactMap(\.scalar?.string) ?? []
    if keys == ["network"], let node = document.root.mapping?["network"] {
      let reader = try MappingReader(
        node, path: "network", file: file, keys: NetworkSpec.keys)
      return (try NetworkSpec(reader, name: name, document: document, images: images), nil)
    }
    if keys.contains("network") || !keys.contains(where: NetworkSpec.keys.known.contains) {
      let experiment = try Experiment(document)
      return (experiment.network, experiment)
    }
    let reader = try MappingReader(document.root, path: "", file: file, keys: NetworkSpec.keys)
    return (try NetworkSpec(reader, name: name, document: document, images: images), nil)
  }
}
