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

  @Test(arguments: [
    ("resnet20", "did you mean resnet20_cifar?"), ("vgg16", "resnet-tui summary --list"),
    ("no/such.yaml", "no/such.yaml: cannot read: No such file"),
  ])
  func saysWhatIsMissing(text: String, message: String) {
    let error = #expect(throws: ExperimentError.self) { try SpecReference.resolve(text) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }
}
