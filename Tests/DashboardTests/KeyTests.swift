import Cells
import Experiments
import Foundation
import TestSupport
import Testing

@testable import Dashboard

@Suite struct KeyTests {
  /// No key has two meanings in one context, and none is hidden by a narrower one by accident.
  @Test func noKeyIsBoundTwice() {
    for context in KeyContext.allCases {
      let keys = KeyBinding.all.filter { $0.context == context }.flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(context)")
    }
    let global = KeyBinding.all.filter { $0.context == .anywhere || $0.context == .always }
    let narrow = KeyBinding.all.filter {
      [.composer, .list, .runs, .charts].contains($0.context)
    }
    let hidden = Set(global.flatMap(\.keys)).intersection(narrow.flatMap(\.keys))
    #expect(hidden.isEmpty, "\(hidden)")
  }

  /// Everything the help lists is bound, and everything bound is in the help or in a dialog.
  @Test func helpIsWhole() {
    for context in KeyContext.allCases where context != .dialog {
      let bound = KeyBinding.all.filter { $0.context == context }
      let lines = HelpOverlay.bindings(of: context)
      let panes = bound.filter { if case .focus = $0.action { true } else { false } }
      #expect(lines.count == bound.count - max(0, panes.count - 1))
    }
  }

  /// Nobody is offered what a dashboard of theirs refuses.
  @Test func helpIsForItsRole() {
    #expect(HelpOverlay.bindings(of: .composer, .watching).isEmpty)
    for role in [State.Role.watching, .replay] {
      let labels = KeyContext.allCases.flatMap { HelpOverlay.bindings(of: $0, role).map(\.label) }
      #expect(!labels.contains("train") && !labels.contains("delete the run"))
      #expect(labels.contains("smoothing") && labels.contains("compare"))
    }
  }

  /// The way back from one pane to all is the first hint.
  @Test func aZoomedPaneHasAWayBack() {
    var scenario = Scenario(width: 80, height: 24)
    #expect(scenario.state.hints.first?.label != "all panes")
    scenario.press(.character("+"))
    #expect(scenario.state.hints.first == KeyBar.Hint(key: "_", label: "all panes"))
    scenario.press(.character("?"))
    #expect(!scenario.state.hints.contains { $0.key == "_" })
  }

  /// The README's key table is the bindings'.
  @Test func theReadmeListsTheKeys() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let rows = KeyContext.allCases.map { context in
      let keys = HelpOverlay.bindings(of: context).map { "`\($0.keys)` \($0.label)" }
      return "| \(context.title) | \(keys.joined(separator: " · ")) |\n"
    }
    let table = "| where | keys |\n|---|---|\n" + rows.joined()
    #expect(readme.contains(table), "README.md should have this table:\n\(table)")
  }

  /// The footer names only keys that do something now.
  @Test func hintsWork() {
    var scenario = Scenario()
    #expect(!scenario.state.hints.contains { $0.label == "stop" })
    scenario.listRuns()
    let filtered = [Pane.layers, .runs, .scalars].map { ($0, "/zzz") }
    for (pane, filter) in Pane.allCases.map({ ($0, "") }) + filtered {
      var there = scenario
      there.type("\(pane.rawValue)\(filter)")
      if !filter.isEmpty { there.press(.enter) }
      // Not on the run that is shown.
      if pane == .runs { there.press(.end) }
      for hint in there.state.hints where hint.key != "arrows" {
        guard
          let binding = KeyBinding.all.first(where: {
            $0.keys[0].name == hint.key && $0.label == hint.label
          })
        else {
          Issue.record("no binding for \(hint.key)")
          continue
        }
        var after = there
        after.press(binding.keys[0])
        #expect(
          after.screen != there.screen || after.effects.count > there.effects.count,
          "\(hint.key) in \(pane)\(filter)")
      }
    }
    scenario.press(.character("1"), .character(":"))
    #expect(!scenario.state.hints.contains { $0.key == "arrows" })
  }

  /// Ctrl-C quits from anywhere: from a dialog, while typing, in the help.
  @Test func controlCAlwaysQuits() {
    for prepare: (inout Scenario) -> Void in [
      { _ in }, { $0.press(.enter) }, { $0.press(.character("?")) },
      {
        $0.listRuns()
        $0.press(.character("x"))
      },
      { $0.send(.input(.resize(Size(width: 10, height: 3)))) },
    ] {
      var scenario = Scenario()
      prepare(&scenario)
      scenario.press(.control("c"))
      #expect(scenario.effects.last == .quit)
    }
  }

  /// Random keys, clicks and sizes: nothing crashes, every frame has its size, and what cannot be
  /// trained is never started.
  @Test(arguments: 0..<25)
  func survivesAnything(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    var scenario = Scenario(width: 100, height: 30)
    let keys: [Key] =
      "tx?q+_123456zZySehjkl07 x".map { .character($0) }
      + [
        .enter, .escape, .tab, .backTab, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
        .backspace, .control("z"), .control("l"), .function(5),
      ]
    for _ in 0..<400 {
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        scenario.send(
          .input(
            .resize(
              Size(
                width: Int.random(in: 1...200, using: &random),
                height: Int.random(in: 1...60, using: &random)))))
      case 1, 2:
        let actions: [MouseEvent.Action] = [.press, .release, .wheelUp, .wheelDown]
        scenario.send(
          .input(
            .mouse(
              MouseEvent(
                action: actions.randomElement(using: &random)!,
                position: Point(
                  x: Int.random(in: 0..<200, using: &random),
                  y: Int.random(in: 0..<60, using: &random))))))
      case 3: scenario.listRuns(steps: Int.random(in: 1...900, using: &random))
      case 4: scenario.send(.runs([]))
      default: scenario.press(keys.randomElement(using: &random)!)
      }
      #expect(view(scenario.state).size == scenario.state.size)
    }
    for case .start(let experiment, _) in scenario.effects { #expect(experiment.problems.isEmpty) }
  }
}
