import EventLog
import Experiments
import Pictures

/// What of a run's log the predictions pane shows, decoded: that takes time, and is done for the run on
/// the screen alone.
struct Illustrations: Sendable {
  private(set) var predictions: Predictions?
  /// By their tags; nil for what is no PNG.
  private(set) var pictures: [String: Picture?] = [:]
  private var text: String?
  private var steps: [String: Int] = [:]

  /// Longest side that is kept of a picture: a screen has no room for more.
  private static let sideLimit = 256

  /// Decodes what is new in a log.
  mutating func update(from history: RunHistory) {
    let newText = history.text(Predictions.tag)
    if newText != text {
      text = newText
      predictions = newText.flatMap { Predictions(text: $0) }
    }
    for tag in history.imageTags {
      guard let latest = history.image(tag), steps[tag] != latest.step else { continue }
      steps[tag] = latest.step
      pictures[tag] = Picture(png: latest.image.bytes)?.reduced(toFit: Self.sideLimit)
    }
  }
}

extension RunEntry {
  /// The step of the predictions; nil before there are any.
  var predictionsStep: Int? { history.textStep(Predictions.tag) }

  /// Tags of the images that predictions speak of, with their places among them; of a log that has none,
  /// tags of all images.
  var galleryTags: [(tag: String, place: Int?)] {
    let own = (0..<Predictions.shownLimit).map { (tag: Predictions.imageTag($0), place: $0) }
      .filter { history.image($0.tag) != nil }
    return own.isEmpty
      ? history.imageTags.filter { !isFilter($0) }.map { ($0, nil) }
      : own.map { ($0.tag, $0.place) }
  }

  /// The tag of the filters of the first convolution.
  var filterTag: String? { history.imageTags.first(where: isFilter) }

  private func isFilter(_ tag: String) -> Bool { tag.hasPrefix(Predictions.filterTag("")) }
}
