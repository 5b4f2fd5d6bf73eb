import Foundation
import TestSupport
import Testing

@testable import Cells

@Suite struct WidgetTests {
  /// A curve with a spike, a gap and a marked companion.
  private static let chart = LineChart(
    lines: [
      LineChart.Line(
        name: "train", style: Theme.dark.train,
        points: (1...60).map { LineChart.Point(x: Double($0), y: loss($0)) }),
      LineChart.Line(
        name: "val", style: Theme.dark.validation,
        points: [20, 40, 60].map { LineChart.Point(x: $0, y: 5 - $0 / 20) }, mark: .point),
    ], xLabel: "step", emptyText: "nothing yet", note: "min to max")

  private static func loss(_ step: Int) -> Double {
    switch step {
    case 40: 9
    case 50: .nan
    default: 4 * exp(-Double(step) / 20)
    }
  }

  private static var table: Table {
    Table(
      columns: [
        Table.Column("name", minimumWidth: 6, isFlexible: true), Table.Column("kind", dropOrder: 1),
        Table.Column("params", alignment: .trailing),
      ],
      rows: (1...9).map { Table.Row(["layer\($0).0.conv1", "conv2d", "\($0 * 36_864)"]) },
      footer: Table.Row(["total", "", "1,658,880"]), selected: 4, offset: 2, isFocused: true)
  }

  private static let widgets: [(name: String, draw: @Sendable (Canvas) -> Void)] = [
    ("chart", { chart.draw(on: $0) }),
    (
      "logarithmic chart",
      {
        var chart = chart
        chart.isLogarithmic = true
        chart.draw(on: $0)
      }
    ),
    (
      "empty chart",
      { LineChart(lines: [], xLabel: "step", emptyText: "nothing yet").draw(on: $0) }
    ),
    ("table", { table.draw(on: $0) }),
    ("gauge", { Gauge(fraction: 0.42).draw(on: $0) }),
    ("sparkline", { Sparkline((0..<30).map { Double($0 % 7) } + [.nan]).draw(on: $0) }),
    (
      "panel",
      {
        let inner = Panel("loss", number: 3, trailing: ["smooth 0.6"], isFocused: true)
          .draw(on: $0)
        TextBlock("Words that are wrapped at spaces, and kept within.").draw(on: inner)
      }
    ),
    (
      "form",
      { canvas in
        for (y, marker) in [FormRow.Marker.none, .selected, .editing].enumerated() {
          FormRow(
            "layer1 blocks", value: "2", marker: marker, isInvalid: y == 1, valueColumn: 18
          ).draw(on: canvas.region(Rect(x: 0, y: y, width: canvas.width, height: 1)))
        }
      }
    ),
    (
      "form row, wide text",
      {
        FormRow(
          "name", value: String(repeating: "名前", count: 40) + "終", marker: .editing,
          valueColumn: 8
        ).draw(on: $0)
      }
    ),
    (
      "key bar",
      {
        KeyBar([.init(key: "t", label: "train"), .init(key: "?", label: "help")]).draw(on: $0)
      }
    ),
    (
      "overlay",
      {
        $0.fill(glyph: ".")
        Overlay("keys", size: Size(width: 9, height: 2)).draw(on: $0).write("over")
      }
    ),
    ("too small", { TooSmall(needed: Size(width: 80, height: 24)).draw(on: $0) }),
  ]

  /// Every widget in one golden, in both glyph sets.
  @Test(arguments: [false, true])
  func looksAsBefore(isASCII: Bool) {
    let appearance = Appearance(glyphs: isASCII ? .ascii : .unicode)
    let text = Self.widgets.map { name, draw in
      let height = name.hasSuffix("chart") ? 12 : name == "table" ? 8 : 5
      let frame = Frame(size: Size(width: 48, height: height), appearance: appearance, draw: draw)
      return "== \(name) ==\n" + StyleRuns.encode(frame)
    }.joined()
    expectSnapshot(text, named: isASCII ? "widgets-ascii" : "widgets")
    #expect(!isASCII || text.utf8.allSatisfy { $0 < 0x80 })
  }

  /// No widget minds how little room it has.
  @Test func anySizeWillDo() {
    for width in Array(0...20) + [200] {
      for height in Array(0...8) + [60] {
        for isASCII in [false, true] {
          for (name, draw) in Self.widgets {
            let frame = Frame(
              size: Size(width: width, height: height),
              appearance: Appearance(glyphs: isASCII ? .ascii : .unicode), draw: draw)
            #expect(frame.cells.count == width * height, "\(name)")
          }
        }
      }
    }
  }

  /// What is drawn through a canvas stays within it.
  @Test func aCanvasClips() {
    let size = Size(width: 30, height: 12)
    let window = Rect(x: 7, y: 3, width: 15, height: 5)
    for (name, draw) in Self.widgets {
      let frame = Frame(size: size, appearance: Appearance()) { draw($0.region(window)) }
      let empty = Frame(size: size, appearance: Appearance()) { _ in }
      for y in 0..<size.height {
        for x in 0..<size.width where !window.contains(Point(x: x, y: y)) {
          #expect(frame[x, y] == empty[x, y], "\(name) at \(x), \(y)")
        }
      }
    }
  }

  /// The highest value is on the chart, however many points share its column.
  @Test func chartsShowEverySpike() {
    var points = (1...5000).map { LineChart.Point(x: Double($0), y: 1) }
    points[2345].y = 100
    points[2345].high = 100
    let chart = LineChart(
      lines: [LineChart.Line(name: nil, style: .plain, points: points)], xLabel: "step",
      yRange: 0...100, emptyText: "")
    let frame = Frame(size: Size(width: 40, height: 12), appearance: Appearance()) {
      chart.draw(on: $0)
    }
    let top = FrameText.encode(frame).split(separator: "\n", omittingEmptySubsequences: false)[1]
    #expect(top.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
  }

  /// Names that differ at their ends still do where they are cut.
  @Test func cutNamesKeepTheirEnds() {
    var column = Table.Column("run", minimumWidth: 9, isFlexible: true)
    column.keepsEnds = true
    let table = Table(
      columns: [column],
      rows: ["inception_seed-1", "inception_seed-2", "näive_seed-12345"].map {
        Table.Row([$0])
      })
    func lines(_ width: Int) -> [Substring] {
      let frame = Frame(size: Size(width: width, height: 4), appearance: Appearance()) {
        table.draw(on: $0)
      }
      return FrameText.encode(frame).split(separator: "\n")
    }
    #expect(lines(13).dropFirst() == ["incept…seed-1", "incept…seed-2", "näive_seed-1…"])
    #expect(lines(16).dropFirst() == ["inception_seed-1", "inception_seed-2", "näive_seed-12345"])
  }

  /// A value that is out of all proportion is at the edge.
  @Test(arguments: [1e38, -1e38, 1e300, .infinity, -.infinity, .nan])
  func extremesAreAtTheEdge(value: Double) {
    var points = (0..<100).map { LineChart.Point(x: Double($0), y: 1e-20 * Double($0)) }
    points[50] = LineChart.Point(x: 50, y: value)
    for isPercent in [false, true] {
      let chart = LineChart(
        lines: [LineChart.Line(name: "a", style: .plain, points: points)], xLabel: "step",
        leavesOutOutliers: true, isPercent: isPercent, emptyText: "")
      let frame = Frame(size: Size(width: 60, height: 12), appearance: Appearance()) {
        chart.draw(on: $0)
      }
      #expect(
        FrameText.encode(frame).contains(
          !value.isFinite ? "×" : value > 0 ? "↑" : "↓"))
    }
  }

  /// Curves that coincide take turns, and what lies behind them is not seen through them.
  @Test func coincidingCurvesAreAllSeen() {
    let theme = Theme.dark
    func line(_ style: Style, depth: Int = 0) -> LineChart.Line {
      LineChart.Line(
        name: nil, style: style, points: (0...80).map { LineChart.Point(x: Double($0), y: 1) },
        depth: depth)
    }
    let chart = LineChart(
      lines: [
        line(theme.series(0)), line(theme.series(1)), line(theme.series(2)),
        line(theme.series(3), depth: 1),
      ], xLabel: "step", emptyText: "")
    let frame = Frame(size: Size(width: 60, height: 12), appearance: Appearance()) {
      chart.draw(on: $0)
    }
    var columns: [Style: Int] = [:]
    for y in 0..<12 {
      for x in 0..<60 {
        let scalar = frame[x, y].glyph?.unicodeScalars.first?.value ?? 0
        if (0x2801...0x28FF).contains(scalar) { columns[frame[x, y].style, default: 0] += 1 }
      }
    }
    let seen = (0..<3).map { columns[theme.series($0)] ?? 0 }
    #expect(columns.count == 3 && seen.allSatisfy { $0 > 10 }, "\(columns)")
  }

  /// All names have a place while there is room for lines of them; then their number is said.
  @Test(arguments: [(20, 6, true), (20, 40, false), (8, 6, false)])
  func legendsTakeLines(height: Int, count: Int, isWhole: Bool) {
    let chart = LineChart(
      lines: (0..<count).map {
        LineChart.Line(
          name: "experiment-\($0)", style: .plain, points: [LineChart.Point(x: 1, y: Double($0))])
      }, xLabel: "step", emptyText: "")
    let frame = Frame(size: Size(width: 50, height: height), appearance: Appearance()) {
      chart.draw(on: $0)
    }
    let lines = FrameText.encode(frame)
    let named = (0..<count).count {
      lines.contains("experiment-\($0) ") || lines.contains("experiment-\($0)\n")
    }
    #expect(
      (named == count) == isWhole && lines.contains("+\(count - named)") == !isWhole, "\(lines)")
  }

  /// A label is there whole or not at all, the first before the others, and no point is written over.
  @Test func labelsKeepApart() {
    let places = (0..<30).map { (index: Int) -> LineChart.Point in
      LineChart.Point(x: Double(index % 6) / 40 + 1, y: Double(index / 6) / 9)
    }
    var chart = LineChart(
      lines: [
        LineChart.Line(
          name: nil, style: .plain, points: places, mark: .point)
      ], xLabel: "x", emptyText: "")
    chart.lines.append(
      LineChart.Line(name: nil, style: .plain, points: [0, 2].map { LineChart.Point(x: $0, y: 0) }))
    chart.labels = places.enumerated().map { index, place in
      LineChart.Label(x: place.x, y: place.y, text: "<\(index + 10)>", style: .plain)
    }
    let text = FrameText.encode(
      Frame(size: Size(width: 80, height: 12), appearance: Appearance()) { chart.draw(on: $0) })
    #expect(text.contains("<10>"), "\(text)")
    let whole = (10..<40).count { text.contains("<\($0)>") }
    #expect(whole == text.count { $0 == "<" } && whole == text.count { $0 == ">" }, "\(text)")
    #expect(whole > 3 && whole < 30, "\(text)")
    #expect(text.count { $0 == Appearance().glyphs.point } > 20, "\(text)")
  }

  /// A legend has every name before any value, and says how many it leaves out. Only a tall chart gives a
  /// line to values.
  @Test func legendsNameEveryLine() {
    func legend(width: Int, height: Int = 5, line: Int = 0) -> String {
      let chart = LineChart(
        lines: ["alpha", "beta", "gamma"].map {
          LineChart.Line(
            name: $0, style: .plain, points: [LineChart.Point(x: 1, y: 1)], latest: "12.5")
        }, xLabel: "x", emptyText: "")
      let frame = Frame(size: Size(width: width, height: height), appearance: Appearance()) {
        chart.draw(on: $0)
      }
      let lines = FrameText.encode(frame).split(separator: "\n", omittingEmptySubsequences: false)
      let text = lines[line]
      return text.filter(\.isASCII).split(separator: " ").joined(separator: " ")
    }
    #expect(legend(width: 60) == "alpha 12.5 beta 12.5 gamma 12.5")
    #expect(legend(width: 35) == "alpha 12.5 beta 12.5 gamma")
    #expect(legend(width: 35, height: 23) == "alpha 12.5 beta 12.5 gamma")
    #expect(legend(width: 35, height: 24) == "alpha 12.5 beta 12.5")
    #expect(legend(width: 35, height: 24, line: 1) == "gamma 12.5")
    #expect(legend(width: 24) == "alpha beta gamma")
    #expect(legend(width: 17) == "alpha +2")
  }

  /// Help is there in the narrowest footer.
  @Test func keptHintsStay() {
    let bar = KeyBar([
      .init(key: "a", label: "first"), .init(key: "b", label: "second"),
      .init(key: "?", label: "help", isKept: true), .init(key: "c", label: "third"),
    ])
    func text(width: Int) -> String {
      FrameText.encode(
        Frame(size: Size(width: width, height: 1), appearance: Appearance()) { bar.draw(on: $0) })
    }
    #expect(text(width: 80) == " a first  b second  ? help  c third\n")
    #expect(text(width: 18) == " a first  ? help\n")
    #expect(text(width: 8) == " ? help\n")
  }

  /// A word that has no room is broken, after a slash where one stands, and none of it is lost.
  @Test func longWordsAreBroken() {
    let block = TextBlock("see /srv/data/images/train 層層層層層層 end")
    #expect(block.lines(width: 10) == ["see", "/srv/data/", "images/", "train", "層層層層層", "層 end"])
    #expect(block.lines(width: 80).count == 1 && block.lines(width: 1).count > 20)
  }
}
