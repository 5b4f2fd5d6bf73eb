/// Rows and columns under a header that stays, with a footer that stays.
///
/// Where the width does not suffice the widest flexible column shrinks to its least width; after that
/// whole columns go, those of the highest `dropOrder` first.
public struct Table {
  public struct Column: Sendable {
    public var title: String
    /// nil for that of all titles.
    public var titleStyle: Style?
    public var alignment: Alignment
    /// Least width; the widest cell decides the rest.
    public var minimumWidth: Int
    /// Width of the widest cell, where it is known without looking at every row.
    public var contentWidth: Int?
    /// May be cut to its least width.
    public var isFlexible: Bool
    /// Where it is cut, its cells keep their ends too: they differ there.
    public var keepsEnds = false
    /// 0 is never dropped.
    public var dropOrder: Int

    public init(
      _ title: String, titleStyle: Style? = nil, alignment: Alignment = .leading,
      minimumWidth: Int = 1, contentWidth: Int? = nil, isFlexible: Bool = false, dropOrder: Int = 0
    ) {
      self.title = title
      self.titleStyle = titleStyle
      self.alignment = alignment
      self.minimumWidth = minimumWidth
      self.contentWidth = contentWidth
      self.isFlexible = isFlexible
      self.dropOrder = dropOrder
    }
  }

  public struct Row: Sendable {
    public var cells: [Span]
    /// Of cells that have none of their own.
    public var style: Style?

    public init(_ cells: [Span], style: Style? = nil) {
      self.cells = cells
      self.style = style
    }

    public init(_ cells: [String], style: Style? = nil) {
      self.init(cells.map { Span($0) }, style: style)
    }
  }

  public var columns: [Column]
  public let rowCount: Int
  private let row: (Int) -> Row
  public var footer: Row?
  public var selected: Int?
  /// First row that is shown.
  public var offset: Int
  public var isFocused: Bool
  /// The flexible column takes what the others leave.
  public var fillsWidth = true
  /// Said where there is no row.
  public var emptyText: String

  public init(
    columns: [Column], rows: [Row], footer: Row? = nil, selected: Int? = nil, offset: Int = 0,
    isFocused: Bool = false, emptyText: String = ""
  ) {
    self.init(
      columns: columns, rowCount: rows.count, footer: footer, selected: selected, offset: offset,
      isFocused: isFocused, emptyText: emptyText
    ) { rows[$0] }
  }

  /// A long table: only the rows on the screen are made, if every column knows its `contentWidth`.
  public init(
    columns: [Column], rowCount: Int, footer: Row? = nil, selected: Int? = nil, offset: Int = 0,
    isFocused: Bool = false, emptyText: String = "", row: @escaping (Int) -> Row
  ) {
    self.columns = columns
    self.rowCount = rowCount
    self.row = row
    self.footer = footer
    self.selected = selected
    self.offset = offset
    self.isFocused = isFocused
    self.emptyText = emptyText
  }

  /// Rows that a table of this height shows at once.
  public static func visibleRows(height: Int, hasFooter: Bool) -> Int {
    max(0, height - 1 - (hasFooter ? 1 : 0))
  }

  /// The offset nearest to `offset` at which row `selected` of `count` is visible.
  public static func offset(
    _ offset: Int, showing selected: Int, of count: Int, visible: Int
  ) -> Int {
    var offset = min(offset, selected)
    if selected >= offset + visible { offset = selected - visible + 1 }
    return max(0, min(offset, max(0, count - visible)))
  }

  private static let spacing = 2

  public func draw(on canvas: Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    let visible = Self.visibleRows(height: canvas.height, hasFooter: footer != nil)
    let scrolls = rowCount > visible && canvas.width > 4
    let content = canvas.region(
      Rect(x: 0, y: 0, width: canvas.width - (scrolls ? 1 : 0), height: canvas.height))
    let layout = layout(width: content.width, on: canvas)
    draw(
      Row(columns.map { Span($0.title, style: $0.titleStyle) }, style: canvas.theme.header), layout,
      at: 0, on: content)
    if rowCount == 0 {
      TextBlock(emptyText, style: canvas.theme.muted).draw(
        on: canvas.region(Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1)))
    }
    let first = max(0, min(offset, max(0, rowCount - visible)))
    for (line, index) in (first..<min(rowCount, first + visible)).enumerated() {
      draw(row(index), layout, at: line + 1, on: content)
      guard index == selected else { continue }
      let style = isFocused ? canvas.theme.selection : canvas.theme.selectionUnfocused
      content.restyle(Rect(x: 0, y: line + 1, width: content.width, height: 1)) { $0 = style }
    }
    if let footer {
      var row = footer
      row.style = row.style ?? canvas.theme.emphasis
      draw(row, layout, at: canvas.height - 1, on: content)
    }
    if scrolls { drawScrollbar(on: canvas, first: first, visible: visible) }
  }

  private func draw(
    _ row: Row, _ layout: [(column: Int, x: Int, width: Int)], at y: Int, on canvas: Canvas
  ) {
    for (column, x, width) in layout where column < row.cells.count {
      let cell = row.cells[column]
      let text =
        columns[column].keepsEnds
        ? canvas.cutInTheMiddle(cell.text, width: width) : cell.text
      canvas.write(
        text, x: x, y: y, style: cell.style ?? row.style, width: width,
        alignment: columns[column].alignment)
    }
  }

  private func drawScrollbar(on canvas: Canvas, first: Int, visible: Int) {
    let x = canvas.width - 1
    guard visible > 0 else { return }
    let length = max(1, visible * visible / rowCount)
    let start = (visible - length) * first / max(1, rowCount - visible)
    for y in 0..<visible {
      let isThumb = y >= start && y < start + length
      canvas.put(
        isThumb ? canvas.glyphs.scrollThumb : canvas.glyphs.scrollTrack, x: x, y: y + 1,
        style: isThumb ? canvas.theme.muted : canvas.theme.grid)
    }
  }

  /// The columns that are shown, with their places.
  private func layout(width: Int, on canvas: Canvas) -> [(column: Int, x: Int, width: Int)] {
    var widths = columns.map {
      max($0.minimumWidth, $0.contentWidth ?? 0, canvas.columns(of: $0.title))
    }
    func measure(_ row: Row, _ measured: (Int) -> Bool) {
      for (column, cell) in row.cells.enumerated().prefix(columns.count) where measured(column) {
        widths[column] = max(widths[column], canvas.columns(of: cell.text))
      }
    }
    if let footer { measure(footer) { _ in true } }
    if columns.contains(where: { $0.contentWidth == nil }) {
      for index in 0..<rowCount { measure(row(index)) { columns[$0].contentWidth == nil } }
    }
    for index in columns.indices where columns[index].isFlexible {
      widths[index] = min(widths[index], max(columns[index].minimumWidth, width))
    }
    let natural = widths
    var shown = Array(columns.indices)
    func total() -> Int {
      shown.reduce(0) { $0 + widths[$1] } + Self.spacing * max(0, shown.count - 1)
    }
    while total() > width {
      if let flexible = shown.filter({
        columns[$0].isFlexible && widths[$0] > columns[$0].minimumWidth
      }).max(by: { widths[$0] < widths[$1] }) {
        widths[flexible] -= 1
      } else if let dropped = shown.filter({ columns[$0].dropOrder > 0 })
        .max(by: { columns[$0].dropOrder < columns[$1].dropOrder })
      {
        shown.removeAll { $0 == dropped }
      } else {
        break
      }
    }
    // What a dropped column leaves goes to those that were cut.
    for column in shown where columns[column].isFlexible {
      widths[column] += min(natural[column] - widths[column], max(0, width - total()))
    }
    // The rest goes to the flexible column, so that numbers stand at the right edge.
    if fillsWidth, let flexible = shown.first(where: { columns[$0].isFlexible }), total() < width {
      widths[flexible] += width - total()
    }
    var x = 0
    return shown.map { column in
      defer { x += widths[column] + Self.spacing }
      return (column, x, widths[column])
    }
  }
}
