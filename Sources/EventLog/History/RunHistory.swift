/// Everything that a dashboard shows of a run's log, in bounded memory.
public struct RunHistory: Sendable, Equatable {
  /// Most tags that are kept; what a log has beyond them is counted in `droppedTags`.
  public static let tagLimit = 4096
  /// Most bytes of a tag; values under longer ones are counted in `droppedTags` too.
  public static let tagLength = 4096
  /// Most bytes of a text that are kept, and of all texts.
  public static let textLimit = 4 << 20
  public static let textsLimit = 64 << 20

  /// Tags whose texts are all kept, not only the last: messages to the worker, and notes.
  public static let remarkTags: Set<String> = ["run/control", "run/note"]
  /// Tags of what the user wrote about the run, perhaps long after it had come to its end.
  private static let annotationTags: Set<String> = ["run/note", "run/name"]
  /// Most of them, and most bytes of each.
  public static let remarkLimit = 10_000
  public static let remarkLength = 4096

  /// Most bytes of an image that are kept, and of all images.
  public static let imageLimit = 1 << 20
  public static let imagesLimit = 16 << 20

  /// Most gaps that are kept apart.
  public static let gapLimit = 10_000

  private struct LatestText: Sendable, Equatable {
    var step: Int
    var text: String
  }

  /// An image at a step.
  public struct LatestImage: Sendable, Equatable {
    public var step: Int
    public var image: LogImage
  }

  /// A text at a step.
  public struct Remark: Sendable, Equatable {
    public var tag: String
    public var step: Int
    /// Seconds since 1970.
    public var wallTime: Double
    public var text: String
  }

  /// In the order in which they first occurred.
  public private(set) var tags: [String] = []
  public private(set) var droppedTags = 0
  /// What was said of the run while it went on, in the order of the log: every text of a tag whose
  /// name is in `remarkTags`.
  public private(set) var remarks: [Remark] = []
  /// In the order of `tags`.
  private var allSeries: [Series] = []
  private var indexByTag: [String: Int] = [:]
  private var textByTag: [String: LatestText] = [:]
  private var textTags: [String] = []
  private var textBytes = 0
  /// Texts beyond all that are kept.
  public private(set) var droppedTexts = 0
  /// In the order in which they first occurred.
  public private(set) var imageTags: [String] = []
  private var imageByTag: [String: LatestImage] = [:]
  private var imageBytes = 0
  /// Images that are larger than is kept, or beyond all that are.
  public private(set) var droppedImages = 0

  /// The largest step of any value.
  public private(set) var lastStep = 0
  /// Seconds since 1970 of the first and of the last event; what the user wrote about the run is none.
  public private(set) var firstWallTime: Double?
  public private(set) var lastWallTime: Double?
  /// Seconds in which the run stood still, as far as its log tells.
  private var idleSeconds = 0.0
  private var isPaused = false

  /// Seconds that the run has taken, from the first event to the last, without those in which it was
  /// paused, or no process was at work; nil without an event.
  public var seconds: Double? {
    guard let firstWallTime, let lastWallTime else { return nil }
    return lastWallTime - firstWallTime - idleSeconds
  }

  /// Damaged parts of the log. The last of `gapLimit` has the bytes of all behind it too.
  public private(set) var gaps: [LogGap] = []

  public init() {}

  /// Nothing has been read, or nothing that is shown.
  public var isEmpty: Bool { tags.isEmpty && textTags.isEmpty && imageTags.isEmpty }

  public func series(_ tag: String) -> Series? { indexByTag[tag].map { allSeries[$0] } }

  /// The latest text of a tag.
  public func text(_ tag: String) -> String? { textByTag[tag]?.text }

  /// The step of a tag's latest text.
  public func textStep(_ tag: String) -> Int? { textByTag[tag]?.step }

  /// The latest image of a tag.
  public func image(_ tag: String) -> LatestImage? { imageByTag[tag] }

  /// Adds what a log had to say.
  public mutating func apply(_ poll: Poll) {
    if poll.rewound { self = RunHistory() }
    for event in poll.events { apply(event) }
    for gap in poll.gaps { keep(gap) }
  }

  /// Seconds from 1970 to where no clock points.
  private static let timeLimit = 1e12

  /// - Parameter event: a time before that of its tag's last value, or before the first event, counts as
  ///   that: a clock that was set back stands still. Other tags may be of another writer, or be counted in
  ///   other steps. A time beyond all clocks counts as the last.
  public mutating func apply(_ event: LogEvent) {
    var event = event
    if abs(event.wallTime) <= Self.timeLimit {
      event.wallTime = max(event.wallTime, firstWallTime ?? event.wallTime)
      if !Self.isAnnotation(event) { count(event) }
    } else {
      event.wallTime = lastWallTime ?? 0
    }
    if !event.values.isEmpty { lastStep = max(lastStep, event.step) }
    for value in event.values {
      guard value.tag.utf8.count <= Self.tagLength else {
        droppedTags += 1
        continue
      }
      switch value {
      case .scalar(let tag, let value):
        add(
          Series.Sample(step: event.step, wallTime: event.wallTime, value: Double(value)), to: tag)
      case .text(let tag, let text): keep(text, of: tag, in: event)
      case .image(let tag, let image): keep(LatestImage(step: event.step, image: image), of: tag)
      }
    }
  }

  /// Adds an event's time to that of the run.
  private mutating func count(_ event: LogEvent) {
    let standstill = event.values.lazy.compactMap(Standstill.init).first
    if isPaused || standstill?.hasEnded == true {
      idleSeconds += max(0, event.wallTime - (lastWallTime ?? event.wallTime))
    }
    if let standstill {
      isPaused = !standstill.hasEnded
    } else if event.values.contains(where: \.isScalar) {
      // It was told to stop meanwhile, and takes its last step.
      isPaused = false
    }
    if firstWallTime == nil { firstWallTime = event.wallTime }
    lastWallTime = max(event.wallTime, lastWallTime ?? event.wallTime)
  }

  private static func isAnnotation(_ event: LogEvent) -> Bool {
    !event.values.isEmpty && event.values.allSatisfy { annotationTags.contains($0.tag) }
  }

  private mutating func add(_ sample: Series.Sample, to tag: String) {
    if let index = indexByTag[tag] {
      var sample = sample
      sample.wallTime = max(sample.wallTime, allSeries[index].latest?.wallTime ?? sample.wallTime)
      allSeries[index].append(sample)
    } else if tags.count < Self.tagLimit {
      indexByTag[tag] = tags.count
      tags.append(tag)
      allSeries.append(Series())
      allSeries[allSeries.count - 1].append(sample)
    } else {
      droppedTags += 1
    }
  }

  private mutating func keep(_ text: String, of tag: String, in event: LogEvent) {
    if Self.remarkTags.contains(tag), remarks.count < Self.remarkLimit {
      remarks.append(
        Remark(
          tag: tag, step: event.step, wallTime: event.wallTime,
          text: Self.beginning(of: text, bytes: Self.remarkLength)))
    }
    let text = Self.beginning(of: text, bytes: Self.textLimit)
    let before = textByTag[tag]?.text.utf8.count
    guard before != nil || textTags.count < Self.tagLimit else {
      droppedTags += 1
      return
    }
    let bytes = textBytes - (before ?? 0) + text.utf8.count
    guard bytes <= Self.textsLimit else {
      droppedTexts += 1
      return
    }
    if before == nil { textTags.append(tag) }
    textBytes = bytes
    textByTag[tag] = LatestText(step: event.step, text: text)
  }

  /// As much of a text as `bytes` hold: a single character may have any number of them.
  private static func beginning(of text: String, bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    let end = text.utf8.index(text.startIndex, offsetBy: bytes)
    return String(text.unicodeScalars[..<end])
  }

  private mutating func keep(_ gap: LogGap) {
    if gaps.count < Self.gapLimit {
      gaps.append(gap)
    } else {
      gaps[gaps.count - 1].length += gap.length
    }
  }

  private mutating func keep(_ latest: LatestImage, of tag: String) {
    let size = latest.image.bytes.count
    let before = imageByTag[tag]?.image.bytes.count
    guard size <= Self.imageLimit, imageBytes - (before ?? 0) + size <= Self.imagesLimit,
      before != nil || imageTags.count < Self.tagLimit
    else {
      droppedImages += 1
      return
    }
    if before == nil { imageTags.append(tag) }
    imageBytes += size - (before ?? 0)
    imageByTag[tag] = latest
  }
}
