import Cells
import Experiments

/// The top line: whose screen this is, what is shown, and what just happened.
struct HeaderLine {
  private let state: State

  init(_ state: State) { self.state = state }

  /// Where notices and the shown run begin.
  static let noticeColumn = 13
  /// Bytes that take long enough to be spoken of.
  private static let muchToRead = 1 << 20

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    canvas.write("resnet-tui", x: 1, y: 0, style: theme.accent)
    let x = Self.noticeColumn
    if let notice = state.notice {
      canvas.write(
        notice.text, x: x, y: 0, style: notice.isError ? theme.bad : theme.good,
        width: canvas.width - x - 1)
      return
    }
    if let scrub = state.runs.scrub {
      return ScrubLine(scrub).draw(
        on: canvas.region(Rect(x: x, y: 0, width: canvas.width - x - 1, height: 1)))
    }
    guard let entry = state.runs.shownEntry else {
      canvas.write("no run yet", x: x, y: 0, style: theme.muted)
      return
    }
    if let compared = state.comparedNames {
      canvas.write(compared, x: x, y: 0, style: theme.text, width: canvas.width - x - 1)
      return
    }
    let mark = RunMark(entry, on: canvas)
    canvas.write(
      [
        Span(entry.listing.name, style: theme.text), Span("  "),
        Span("\(mark.glyph) \(mark.text)", style: mark.style),
      ], x: x, y: 0, width: canvas.width - x - 1)
    if state.unreadBytes >= Self.muchToRead {
      canvas.write(
        " reading logs, \(NumberText.bytes(Double(state.unreadBytes))) left ", x: x, y: 0,
        style: theme.warning, width: canvas.width - x, alignment: .trailing)
      return
    }
    let others = state.runs.entries.count { $0.isActive && $0.listing.path != state.runs.shown }
    guard others > 0 else { return }
    canvas.write(
      " \(canvas.glyphs.running) \(others) more training ", x: x, y: 0, style: theme.accent,
      width: canvas.width - x, alignment: .trailing)
  }
}

extension State {
  /// Of how many runs the comparison is that is open, and of which experiment, if of one; nil while there
  /// is none of several.
  fileprivate var comparedNames: String? {
    guard case .compare(let view) = overlay else { return nil }
    let entries = view.content == .differences ? comparedEntries : scatteredRuns
    guard entries.count > 1 else { return nil }
    let experiments = Set(entries.map(\.listing.experiment))
    return "\(entries.count) runs"
      + (experiments.count == 1 ? " of \(experiments.first ?? "")" : "")
  }
}

/// How a run's state is shown.
struct RunMark {
  let glyph: Character
  let text: String
  let style: Style

  init(_ entry: RunEntry, on canvas: Canvas) {
    let theme = canvas.theme
    let glyphs = canvas.glyphs
    switch entry.listing.state {
    case .queued: (glyph, text, style) = (glyphs.waiting, "queued", theme.muted)
    case .starting: (glyph, text, style) = (glyphs.waiting, "starting", theme.accent)
    case .running: (glyph, text, style) = (glyphs.running, "running", theme.accent)
    case .paused where entry.listing.status?.error != nil:
      (glyph, text, style) = (glyphs.paused, "halted", theme.bad)
    case .paused: (glyph, text, style) = (glyphs.paused, "paused", theme.warning)
    case .stopped: (glyph, text, style) = (glyphs.stopped, "stopped", theme.warning)
    case .finished: (glyph, text, style) = (glyphs.success, "finished", theme.good)
    case .failed: (glyph, text, style) = (glyphs.failure, "failed", theme.bad)
    case .died:
      (glyph, text, style) = (glyphs.failure, RunStatus.EffectiveState.died.word, theme.bad)
    case nil: (glyph, text, style) = (glyphs.bullet, "a log", theme.muted)
    }
  }
}
