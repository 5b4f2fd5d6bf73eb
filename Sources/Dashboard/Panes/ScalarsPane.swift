import Cells
import EventLog

/// What of the scalars pane is shown.
struct ScalarsView: Sendable, Equatable {
  /// Index of a chart among those that are shown.
  private(set) var selected = 0
  /// Its tag, once it has been chosen: more charts may come before it.
  private var tag: String?
  /// The tag whose chart has the pane for itself.
  var opened: String?

  mutating func select(_ index: Int, of tags: [String]) {
    guard !tags.isEmpty else { return selectFirst() }
    selected = index.clamped(to: 0...tags.count - 1)
    tag = tags[selected]
  }

  mutating func selectFirst() { (selected, tag) = (0, nil) }

  /// Keeps to the chart that was chosen; where it is gone, to its place.
  mutating func settle(_ tags: [String]) {
    guard let tag, let index = tags.firstIndex(of: tag) else {
      tag = nil
      selected = max(0, min(selected, tags.count - 1))
      return
    }
    selected = index
  }
}

/// A small chart for every tag of the runs that are shown, or a large one of one tag.
struct ScalarsPane {
  private let state: State

  init(_ state: State) { self.state = state }

  /// Least room for a small chart, with its title.
  private static let leastSize = Size(width: 36, height: 9)
  /// A small chart is no higher, however few there are.
  private static let mostHeight = 18

  /// The tags with charts, in their order.
  var tags: [String] {
    var known: Set<String> = []
    var tags = state.runs.charted.flatMap(\.history.tags).filter { known.insert($0).inserted }
    if let filter = state.filters[.scalars] {
      let words = filter.lowercased().split(separator: " ")
      tags.removeAll { tag in !words.allSatisfy { tag.lowercased().contains($0) } }
    }
    return tags.enumerated().sorted { a, b in
      let (first, second) = (TagOrder(a.element), TagOrder(b.element))
      return (first.rank, first.group, a.offset) < (second.rank, second.group, b.offset)
    }.map(\.element)
  }

  /// Charts across and rows of charts.
  private func grid(in size: Size) -> (columns: Int, rows: Int) {
    let columns = max(1, size.width / Self.leastSize.width)
    let most = max(1, size.height / Self.leastSize.height)
    // A few have the room to themselves.
    return (columns, max(1, min(most, (tags.count + columns - 1) / columns)))
  }

  /// The first row of charts that is shown in a pane whose inside has `size`.
  func firstRow(in size: Size) -> Int {
    let grid = grid(in: size)
    let selected = state.scalars.selected / grid.columns
    let last = max(0, (tags.count + grid.columns - 1) / grid.columns - grid.rows)
    let first = min(state.scroll[.scalars] ?? 0, last)
    return min(max(first, selected - grid.rows + 1), selected)
  }

  /// The chart at a position of the pane's inside, and the rectangle that it is drawn in.
  func chart(at point: Point, in size: Size) -> (index: Int, rect: Rect)? {
    if state.scalars.opened != nil {
      return (state.scalars.selected, Rect(size: size))
    }
    return places(in: size).first { $0.rect.contains(point) }
  }

  private func places(in size: Size) -> [(index: Int, rect: Rect)] {
    let grid = grid(in: size)
    let width = size.width / grid.columns
    let height = min(size.height / grid.rows, Self.mostHeight)
    let first = firstRow(in: size) * grid.columns
    let shown = first..<min(tags.count, first + grid.columns * grid.rows)
    return shown.map { index in
      let (row, column) = ((index - first) / grid.columns, (index - first) % grid.columns)
      return (index, Rect(x: column * width, y: row * height, width: width - 1, height: height))
    }
  }

  func draw(on canvas: Canvas) {
    let tags = tags
    let opened = state.scalars.opened
    let drawing = opened.map {
      scalarChart(of: $0).drawing(width: canvas.width - 4, appearance: canvas.appearance)
    }
    let filter = state.filters[.scalars].map { [Span("/\($0)", style: canvas.theme.warning)] } ?? []
    let inner = state.panel(
      .scalars, title: opened,
      trailing: drawing?.notes.map { Span($0) }
        ?? (filter + (tags.isEmpty ? [] : [Span("\(tags.count) tags")]))
    ).draw(on: canvas)
    if let drawing {
      return drawing.chart.draw(
        on: inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height)))
    }
    guard !tags.isEmpty else {
      let text =
        filter.isEmpty
        ? "Every scalar of a run's log appears here.\n" + state.invitation
        : "No tag has that in its name."
      return TextBlock(text, style: canvas.theme.muted, alignment: .center).draw(
        on: inner.region(
          Rect(x: 0, y: inner.height / 2 - 1, width: inner.width, height: inner.height)))
    }
    for (index, rect) in places(in: inner.size) {
      draw(tags[index], isSelected: index == state.scalars.selected, on: inner.region(rect))
    }
  }

  private func draw(_ tag: String, isSelected: Bool, on canvas: Canvas) {
    let theme = canvas.theme
    let style =
      isSelected
      ? (state.focus == .scalars ? theme.selection : theme.selectionUnfocused) : theme.header
    canvas.write(" \(tag) ", style: style, width: canvas.width)
    let body = canvas.region(
      Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1))
    scalarChart(of: tag).drawing(width: body.width, appearance: canvas.appearance).chart
      .draw(on: body)
  }

  /// The chart that keys speak of.
  var selectedChart: ScalarChart {
    let tags = tags
    let tag =
      state.scalars.opened
      ?? (tags.indices.contains(state.scalars.selected) ? tags[state.scalars.selected] : nil)
    return scalarChart(of: tag ?? "")
  }

  private func scalarChart(of tag: String) -> ScalarChart {
    let theme = state.appearance.theme
    let meaning = TagMeaning(tag)
    let curve = ScalarChart.Curve(
      tag: tag, style: tag.hasSuffix("/val") ? theme.validation : theme.train,
      name: tag.split(separator: "/").last.map(String.init))
    var chart = ScalarChart(
      curves: [curve], runs: state.chartRuns, options: state.charts, isLogarithmic: false,
      isPercent: meaning.isFraction, goal: meaning.goal, emptyText: "no \(tag) in this log")
    chart.isLogarithmic =
      state.charts.isLogarithmic.map { $0 && chart.canBeLogarithmic }
      ?? (meaning.isLoss && chart.suitsLogarithm)
    return chart
  }
}

/// Where a tag stands among others: what is watched first comes first, and what belongs together
/// stands together, as TensorBoard groups tags by what is before the slash.
private struct TagOrder {
  let rank: Int
  let group: String

  init(_ tag: String) {
    group = tag.contains("/") ? String(tag.prefix { $0 != "/" }) : ""
    rank =
      switch group {
      case "loss": 0
      case "accuracy": 1
      case "layers": 4
      case "": 2
      default: 3
      }
  }
}

/// What a tag's words say of its values.
struct TagMeaning {
  let isLoss: Bool
  let goal: ScalarChart.Goal?
  /// The values are fractions of 1.
  let isFraction: Bool

  init(_ tag: String) {
    let name = tag.lowercased()
    isLoss = name.contains("loss")
    let isAccuracy = ["accuracy", "/acc", "_acc", "auc", "f1", "precision", "recall"]
      .contains { name.contains($0) }
    goal = isLoss || name.contains("error") ? .least : isAccuracy ? .greatest : nil
    // Our own; others may log percentages.
    isFraction = name.hasPrefix("accuracy/")
  }
}
