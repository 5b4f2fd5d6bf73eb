import Cells

/// The top line while a run is looked at as it was: where in the run that is, how fast it goes, and what
/// happened there.
struct ScrubLine {
  private let scrub: Scrub

  init(_ scrub: Scrub) { self.scrub = scrub }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let glyph = scrub.isPlaying ? canvas.glyphs.running : canvas.glyphs.paused
    var spans = [
      Span("\(glyph) looking back ", style: theme.warning),
      Span(
        "step \(NumberText.grouped(scrub.step))/\(NumberText.grouped(scrub.lastStep))",
        style: theme.emphasis),
      Span("  \(scrub.speedText)", style: theme.muted),
    ]
    if let place = scrub.place, place.step == scrub.step {
      spans.append(Span("  \(place.text)", style: theme.accent))
    } else if let epoch = scrub.moment.epoch {
      spans.append(Span("  in epoch \(epoch)", style: theme.muted))
    }
    // What the run is called, where there is room.
    let name = scrub.moment.listing.name
    let used = spans.reduce(0) { $0 + canvas.columns(of: $1.text) }
    if used + canvas.columns(of: name) + 2 <= canvas.width {
      spans.insert(Span("\(name)  ", style: theme.text), at: 0)
    }
    canvas.write(spans, x: 0, y: 0, width: canvas.width)
  }
}
