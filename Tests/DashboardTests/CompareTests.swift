import Cells
import Experiments
import TestSupport
import Testing

@testable import Dashboard

/// Runs side by side: their curves, what differs, and what their accuracy costs.
@Suite struct CompareTests {
  private func scenario() -> Scenario {
    var scenario = Scenario(width: 120, height: 40)
    scenario.listRuns()
    scenario.press(.character("6"), .home, .character(" "), .down, .character(" "))
    scenario.press(.character("c"))
    return scenario
  }

  @Test func curvesStandAboveDifferences() {
    var scenario = scenario()
    expectSnapshot(scenario.screen, named: "compare-curves")
    // Small screens have the table alone.
    scenario.send(.input(.resize(Size(width: 80, height: 24))))
    #expect(scenario.screen.contains("stages[0].channels"))
  }

  @Test func scattersByEachCost() {
    var scenario = scenario()
    scenario.press(.character("v"))
    expectSnapshot(scenario.screen, named: "compare-scatter")
    for label in ["MACs", "seconds"] {
      scenario.press(.character("v"))
      #expect(scenario.screen.contains("best accuracy against \(label)"))
    }
    scenario.press(.character("v"))
    #expect(scenario.screen.contains("settings"))
    scenario.press(.escape)
    #expect(scenario.state.overlay == nil)
  }

  /// Those that no other beats in cost and accuracy; of equals the first.
  @Test func theFrontIsParetos() {
    func item(_ index: Int, _ cost: Double, _ accuracy: Double) -> RunScatter.Item {
      RunScatter.Item(index: index, cost: cost, accuracy: accuracy)
    }
    let items = [
      item(0, 1, 0.5), item(1, 2, 0.4), item(2, 2, 0.4), item(3, 3, 0.9), item(4, 4, 0.9),
      item(5, 9, 0.95),
    ]
    #expect(RunScatter.front(items).map(\.index) == [0, 3, 5])
    #expect(RunScatter.front([]).isEmpty)
    for item in items {
      let isBeaten = items.contains {
        $0.cost <= item.cost && $0.accuracy >= item.accuracy
          && ($0.cost, $0.accuracy) != (item.cost, item.accuracy)
      }
      #expect(RunScatter.front(items).contains(item) != isBeaten || item.index == 2)
    }
  }
}
