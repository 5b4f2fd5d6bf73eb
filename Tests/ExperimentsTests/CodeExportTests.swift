import Architecture
import Experiments
import Foundation
import TestSupport
import Testing

/// Networks as Python code; `.scripts/check-exports` runs what is written.
@Suite struct CodeExportTests {
  /// Uneven padding, inception and option A show what the usual networks do not need.
  static let networks = [
    "resnet18": "resnet18",
    "resnext50_32x4d": "resnext50_32x4d",
    "inception":
      "{input: [3, 23, 26], classes: 10, block: inception, padding: same, conv_bias: true, "
      + "stages: [{blocks: 2, channels: 16}, {blocks: 2, channels: 32}]}",
    "option_a":
      "{preset: resnet20_cifar, input: [3, 23, 26], padding: same, zero_init_residual: true}",
    "pre_activation":
      "{input: [3, 24, 24], classes: 7, stem: cifar, block: bottleneck, pre_activation: true, "
      + "init: xavier_uniform, batch_norm: {eps: 1e-3, momentum: 0.01}, "
      + "stages: [{blocks: 1, channels: 8}, {blocks: 3, channels: 16}]}",
  ]

  private func plan(_ text: String) throws -> NetworkPlan {
    try NetworkPlan(SpecReference.resolve(text).spec)
  }

  @Test(arguments: networks.keys.sorted())
  func pytorch(name: String) throws {
    expectSnapshot(
      CodeFormat.pytorch.source(try plan(Self.networks[name]!)), named: "export-pytorch-\(name)")
  }

  @Test(arguments: [CodeFormat.flax, .keras, .gluon], ["inception", "pre_activation"])
  func otherFrameworks(format: CodeFormat, name: String) throws {
    expectSnapshot(
      format.source(try plan(Self.networks[name]!)), named: "export-\(format.rawValue)-\(name)")
  }

  /// The same bytes again, in 88 columns, and every module with parameters is constructed.
  @Test(arguments: CodeFormat.allCases)
  func everyNetwork(format: CodeFormat) throws {
    let lines = Preset.all.map(\.name) + Self.networks.values.sorted()
    for line in lines {
      let plan = try plan(line)
      let source = format.source(plan)
      #expect(source == format.source(plan))
      let rows = source.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(rows.allSatisfy { $0.count <= 88 && $0.last != " " }, "\(format) of \(line)")
      for parameter in plan.parameters {
        // Blocks are numbered by their place: the names below a block's stand in its class.
        var parts = parameter.name.split(separator: ".").dropLast().map(String.init)
        if parts[0].hasPrefix("layer") { parts.removeFirst(2) }
        switch format {
        case .pytorch, .gluon:
          #expect(source.contains("self.\(parts[0]) = "), "\(parameter.name) of \(line)")
        case .flax, .keras:
          let unit = parts.last == "conv" || parts.last == "bn"
          let name = (unit ? parts.dropLast() : parts[...]).joined(separator: ".")
          #expect(
            source.contains("\"\(name)\"") || source.contains("{name}.\(name)\""),
            "\(parameter.name) of \(line)")
        }
      }
    }
  }

  /// Every rule that weights start by is told by the rows alone.
  @Test(arguments: WeightInitialization.allCases)
  func initialization(rule: WeightInitialization) throws {
    var spec = Preset.named("resnext29_8x64d")!.spec
    spec.initialization = rule
    spec.convBias = true
    let source = CodeFormat.flax.source(try NetworkPlan(spec))
    let expected =
      switch rule {
      case .kaimingNormalFanOut: "variance_scaling(2.0, \"fan_out\", \"normal\")"
      case .kaimingNormalFanIn: "variance_scaling(2.0, \"fan_in\", \"normal\")"
      case .xavierUniform: "variance_scaling(1.0, \"fan_avg\", \"uniform\")"
      case .xavierNormal: "variance_scaling(1.0, \"fan_avg\", \"normal\")"
      case .lecunNormal: "variance_scaling(1.0, \"fan_in\", \"normal\")"
      }
    #expect(source.contains(expected), "\(rule)")
  }

  /// The line in the file is the network: pasted back it gives the same file.
  @Test func theLineCanBePastedBack() throws {
    for line in Self.networks.values {
      let source = CodeFormat.pytorch.source(try plan(line))
      let start = try #require(source.range(of: "in one line:\n\n")?.upperBound)
      let end = try #require(source.range(of: "\n\"\"\"\n\nimport")?.lowerBound)
      let pasted = source[start..<end].drop { $0 == " " }
      #expect(CodeFormat.pytorch.source(try plan(String(pasted))) == source)
    }
  }
}
