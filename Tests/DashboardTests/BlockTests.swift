import Architecture
import Cells
import Experiments
import TestSupport
import Testing

@testable import Dashboard

@Suite struct BlockTests {
  private static let base = NetworkSpec(
    name: "block", input: ImageShape(channels: 1, height: 28, width: 28), classes: 10,
    stem: .cifar, block: .basic,
    stages: [
      Stage(blocks: 1, channels: 64, stride: 1), Stage(blocks: 1, channels: 128, stride: 2),
    ])

  private static func spec(_ change: (inout NetworkSpec) -> Void) -> NetworkSpec {
    var spec = base
    change(&spec)
    return spec
  }

  private static let cases: [(String, NetworkSpec)] = [
    ("basic", base),
    (
      "bottleneck",
      spec {
        $0.block = .bottleneck
        $0.grouping = .cardinality(groups: 32, widthPerGroup: 4)
      }
    ),
    ("pre-activation", spec { $0.preActivation = true }),
    ("option A", spec { $0.shortcut = .identityPad }),
    ("plain", spec { $0.shortcut = .none }),
    ("inception", spec { $0.block = .inception }),
  ]

  /// Every kind of block in a place of every height, the second stage's.
  @Test(arguments: [12, 16, 26])
  func drawings(height: Int) {
    var text = ""
    for (name, spec) in Self.cases {
      var experiment = Experiment.standard
      experiment.network = spec
      var scenario = Scenario(experiment: experiment)
      scenario.press(.end)
      while scenario.state.composer.field != .stageBlocks(1) { scenario.press(.up) }
      scenario.send(.input(.resize(Size(width: 46, height: height))))
      text += "\(name)\n" + FrameText.encode(view(scenario.state, pane: .block))
    }
    expectSnapshot(text, named: "blocks-\(height)")
  }

  /// Each module of a block but the sum stands in its drawing, once.
  @Test(arguments: Preset.all.map(\.name))
  func drawingsAreWhole(_ preset: String) throws {
    let plan = try NetworkPlan(Preset.named(preset)!.spec)
    let names = Set(plan.layers.indices.compactMap { BlockDiagram.name(ofRow: $0, in: plan) })
    #expect(names.count == plan.spec.stages.reduce(0) { $0 + $1.blocks })
    for name in names {
      let diagram = try #require(BlockDiagram(name, of: plan))
      let modules = (diagram.trunk + diagram.paths.joined() + diagram.tail).flatMap(\.lines)
        .reduce(0) { $0 + $1.texts[0].split(separator: "·").count }
      #expect(modules == diagram.rows.count - (diagram.join == nil ? 0 : 1))
    }
  }

  @Test func theDrawingFollowsTheSelection() {
    var scenario = Scenario(width: 160, height: 50)
    #expect(scenario.screen.contains("layer1.0 ─╮"))
    while scenario.state.composer.field != .stageBlocks(2) { scenario.press(.down) }
    #expect(scenario.screen.contains("layer3.0 ─╮"))
    // In the layer table, the block of the selected row.
    scenario.press(.character("2"), .home)
    while scenario.state.shownPlan?.layers[scenario.state.layerRow].name != "layer2.1.conv1" {
      scenario.press(.down)
    }
    #expect(scenario.screen.contains("layer2.1 ─╮"))
  }
}
