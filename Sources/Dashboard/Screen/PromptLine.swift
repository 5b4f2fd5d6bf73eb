import Cells

/// The bottom line while something is typed there.
struct PromptLine {
  let prompt: Prompt
  let hints: [KeyBar.Hint]

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    canvas.fill(style: theme.ground)
    var x = 1 + canvas.write("\(prompt.label) ", x: 1, style: theme.muted)
    // The end of a long text is what is being typed.
    let room = max(1, canvas.width - x - 1)
    x += canvas.write(canvas.end(of: prompt.text, within: room), x: x, style: theme.input)
    canvas.put(" ", x: x, y: 0, style: theme.cursor)
    let bar = canvas.region(Rect(x: x + 3, y: 0, width: canvas.width - x - 3, height: 1))
    if bar.width >= 24 { KeyBar(hints).draw(on: bar) }
  }
}
