import Cells
import EventLog
import Experiments
import Pictures

/// What the shown run's network makes of its validation images: the images with their predictions, the
/// most confident mistakes, the confusion matrix, each class, and the first convolution's filters. Of a
/// log without predictions, its images.
struct PredictionsPane {
  private let state: State

  init(_ state: State) { self.state = state }

  private var entry: RunEntry? { state.runs.shownEntry }
  private var illustrations: Illustrations { entry?.illustrations ?? Illustrations() }

  func draw(on canvas: Canvas) {
    let size = canvas.bounds.inset().size
    let inner = state.panel(.predictions, title: title, trailing: notes(size, canvas.theme)).draw(
      on: canvas)
    let body = inner.region(Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height))
    if let reason = emptyText {
      return TextBlock(reason, style: canvas.theme.muted, alignment: .center).draw(
        on: body.region(
          Rect(x: 0, y: max(0, body.height / 2 - 1), width: body.width, height: body.height)))
    }
    let first = firstRow(in: inner.size)
    switch state.predictionsView {
    case .images, .mistakes: gallery.draw(firstRow: first, on: body)
    case .confusion:
      if let predictions = illustrations.predictions {
        ConfusionMatrix(predictions: predictions, offset: first).draw(on: body)
      }
    case .classes:
      if let predictions = illustrations.predictions {
        ClassTable(predictions: predictions).draw(firstRow: first, on: body)
      }
    case .filters:
      if let picture = filters {
        PictureView(picture).draw(
          on: body.region(Rect(size: PictureView.size(of: picture, in: body.size))))
      }
    }
  }

  // MARK: Rows

  /// Rows by which the view can be scrolled in a pane whose inside has `size`.
  func lastRow(in size: Size) -> Int {
    let body = Size(width: size.width - 2, height: size.height)
    switch state.predictionsView {
    case .images, .mistakes: return gallery.lastRow(in: body)
    case .confusion:
      return illustrations.predictions.map {
        max(0, ConfusionMatrix(predictions: $0).height - body.height)
      } ?? 0
    case .classes:
      return max(0, (illustrations.predictions?.confusion?.count ?? 0) + 1 - body.height)
    case .filters: return 0
    }
  }

  func firstRow(in size: Size) -> Int {
    max(0, min(state.scroll[.predictions] ?? 0, lastRow(in: size)))
  }

  func scrolls(in size: Size) -> Bool { emptyText == nil && lastRow(in: size) > 0 }

  // MARK: Words

  private var title: String {
    guard let entry, emptyText == nil else { return "predictions" }
    switch state.predictionsView {
    case .images, .confusion, .classes: return "predictions: \(state.predictionsView.rawValue)"
    case .mistakes:
      return
        "predictions: \(mistakes.count) of \(illustrations.predictions?.shown.count ?? 0) wrong"
    case .filters:
      let layer = entry.filterTag?.trimmingPrefix(Predictions.filterTag("")) ?? ""
      return "predictions: filters of \(layer)"
    }
  }

  private func notes(_ size: Size, _ theme: Theme) -> [Span] {
    guard emptyText == nil else { return [] }
    var notes: [Span] = []
    if [.images, .mistakes].contains(state.predictionsView),
      let shown = gallery.shown(
        firstRow: firstRow(in: size), in: Size(width: size.width - 2, height: size.height)),
      shown.count < gallery.items.count
    {
      notes.append(
        Span(
          "\(shown.lowerBound) to \(shown.upperBound) of \(gallery.items.count)", style: theme.text)
      )
    }
    if state.predictionsView == .filters {
      notes.append(Span("white positive, black negative, grey 0", style: theme.muted))
    }
    guard let step = entry?.predictionsStep else { return notes }
    let accuracy = illustrations.predictions?.accuracy.map {
      Span("\(NumberText.percent($0)) right", style: theme.validation)
    }
    return notes
      + [accuracy, Span("at step \(NumberText.grouped(step))", style: theme.muted)]
      .compactMap { $0 }
  }

  /// Why there is nothing to show; nil where there is.
  private var emptyText: String? {
    guard let entry else {
      return "What the network makes of its validation images\nappears here.\n"
        + state.invitation
    }
    let predictions = illustrations.predictions
    let after = "The first validation comes at the end of an epoch."
    switch state.predictionsView {
    case .images: return entry.galleryTags.isEmpty ? "This log has no images." : nil
    case .mistakes:
      guard let predictions else { return "No predictions yet.\n\(after)" }
      guard !predictions.shown.isEmpty else { return "This log has no images." }
      return mistakes.isEmpty
        ? "All of the \(predictions.shown.count) images are recognised.\n"
          + "v shows the confusion matrix of the whole set." : nil
    case .confusion, .classes: return predictions == nil ? "No predictions yet.\n\(after)" : nil
    case .filters:
      return filters == nil
        ? "No filters yet: they are kept with every validation,\n"
          + "of a first convolution larger than 1×1." : nil
    }
  }

  // MARK: Pictures

  private var filters: Picture? { entry?.filterTag.flatMap { illustrations.pictures[$0] ?? nil } }

  /// Of the shown images those that are taken for something else, the most confident first.
  private var mistakes: [(index: Int, prediction: Predictions.Prediction)] {
    (illustrations.predictions?.shown ?? []).enumerated().filter { !$0.element.isRight }
      .sorted { a, b in
        (-(a.element.confidence ?? 0), a.offset) < (-(b.element.confidence ?? 0), b.offset)
      }.map { ($0.offset, $0.element) }
  }

  private var gallery: Gallery {
    guard let entry else { return Gallery(items: []) }
    let shown = illustrations.predictions?.shown ?? []
    let tags =
      state.predictionsView == .mistakes
      ? mistakes.map { (tag: Predictions.imageTag($0.index), place: $0.index) } : entry.galleryTags
    return Gallery(
      items: tags.map { tag, place in
        item(
          illustrations.pictures[tag] ?? nil, tag: tag, place: place,
          place.flatMap { shown.indices.contains($0) ? shown[$0] : nil })
      })
  }

  private func item(
    _ picture: Picture?, tag: String, place: Int?, _ prediction: Predictions.Prediction?
  ) -> Gallery.Item {
    let theme = state.appearance.theme
    let glyphs = state.appearance.glyphs
    guard let prediction, let predictions = illustrations.predictions else {
      // Of our own there is nothing to say before the first validation.
      let title = place == nil ? tag : "not validated yet"
      return Gallery.Item(
        picture: picture, title: [Span(title, style: theme.muted)], value: "", note: nil)
    }
    let isRight = prediction.isRight
    return Gallery.Item(
      picture: picture,
      title: [
        Span(
          "\(isRight ? glyphs.success : glyphs.failure) ", style: isRight ? theme.good : theme.bad),
        Span(predictions.name(of: prediction.predicted), style: theme.text),
      ],
      value: prediction.confidence.map { "\(Int(($0 * 100).rounded(.down)))%" } ?? "nan",
      note: isRight
        ? nil : Span("  is \(predictions.name(of: prediction.label))", style: theme.warning))
  }
}
