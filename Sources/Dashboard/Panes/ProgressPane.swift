import Cells
import EventLog
import Experiments
import Foundation

/// How far the shown run is, how fast it goes, and what is wrong with it.
struct ProgressPane {
  private let state: State

  init(_ state: State) { self.state = state }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let entry = state.runs.shownEntry
    let inner = state.panel(
      .progress,
      trailing: entry.map(\.listing.id).map { $0.isEmpty ? [] : [Span($0, style: theme.faint)] }
        ?? []
    ).draw(on: canvas)
    let body = inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height))
    guard let entry else {
      TextBlock("Nothing is being trained. " + state.invitation, style: theme.muted).draw(on: body)
      return
    }
    if entry.listing.state == .queued {
      TextBlock("Queued: it begins when the runs before it have ended.", style: theme.muted)
        .draw(on: body)
      return
    }
    if entry.listing.state == .starting {
      TextBlock(
        "Starting: it reads the images, compiles the network and chooses the code of each layer.",
        style: theme.muted
      ).draw(on: body)
      return
    }
    var y = 0
    if let trouble = trouble(entry) {
      let block = TextBlock(trouble, style: theme.bad)
      let height = min(block.lineCount(width: body.width), body.height)
      block.draw(on: body.region(Rect(x: 0, y: 0, width: body.width, height: height)))
      y = height
    }
    typealias Part = (height: Int, draw: (Canvas) -> Void)
    let above: [Part] = [(1, { drawGauge(entry, on: $0) }), (1, { drawPosition(entry, on: $0) })]
    let below: [Part] = [
      (1, { drawSpeed(entry, on: $0) }), (1, { drawTimes(entry, on: $0) }),
      (1, { drawMachine(entry, on: $0) }),
    ]
    // A verdict takes a second line where the pane has one left.
    var spare = body.height - y - above.count - below.count - entry.verdicts.count
    let verdicts: [Part] = entry.verdicts.map { verdict in
      let needed = VerdictLine(verdict).lineCount(width: body.width)
      let height = 1 + max(0, min(needed - 1, spare))
      spare -= height - 1
      return (height, { VerdictLine(verdict).draw(on: $0) })
    }
    for part in above + verdicts + below where y < body.height {
      part.draw(
        body.region(Rect(x: 0, y: y, width: body.width, height: min(part.height, body.height - y))))
      y += part.height
    }
  }

  /// What went wrong with the run or its log.
  private func trouble(_ entry: RunEntry) -> String? {
    var troubles: [String] = []
    if entry.listing.state == .died {
      troubles.append(
        "its process is gone: killed, or the machine went down" + lastWords(entry))
    }
    if let error = entry.listing.status?.error { troubles.append(error) }
    if let gaps = entry.history.gaps.text { troubles.append(gaps) }
    return troubles.isEmpty ? nil : troubles.joined(separator: "\n")
  }

  /// What a run that crashed had to say last.
  private func lastWords(_ entry: RunEntry) -> String {
    guard let time = entry.history.lastWallTime else { return "; it left no log" }
    let scalars = ["loss/train", "accuracy/val"].compactMap { tag in
      entry.history.series(tag)?.latest.map { "\(tag) \(NumberText.significant($0.value))" }
    }
    return "; last heard of at \(NumberText.clock(time, withSeconds: true)) UTC, step "
      + NumberText.grouped(entry.history.lastStep)
      + scalars.map { ", \($0)" }.joined()
  }

  private func drawGauge(_ entry: RunEntry, on canvas: Canvas) {
    guard let total = entry.totalSteps else {
      canvas.write(
        "step \(NumberText.grouped(entry.history.lastStep))", style: canvas.theme.emphasis)
      return
    }
    let fraction = Double(entry.history.lastStep) / Double(total)
    var label = NumberText.percent(min(1, fraction), decimals: 0)
    if entry.isActive, let speed = entry.stepsPerSecond {
      let left = Double(max(0, total - entry.history.lastStep)) / speed
      label += "  left \(NumberText.duration(seconds: left))"
    }
    let width = max(5, canvas.columns(of: label)) + 2
    Gauge(fraction: fraction).draw(
      on: canvas.region(Rect(x: 0, y: 0, width: canvas.width - width, height: 1)))
    canvas.write(
      label, style: canvas.theme.emphasis, width: canvas.width, alignment: .trailing)
  }

  private func drawPosition(_ entry: RunEntry, on canvas: Canvas) {
    let theme = canvas.theme
    let mark = RunMark(entry, on: canvas)
    var parts = [[Span("\(mark.glyph) \(mark.text)", style: mark.style)]]
    if let info = entry.info, let epoch = entry.epoch {
      let epochs = max(1, info.totalSteps / info.stepsPerEpoch)
      parts.append([Span("epoch ", style: theme.muted), Span("\(epoch)/\(epochs)")])
    }
    let step = NumberText.grouped(entry.history.lastStep)
    parts.append([
      Span("step ", style: theme.muted),
      Span(entry.totalSteps.map { "\(step)/\(NumberText.grouped($0))" } ?? step),
    ])
    if let best = entry.history.series("accuracy/val")?.maximum {
      parts.append([
        Span("best val ", style: theme.muted),
        Span(NumberText.percent(best.value, decimals: 2), style: theme.validation),
      ])
    }
    canvas.writeParts(parts)
  }

  private func drawSpeed(_ entry: RunEntry, on canvas: Canvas) {
    let theme = canvas.theme
    guard let series = entry.history.series("throughput/images_per_second"),
      let latest = series.latest
    else { return }
    let x = canvas.write(
      [
        Span(NumberText.compact(latest.value), style: theme.emphasis),
        Span(" images/s ", style: theme.muted),
      ])
    let room = min(40, canvas.width - x)
    Sparkline(series.buckets.suffix(room).map(\.mean)).draw(
      on: canvas.region(Rect(x: x, y: 0, width: room, height: 1)))
  }

  private func drawTimes(_ entry: RunEntry, on canvas: Canvas) {
    let theme = canvas.theme
    var parts: [[Span]] = []
    if let seconds = entry.seconds, let last = entry.history.lastWallTime {
      let since = entry.isActive && state.runs.scrub == nil ? max(0, state.now - last) : 0
      parts.append([
        Span("elapsed ", style: theme.muted), Span(NumberText.duration(seconds: seconds + since)),
      ])
    }
    if let rate = entry.history.series("learning_rate")?.latest {
      parts.append([
        Span("learning rate ", style: theme.muted), Span(NumberText.trimmed(rate.value)),
      ])
    }
    canvas.writeParts(parts)
  }

  private func drawMachine(_ entry: RunEntry, on canvas: Canvas) {
    guard let info = entry.info else { return }
    let threads = "\(info.threads) \(info.threads == 1 ? "thread" : "threads")"
    canvas.write(
      "batch \(info.batch), \(NumberText.grouped(info.trainingImages)) images, \(threads), "
        + "\(info.isa), oneDNN \(info.onednn)", style: canvas.theme.faint)
  }
}

/// What is plainly wrong with a run, and since which step.
private struct VerdictLine {
  private let verdict: Verdict

  init(_ verdict: Verdict) { self.verdict = verdict }

  private var text: String { "! \(verdict.text)" }
  private var step: String { "step \(NumberText.grouped(verdict.step))" }

  /// Columns that the step leaves.
  private func room(_ width: Int) -> Int { max(1, width - step.count - 1) }

  func lineCount(width: Int) -> Int {
    TextBlock(text).lineCount(width: room(width))
  }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    let style = verdict.kind.isSevere ? theme.bad : theme.warning
    let width = room(canvas.width)
    if canvas.height > 1 {
      TextBlock(text, style: style).draw(
        on: canvas.region(Rect(x: 0, y: 0, width: width, height: canvas.height)))
    } else {
      // An ellipsis says that there is more.
      canvas.write(text, style: style, width: width)
    }
    canvas.write(step, style: theme.faint, width: canvas.width, alignment: .trailing)
  }
}
