import Architecture
import TestSupport
import Testing

@testable import Experiments

@Suite struct SpecReferenceTests {
  @Test func resolvesPresetsExperimentsAndNetworks() throws {
    let resnet18 = Preset.named("resnet18")!.spec
    let preset = try SpecReference.resolve("resnet18")
    #expect(preset.spec == resnet18 && preset.experiment == nil)

    try withScratchFolder { folder in
      func resolve(_ yaml: String) throws -> (spec: NetworkSpec, experiment: Experiment?) {
        try put(Array(yaml.utf8), at: "\(folder)/experiment.yaml")
        return try SpecReference.resolve("\(folder)/experiment.yaml")
      }
      let whole = try resolve(Experiment.standard.yaml())
      #expect(whole.spec == Experiment.standard.network && whole.experiment == .standard)
      #expect(try SpecReference.resolve(folder).experiment == .standard)

      for text in ["network: {preset: resnet18}", "preset: resnet18"] {
        let part = try resolve(text)
        #expect(part.spec == resnet18 && part.experiment == nil)
      }
      let error = #expect(throws: ExperimentError.self) {
        try resolve("input: [1, 8, 8]\nclasses: 2\nblock: basic\nstages: []\n")
      }
      #expect(error?.key == "stages" && error?.line == 4)
    }
  }

  /// One line says what differs, and nothing else.
  @Test func oneLine() throws {
    var spec = Preset.named("resnet50")!.spec
    #expect(spec.line == "{preset: resnet50}")
    spec.grouping = .cardinality(groups: 32, widthPerGroup: 4)
    spec.stages[3].blocks = 2
    #expect(
      spec.line == "{preset: resnet50, stages: [{blocks: 3, channels: 64, stride: 1}, "
        + "{blocks: 4, channels: 128, stride: 2}, {blocks: 6, channels: 256, stride: 2}, "
        + "{blocks: 2, channels: 512, stride: 2}], groups: 32, width_per_group: 4}")
    #expect(try SpecReference.resolve(spec.line).spec == spec)
    let own = NetworkSpec(
      name: "mine", input: ImageShape(channels: 1, height: 8, width: 8), classes: 2, stem: .cifar,
      block: .basic, stages: [Stage(blocks: 1, channels: 8, stride: 1)])
    #expect(
      own.line == "{input: [1, 8, 8], classes: 2, stem: cifar, block: basic, "
        + "stages: [{blocks: 1, channels: 8, stride: 1}]}")
    let error = #expect(throws: ExperimentError.self) {
      try SpecReference.resolve("{preset: resnet50, group: 3}")
    }
    #expect(
      error?.description.contains("SPEC:1: group: is not a known key; did you mean groups?") == true
    )
  }

  @Test(arguments: [
    ("resnet20", "did you mean resnet20_cifar?"), ("vgg16", "resnet-tui summary --list"),
    ("no/such.yaml", "no/such.yaml: cannot read: No such file"),
  ])
  func saysWhatIsMissing(text: String, message: String) {
    let error = #expect(throws: ExperimentError.self) { try SpecReference.resolve(text) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }
}
