import Cells

/// What happened, where the header has no room for all that there is to say of it.
struct NoticeBox {
  let notice: Notice

  /// Whether `text` is too long for one line of a screen.
  static func isNeeded(for text: String, on canvas: Canvas) -> Bool {
    canvas.columns(of: text) > canvas.width - HeaderLine.noticeColumn - 1
  }

  func draw(on canvas: Canvas) {
    let block = TextBlock(
      notice.text, style: notice.isError ? canvas.theme.bad : canvas.theme.text)
    let width = min(70, canvas.width - 8)
    let height = block.lineCount(width: width)
    let inner = Overlay(
      notice.isError ? "not done" : "message", size: Size(width: width, height: height + 2)
    ).draw(on: canvas)
    block.draw(on: inner)
    inner.write("any key closes this", y: height + 1, style: canvas.theme.faint)
  }
}
