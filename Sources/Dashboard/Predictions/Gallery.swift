import Cells
import Pictures

/// Pictures side by side with a caption under each, in the largest size at which some of them have room
/// together.
struct Gallery {
  struct Item {
    /// nil where the log's image cannot be decoded.
    var picture: Picture?
    var title: [Span]
    /// At the right end of the title's line.
    var value: String
    var note: Span?
  }

  let items: [Item]

  private static let sides = [64, 56, 42, 28, 20, 14, 10, 6]
  private static let wanted = 8
  private static let leastClearSide = 14
  private static let leastWidth = 16
  private static let captionHeight = 2

  /// How tiles are laid out.
  struct Grid: Equatable {
    /// Pixels of the longer side of a square picture, of those that are tried.
    var side: Int
    var columns, rows: Int
    /// Of a tile, without the blanks between.
    var tile: Size
    /// Cells of the picture, of the height and the width of a tile.
    var picture: Size
  }

  /// The layout for some room; nil where not one tile fits.
  func grid(in size: Size) -> Grid? {
    let grids = Self.sides.compactMap { side -> Grid? in
      // No larger than the largest of the pictures.
      let room = Size(width: side, height: side / 2)
      let fitted = items.compactMap { $0.picture.map { PictureView.size(of: $0, in: room) } }
      let picture = Size(
        width: fitted.map(\.width).max() ?? side, height: fitted.map(\.height).max() ?? side / 2)
      let tile = Size(
        width: max(picture.width, Self.leastWidth), height: picture.height + Self.captionHeight)
      let (columns, rows) = ((size.width + 1) / (tile.width + 1), size.height / tile.height)
      guard columns > 0, rows > 0 else { return nil }
      return Grid(side: side, columns: columns, rows: rows, tile: tile, picture: picture)
    }
    let needed = min(Self.wanted, items.count)
    // Pictures of fewer pixels can hardly be told apart: only where there is no room for others.
    let clear = grids.filter { $0.side >= Self.leastClearSide }
    return clear.first { $0.columns * $0.rows >= needed }
      ?? (clear.isEmpty ? grids : clear).max { $0.columns * $0.rows < $1.columns * $1.rows }
  }

  /// Which items are shown, counted from 1.
  func shown(firstRow: Int, in size: Size) -> ClosedRange<Int>? {
    guard let grid = grid(in: size), !items.isEmpty else { return nil }
    let first = min(firstRow, lastRow(in: size)) * grid.columns
    return first + 1...min(items.count, first + grid.columns * grid.rows)
  }

  /// The last row of tiles that can be the first on the screen.
  func lastRow(in size: Size) -> Int {
    guard let grid = grid(in: size) else { return 0 }
    return max(0, (items.count + grid.columns - 1) / grid.columns - grid.rows)
  }

  func draw(firstRow: Int, on canvas: Canvas) {
    guard let grid = grid(in: canvas.size) else { return }
    let first = min(firstRow, lastRow(in: canvas.size)) * grid.columns
    for (place, item) in items.dropFirst(first).prefix(grid.columns * grid.rows).enumerated() {
      draw(
        item, grid,
        on: canvas.region(
          Rect(
            x: place % grid.columns * (grid.tile.width + 1),
            y: place / grid.columns * grid.tile.height, width: grid.tile.width,
            height: grid.tile.height)))
    }
  }

  private func draw(_ item: Item, _ grid: Grid, on canvas: Canvas) {
    if let picture = item.picture {
      let size = PictureView.size(of: picture, in: grid.picture)
      PictureView(picture).draw(on: canvas.region(Rect(size: size)))
    } else {
      TextBlock("no PNG that can be read", style: canvas.theme.warning).draw(
        on: canvas.region(Rect(size: grid.picture)))
    }
    let y = grid.picture.height
    let valueWidth = canvas.columns(of: item.value)
    canvas.write(item.title, x: 0, y: y, width: canvas.width - valueWidth - 1)
    canvas.write(
      item.value, x: canvas.width - valueWidth, y: y, style: canvas.theme.muted,
      width: valueWidth)
    if let note = item.note { canvas.write([note], x: 0, y: y + 1, width: canvas.width) }
  }
}
