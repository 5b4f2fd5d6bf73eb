import Cells
import TestSupport
import Testing

@testable import Dashboard

@Suite struct LayoutTests {
  /// The arrangement as a drawing: each cell shows the number of its pane.
  private func drawing(_ layout: ScreenLayout, _ size: Size) -> String {
    (0..<size.height).map { y in
      String(
        (0..<size.width).map { x in
          let point = Point(x: x, y: y)
          if layout.header.contains(point) { return "h" }
          if layout.footer.contains(point) { return "f" }
          return layout.pane(at: point).map { Character("\($0.0.rawValue)") } ?? " "
        })
    }.joined(separator: "\n") + "\n"
  }

  private func layout(
    _ size: Size, isZoomed: Bool = false, isWatching: Bool = false
  ) -> ScreenLayout {
    ScreenLayout(size: size, focus: .loss, isZoomed: isZoomed, isWatching: isWatching)
  }

  @Test func arrangements() {
    let text = [false, true].flatMap { isWatching in
      [(80, 24), (120, 40), (160, 50)].map { width, height in
        let size = Size(width: width, height: height)
        return (isWatching ? "watching " : "") + "\(width)x\(height)\n"
          + drawing(layout(size, isWatching: isWatching), size)
      }
    }.joined()
    expectSnapshot(text, named: "layout")
  }

  /// At every size each cell of the body belongs to exactly one pane.
  @Test func panesCoverTheScreen() {
    for width in stride(from: 80, through: 260, by: 7) {
      for height in stride(from: 24, through: 90, by: 5) {
        for (isZoomed, isWatching) in [(false, false), (true, false), (false, true)] {
          let size = Size(width: width, height: height)
          let layout = layout(size, isZoomed: isZoomed, isWatching: isWatching)
          let rects = Array(layout.panes.values) + [layout.header, layout.footer]
          #expect(rects.reduce(0) { $0 + $1.width * $1.height } == width * height)
          for (index, a) in rects.enumerated() {
            #expect(Rect(size: size).intersection(a) == a)
            #expect(rects[(index + 1)...].allSatisfy { a.intersection($0).isEmpty })
          }
        }
      }
    }
  }

  /// Wherever the focus goes, its pane is on the screen, and so is the loss.
  @Test func theFocusIsVisible() {
    for (width, height) in [(80, 24), (120, 40), (160, 50)] {
      var scenario = Scenario(width: width, height: height)
      for _ in 0..<8 {
        scenario.press(.tab)
        let layout = ScreenLayout(scenario.state)
        #expect(layout.panes[scenario.state.focus] != nil && layout.panes[.loss] != nil)
      }
    }
  }
}
