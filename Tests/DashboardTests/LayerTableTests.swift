import Architecture
import Cells
import Experiments
import TestSupport
import Testing

@testable import Dashboard

/// The layer table of a run: what training does to the layers.
@Suite struct LayerTableTests {
  private func scenario(width: Int = 120, height: Int = 40) -> Scenario {
    var scenario = Scenario()
    scenario.listRuns(layers: true)
    scenario.press(.character("3"), .character("2"))
    scenario.send(.input(.resize(Size(width: width, height: height))))
    return scenario
  }

  @Test(arguments: [(60, 18), (120, 34)])
  func looksAsBefore(width: Int, height: Int) {
    let scenario = scenario(width: width, height: height)
    expectSnapshot(
      FrameText.encode(view(scenario.state, pane: .layers)), named: "layers-live-\(width)")
  }

  @Test func showsCostsInstead() {
    var scenario = scenario()
    func table() -> String { FrameText.encode(view(scenario.state, pane: .layers)) }
    #expect(table().contains("update/w") && !table().contains("MACs"))
    scenario.press(.character("v"))
    #expect(!table().contains("update/w") && table().contains("MACs"))
  }

  /// Each column sorts, in both directions, and what has no number is last either way.
  @Test func sorts() throws {
    var scenario = scenario()
    scenario.press(.character("s"))
    while LayerRows(scenario.state)?.sort != .gradientNorm { scenario.press(.character("s")) }
    func norms() throws -> [Double?] {
      let rows = try #require(LayerRows(scenario.state))
      return (0..<rows.count).map { position in
        rows.row(at: position).flatMap { rows.records?.value(.gradientNorm, row: $0) }
      }
    }
    let falling = try norms()
    let numbers = falling.compactMap { $0 }
    #expect(numbers == numbers.sorted(by: >) && numbers.count > 5)
    #expect(falling.dropFirst(numbers.count).allSatisfy { $0 == nil })
    // The first of them is selected.
    #expect(LayerRows(scenario.state)?.position(of: scenario.state.layerRow) == 0)
    scenario.press(.character("r"))
    let rising = try norms()
    #expect(rising.compactMap { $0 } == numbers.reversed())
    #expect(rising.last! == nil)
    while scenario.state.layerView.sort != nil { scenario.press(.character("s")) }
    #expect(LayerRows(scenario.state)?.row(at: 5) == 5)
  }

  @Test func kindsSortByTheAlphabet() throws {
    var scenario = scenario()
    scenario.press(.character("v"), .character("s"), .character("r"))
    let rows = try #require(LayerRows(scenario.state))
    let kinds = (0..<rows.count).compactMap { rows.row(at: $0) }.map { rows.plan.layers[$0].kind }
    #expect(rows.sort == .kind && kinds == kinds.sorted())
  }

  @Test func filters() throws {
    var scenario = scenario()
    scenario.press(.character("/"))
    scenario.type("layer2 conv2d")
    let rows = try #require(LayerRows(scenario.state))
    #expect(rows.count == 5)
    // The row that keys speak of is among them.
    #expect(
      rows.position(of: scenario.state.layerRow) == 0 && rows.contains(scenario.state.layerRow))
    scenario.press(.enter, .end)
    #expect(rows.position(of: scenario.state.layerRow) == 4)
    #expect(scenario.screen.contains("layer2.0.downsample.0"))
    scenario.press(.character("/"))
    scenario.type("zz")
    #expect(scenario.screen.contains("No layer has that"))
    scenario.press(.escape)
    #expect(LayerRows(scenario.state)?.count == scenario.state.shownPlan?.layers.count)
  }

  /// GFLOP/s: two operations a multiply-accumulate, in three passes but for the first layer.
  @Test func speedCountsPasses() throws {
    let scenario = scenario()
    let rows = try #require(LayerRows(scenario.state))
    let records = try #require(rows.records)
    for row in [0, 3] {
      let layer = rows.plan.layers[row]
      let milliseconds = 0.05 + Double(layer.macs) / 2e6
      let passes = row == 0 ? 2.0 : 3.0
      let expected = 2 * Double(layer.macs) * 64 * passes / (milliseconds * 1e6)
      #expect(abs(try #require(records.value(.speed, row: row)) / expected - 1) < 1e-5)
    }
    let shares = rows.plan.layers.indices.compactMap { records.value(.timeShare, row: $0) }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-6)
  }

  /// A run whose log has no records shows its costs, and says why there is no more.
  @Test func oldLogsHaveCosts() {
    var scenario = Scenario()
    scenario.listRuns()
    scenario.press(.character("3"), .character("2"), .character("v"))
    #expect(scenario.screen.contains("MACs"))
    #expect(scenario.screen.contains("this log has no record of layers"))
  }
}
