public import Architecture
public import EventLog
public import Experiments

/// One run with what its log said.
public struct RunEntry: Sendable {
  public internal(set) var listing: RunListing {
    didSet { if listing != oldValue { verdicts = Health(self).verdicts } }
  }
  public internal(set) var history = RunHistory()
  /// From the log's texts; nil where it has none that can be read.
  public private(set) var experiment: Experiment?
  /// What its network has become since it began.
  private(set) var growths: [GrowthRecord] = []
  public private(set) var plan: NetworkPlan?
  /// What its steps take; nil where its log does not say what it trains.
  private(set) var compute: TrainingCompute?
  public private(set) var info: RunInfo?
  /// The experiment's keys and values.
  private(set) var settings: [(key: String, value: String)] = []
  private var estimate: StepEstimate?
  /// Of the log, what the rest is made from.
  private var source = Source()
  private(set) var illustrations = Illustrations()
  /// What its log says about how it fares, the worst first.
  private(set) var verdicts: [Verdict] = []

  init(_ listing: RunListing) { self.listing = listing }

  private struct Source: Equatable {
    var experiment: String?
    var growths: String?
    var firstStep: Int?
    var info: String?
  }

  mutating func apply(_ poll: Poll) {
    // Another run may have begun in its place.
    if poll.rewound { self = RunEntry(listing) }
    history.apply(poll)
    read()
  }

  mutating func adopt(_ history: RunHistory) {
    self.history = history
    read()
  }

  /// The run when its log said no more than `history`.
  func asItWas(_ history: RunHistory) -> RunEntry {
    var entry = self
    if history.lastStep < self.history.lastStep {
      entry.listing.status = nil
      entry.listing.state = listing.state.map { _ in .running }
    }
    entry.adopt(history)
    return entry
  }

  private mutating func read() {
    let source = Source(
      experiment: history.text("run/experiment"), growths: history.text(GrowthRecord.tag),
      firstStep: history.series("loss/train")?.first?.step, info: history.text(RunInfo.tag))
    if source != self.source {
      self.source = source
      experiment = source.experiment.flatMap { try? Experiment(yaml: $0, file: "run/experiment") }
      growths = GrowthRecord.records(text: source.growths)
      settings = experiment?.settings ?? []
      plan = experiment.flatMap { try? NetworkPlan($0.network.grown(by: growths)) }
      compute = experiment.flatMap { TrainingCompute($0, history) }
      estimate = plan.flatMap { plan in
        experiment.map { StepEstimate(plan, batch: $0.data.batch) }
      }
      info = source.info.flatMap { RunInfo(text: $0) }
    }
    verdicts = Health(self).verdicts
  }

  /// Decodes what the predictions pane shows.
  mutating func illustrate() { illustrations.update(from: history) }

  /// How many times longer its steps take than `StepEstimate` says; nil before it has told its speed.
  var slowness: Double? {
    guard let estimate, let experiment, let series = history.series("throughput/images_per_second"),
      let speed = series.latest?.value, speed > 0, estimate.seconds > 0
    else { return nil }
    return Double(experiment.data.batch) / speed / estimate.seconds
  }

  var totalSteps: Int? {
    let total = info?.totalSteps ?? listing.status?.totalSteps ?? 0
    return total > 0 ? total : nil
  }

  /// Its worker computes now.
  var isActive: Bool { listing.state == .running || listing.state == .starting }

  /// Its worker is there: it computes, or waits to begin or to go on.
  var hasWorker: Bool { isListening || listing.state == .queued }

  /// Its worker takes messages.
  var isListening: Bool { isActive || listing.state == .paused }

  /// When a step was recorded, in seconds since 1970; nil where nothing is that early.
  func wallTime(atStep step: Int) -> Double? {
    clockSeries?.lastBucket { $0.firstStep <= step }?.lastWallTime
  }

  /// The scalar that tells most often how late it is.
  var clockSeries: Series? {
    history.series("loss/train")
      ?? history.tags.compactMap { history.series($0) }.max { $0.count < $1.count }
  }

  /// Steps a second over the last recorded steps; nil before there are two.
  var stepsPerSecond: Double? {
    guard let series = history.series("loss/train"), let last = series.buckets.last else {
      return nil
    }
    let recent = series.buckets.suffix(60)
    // Waits between two steps, while it was paused or had no worker, are no part of its speed.
    let spans = zip(recent, recent.dropFirst()).map { before, after in
      (seconds: after.lastWallTime - before.lastWallTime, steps: after.lastStep - before.lastStep)
    }.filter { $0.steps > 0 }
    let paces = spans.map { $0.seconds / Double($0.steps) }.sorted()
    guard !paces.isEmpty, last.lastStep > 0 else { return nil }
    let long = 20 * paces[paces.count / 2]
    let usual = spans.filter { $0.seconds / Double($0.steps) <= long }
    let seconds = usual.reduce(0) { $0 + $1.seconds }
    guard seconds > 0 else { return nil }
    return Double(usual.reduce(0) { $0 + $1.steps }) / seconds
  }
}

/// The runs by their paths, and which one is shown.
public struct RunList: Sendable {
  /// Running ones first, then the newest.
  public internal(set) var entries: [RunEntry] = []
  /// Path of the run that charts and progress show.
  public internal(set) var shown: String?
  /// Row of the list that the keys act on.
  var selected = 0
  /// Paths of the runs to be compared, in the order in which they were marked.
  private(set) var marked: [String] = []
  /// Path of the run that others are held against; nil for none.
  var baseline: String?
  /// Show this run as soon as it is listed; empty before it has a name.
  var awaited: String?
  /// The user chose what is shown; else it is the newest.
  var isChosen = false

  /// The run that is shown is looked at as it was; nil where it is shown as it is.
  var scrub: Scrub?

  /// The run that is shown, as it is shown.
  public var shownEntry: RunEntry? { scrub?.moment ?? liveEntry }

  /// The run that is shown, as it is.
  var liveEntry: RunEntry? { entries.first { $0.listing.path == shown } }

  /// What charts show: the shown run, and behind it those that are marked.
  var charted: [RunEntry] {
    guard let shownEntry else { return [] }
    let others = marked.filter { $0 != shown }
    return [shownEntry] + others.compactMap { path in entries.first { $0.listing.path == path } }
  }

  /// The median of the runs' `slowness`: what the machine makes of an estimate; 1 before a run has
  /// told.
  var slowness: Double {
    let all = entries.compactMap(\.slowness).sorted()
    return all.isEmpty ? 1 : all[all.count / 2]
  }

  /// A worker computes now, or is about to.
  var isTraining: Bool { awaited != nil || entries.contains(where: \.hasWorker) }

  /// It is the run that is to be shown as soon as it is listed.
  func isAwaited(_ run: String) -> Bool {
    // One that has no name yet is none of those that are listed.
    run == awaited || awaited == "" && !entries.contains { $0.listing.path == run }
  }

  mutating func list(_ listings: [RunListing]) {
    let selectedPath = entries.indices.contains(selected) ? entries[selected].listing.path : nil
    let known = Dictionary(
      entries.map { ($0.listing.path, $0) }, uniquingKeysWith: { first, _ in first })
    entries = listings.map { listing in
      var entry = known[listing.path] ?? RunEntry(listing)
      entry.listing = listing
      return entry
    }
    entries.sort { a, b in
      if a.isActive != b.isActive { return a.isActive }
      return (a.listing.began ?? 0, a.listing.id, a.listing.path)
        > (b.listing.began ?? 0, b.listing.id, b.listing.path)
    }
    if let awaited, entries.contains(where: { $0.listing.path == awaited }) {
      show(awaited)
      self.awaited = nil
    } else if !isChosen || liveEntry == nil {
      // What was chosen is gone: those that begin come forward again.
      isChosen = false
      shown = entries.first?.listing.path
    }
    // Where the selected one is gone, the one that has come to its place is.
    selected =
      entries.firstIndex { $0.listing.path == selectedPath }
      ?? min(selected, max(0, entries.count - 1))
    if awaited == nil, let index = entries.firstIndex(where: { $0.listing.path == shown }),
      selectedPath == nil
    {
      selected = index
    }
  }

  mutating func show(_ path: String) {
    shown = path
    isChosen = true
    if let index = entries.firstIndex(where: { $0.listing.path == path }) { selected = index }
  }

  /// Shows these runs in charts as they are, the first before the others.
  mutating func overlay(_ paths: [String]) {
    scrub = nil
    shown = paths.first
    marked = paths
  }

  mutating func toggleMark(_ path: String) {
    if marked.contains(path) {
      marked.removeAll { $0 == path }
    } else {
      marked.append(path)
    }
  }

  mutating func apply(_ poll: Poll, to path: String) {
    guard let index = entries.firstIndex(where: { $0.listing.path == path }) else { return }
    entries[index].apply(poll)
  }

  /// Decodes the images of the run that is shown.
  mutating func illustrate() {
    scrub?.illustrate()
    if let index = entries.firstIndex(where: { $0.listing.path == shown }) {
      entries[index].illustrate()
    }
  }

  mutating func adopt(_ history: RunHistory, for path: String) {
    guard let index = entries.firstIndex(where: { $0.listing.path == path }) else { return }
    entries[index].adopt(history)
  }
}
