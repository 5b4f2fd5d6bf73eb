import Cells

/// Asks before a run is stopped.
struct StopDialog {
  let run: String
  /// What the keys do here.
  let hints: [KeyBar.Hint]

  func draw(on canvas: Canvas) {
    let text = "Stop \(run)?\n\nIt finishes its step, writes a checkpoint and ends."
    let block = TextBlock(text, style: canvas.theme.text)
    let width = min(60, canvas.width - 8)
    let height = block.lineCount(width: width)
    let inner = Overlay("stop the run", size: Size(width: width, height: height + 2))
      .draw(on: canvas)
    block.draw(on: inner)
    KeyBar(hints).draw(on: inner.region(Rect(x: -1, y: height + 1, width: width + 1, height: 1)))
  }
}
