import Foundation
import TestSupport
import Testing

@testable import EventLog

@Suite struct HistoryTests {
  private func sample(_ step: Int, _ value: Double) -> Series.Sample {
    Series.Sample(step: step, wallTime: Double(step), value: value)
  }

  @Test func keepsEverySampleWhileThereIsRoom() {
    var series = Series()
    for step in 1...Series.capacity { series.append(sample(step, Double(step))) }
    #expect(series.samplesPerBucket == 1 && series.buckets.count == Series.capacity)
    #expect(series.first == sample(1, 1))
    #expect(series.latest == sample(Series.capacity, Double(Series.capacity)))
    series.append(sample(Series.capacity + 1, 0))
    #expect(series.samplesPerBucket == 2 && series.buckets.count == Series.capacity / 2 + 1)
  }

  /// However long the run, one sample out of line stays visible.
  @Test(arguments: [10_000, 100_000, 1_000_003])
  func losesNoSpike(count: Int) {
    var series = Series()
    let (peak, dip) = (count / 3, count / 2)
    for step in 1...count {
      series.append(sample(step, step == peak ? 1e6 : step == dip ? -1e6 : 1))
    }
    #expect(series.buckets.count <= Series.capacity)
    #expect(series.count == count && series.buckets.reduce(0) { $0 + $1.count } == count)
    #expect(series.maximum == sample(peak, 1e6) && series.minimum == sample(dip, -1e6))
    let high = series.buckets.filter { $0.maximum == 1e6 }
    #expect(high.count == 1 && (high[0].firstStep...high[0].lastStep).contains(peak))
    #expect(series.buckets.contains { $0.minimum == -1e6 })
    #expect(
      zip(series.buckets, series.buckets.dropFirst()).allSatisfy { $0.lastStep < $1.firstStep })
  }

  @Test func countsWhatIsNoNumber() {
    var series = Series()
    for value in [1, .nan, .infinity, 3] { series.append(sample(series.count + 1, value)) }
    #expect(series.buckets.map(\.nonFiniteCount) == [0, 1, 1, 0])
    #expect(series.maximum?.value == 3 && series.minimum?.value == 1)
    #expect(series.buckets[1].mean.isNaN)
  }

  /// A run that goes on from an earlier checkpoint takes back what was recorded after it.
  @Test func anEarlierStepReplaces() {
    var series = Series()
    for step in 1...10 { series.append(sample(step, Double(step))) }
    series.append(sample(4, 100))
    #expect(series.buckets.map(\.lastStep) == [1, 2, 3, 4])
    #expect(
      series.count == 4 && series.maximum == sample(4, 100) && series.latest == sample(4, 100))
    series.append(sample(0, 5))
    #expect(series.count == 1 && series.first == sample(0, 5))
  }

  @Test func gathersALog() {
    var history = RunHistory()
    #expect(history.isEmpty)
    var poll = Poll()
    poll.events = [
      LogEvent(wallTime: 10, step: 0, values: [.text(tag: "run/info", text: "{}")]),
      LogEvent(
        wallTime: 11, step: 1,
        values: [.scalar(tag: "loss/train", value: 2), .scalar(tag: "accuracy/train", value: 0.5)]),
      LogEvent(wallTime: 15, step: 2, values: [.scalar(tag: "loss/train", value: 1)]),
    ]
    poll.gaps = [LogGap(offset: 5, length: 3)]
    history.apply(poll)
    #expect(history.tags == ["loss/train", "accuracy/train"])
    #expect(history.series("loss/train")?.count == 2)
    #expect(history.text("run/info") == "{}" && history.lastStep == 2)
    #expect(history.firstWallTime == 10 && history.lastWallTime == 15)
    #expect(history.gaps.count == 1)

    var rewound = Poll()
    rewound.rewound = true
    history.apply(rewound)
    #expect(history == RunHistory())
  }

  /// What a run was told is kept whole, in order; of other texts the last.
  @Test func keepsEveryRemark() {
    var history = RunHistory()
    for (step, text) in [(3, "pause"), (3, "resume"), (9, "stop")] {
      history.apply(
        LogEvent(
          wallTime: Double(step), step: step, values: [.text(tag: "run/control", text: text)]))
    }
    #expect(history.remarks.map(\.text) == ["pause", "resume", "stop"])
    #expect(history.remarks.map(\.step) == [3, 3, 9] && history.text("run/control") == "stop")
    for index in 0..<RunHistory.remarkLimit {
      history.apply(
        LogEvent(wallTime: 0, step: 10, values: [.text(tag: "run/note", text: "\(index)")]))
    }
    #expect(history.remarks.count == RunHistory.remarkLimit)
  }

  /// Where a run stood still, or no process was at work, it took no time.
  @Test func countsNoTimeThatARunStoodStill() {
    var history = RunHistory()
    #expect(history.seconds == nil)
    func log(_ time: Double, _ values: [LogValue]) {
      history.apply(LogEvent(wallTime: time, step: Int(time), values: values))
    }
    let loss = LogValue.scalar(tag: "loss/train", value: 1)
    log(100, [loss])
    log(110, [.text(tag: "run/control", text: "pause")])
    log(300, [.text(tag: "run/note", text: "still")])
    log(500, [.text(tag: "run/control", text: "resume")])
    log(520, [loss])
    log(8000, [.text(tag: "run/note", text: "it has stopped")])
    log(9000, [.text(tag: "run/control", text: "resumed")])
    log(9001, [.text(tag: "run/note", text: "resumed")])
    log(9003, [loss])
    #expect(history.seconds == 33.0)
    // What the user writes when it is over takes none of its time.
    log(99_000, [.text(tag: "run/note", text: "the best so far")])
    log(99_500, [.text(tag: "run/name", text: "best")])
    #expect(history.seconds == 33.0 && history.lastWallTime == 9003)
    #expect(history.remarks.last?.text == "the best so far")
    // Told to stop while it is paused, it takes a last step.
    log(100_000, [.text(tag: "run/control", text: "resumed")])
    log(100_001, [.text(tag: "run/control", text: "pause")])
    log(100_600, [.text(tag: "run/control", text: "stop")])
    log(100_601, [loss])
    log(100_604, [.scalar(tag: "loss/val", value: 1)])
    #expect(history.seconds == 37.0)
  }

  /// A clock that was set back stands still; what counts other steps, or comes from another file, has times
  /// of its own.
  @Test func timesAreTheirTags() {
    func scalar(_ tag: String, _ time: Double, _ step: Int) -> LogEvent {
      LogEvent(wallTime: time, step: step, values: [.scalar(tag: tag, value: 1)])
    }
    var history = RunHistory()
    for event in [
      scalar("train", 100, 1), scalar("train", 200, 2), scalar("train", 150, 3),
      scalar("val", 120, 1), scalar("val", 50, 2),
    ] {
      history.apply(event)
    }
    #expect(history.series("train")?.latest?.wallTime == 200)
    #expect(history.series("val")?.first?.wallTime == 120)
    #expect(history.series("val")?.latest?.wallTime == 120)
    #expect(history.seconds == 100)

    // By steps, the epoch's value comes long before its time.
    var recording = Recording(
      (1...20).map { scalar("train", Double($0), $0) } + [scalar("val", 20, 1)])
    let early = recording.history(upTo: 5)
    #expect(early.series("train")?.latest?.wallTime == 5)
    #expect(early.series("val")?.latest?.wallTime == 20)
  }

  /// A folder with an event file is a run, at any depth.
  @Test func findsFoldersOfLogs() throws {
    try withScratchFolder { root in
      for folder in ["", "a", "a/b/train", "c"] {
        try FileManager.default.createDirectory(
          atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        if folder != "c" {
          try put([], at: "\(root)/\(folder)/events.out.tfevents.1.host")
        }
      }
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/c/loop", withDestinationPath: root)
      // What is no file is no log, whatever it is called.
      for folder in ["a", "c"] {
        #expect(mkfifo("\(root)/\(folder)/events.out.tfevents.9.pipe", 0o600) == 0)
        try FileManager.default.createDirectory(
          atPath: "\(root)/\(folder)/events.out.tfevents.0.folder",
          withIntermediateDirectories: false)
      }
      #expect(EventFile.files(in: "\(root)/a") == ["\(root)/a/events.out.tfevents.1.host"])
      #expect(
        EventFile.folders(under: root) == ["", "/a", "/a/b/train"].map { root + $0 })
      #expect(EventFile.folders(under: "\(root)/none").isEmpty)
      // The root may be a link, and its own path may stand within it.
      let link = root + "-link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: root)
      defer { unlink(link) }
      #expect(EventFile.folders(under: link) == ["", "/a", "/a/b/train"].map { link + $0 })
      let within = "\(root)/c\(root)"
      try FileManager.default.createDirectory(
        atPath: within, withIntermediateDirectories: true)
      try put([], at: "\(within)/events.out.tfevents.1.host")
      #expect(EventFile.folders(under: root).last == within)
    }
  }

  /// A hostile log cannot take the machine's memory.
  @Test func isBounded() {
    var history = RunHistory()
    for index in 0..<RunHistory.tagLimit + 10 {
      history.apply(
        LogEvent(wallTime: 0, step: 1, values: [.scalar(tag: "t\(index)", value: 0)]))
    }
    #expect(history.tags.count == RunHistory.tagLimit && history.droppedTags == 10)
    let long = String(repeating: "x", count: RunHistory.textLimit + 1)
    history.apply(LogEvent(wallTime: 0, step: 0, values: [.text(tag: "a", text: long)]))
    #expect(history.text("a")?.utf8.count == RunHistory.textLimit)
  }

  /// Neither can one with long names, many long texts, or a gap behind every record.
  @Test func namesTextsAndGapsAreBounded() {
    func event(_ tag: String, _ text: String) -> LogEvent {
      LogEvent(wallTime: 0, step: 0, values: [.text(tag: tag, text: text)])
    }
    var history = RunHistory()
    let tag = String(repeating: "t", count: RunHistory.tagLength)
    history.apply(event(tag + "t", "dropped"))
    history.apply(event(tag, "kept"))
    #expect(history.text(tag) == "kept" && history.droppedTags == 1)

    // One character, whose marks are of two bytes each.
    let marks = "e" + String(repeating: "\u{301}", count: RunHistory.textLimit)
    history.apply(event("run/note", marks))
    #expect(history.remarks.map { $0.text.utf8.count } == [RunHistory.remarkLength - 1])
    for index in 0..<20 { history.apply(event("\(index)", marks)) }
    let kept = (0..<20).reduce(0) { $0 + (history.text("\($1)")?.utf8.count ?? 0) }
    #expect(kept <= RunHistory.textsLimit && kept > RunHistory.textsLimit / 2)
    #expect(history.droppedTexts == (0..<20).count { history.text("\($0)") == nil })
    // What is there already goes on.
    history.apply(event("0", "short"))
    #expect(history.text("0") == "short")

    var poll = Poll()
    poll.gaps = (0..<RunHistory.gapLimit + 5).map { LogGap(offset: 40 * $0, length: 20) }
    history.apply(poll)
    #expect(history.gaps.count == RunHistory.gapLimit)
    #expect(history.gaps.reduce(0) { $0 + $1.length } == 20 * poll.gaps.count)
  }

  @Test func exportsCSV() throws {
    try withScratchFolder { folder in
      let writer = try EventLogWriter(creating: "\(folder)/log", wallTime: 1)
      try writer.append(
        step: 3, wallTime: 1.25, scalars: [("loss/train", 0.1), ("odd,\"tag\"", .nan)])
      try writer.append(step: 4, wallTime: 2, text: "left out", tag: "run/info")
      var csv = ScalarRow.csvHeader
      let gaps = try ScalarRow.read(files: ["\(folder)/log"]) { csv += $0.map(\.csv).joined() }
      #expect(gaps.isEmpty)
      #expect(
        csv == """
          tag,step,wall_time,value
          loss/train,3,1.25,0.1
          "odd,""tag""\",3,1.25,nan

          """)
      // Without its end it is shorter, and says so.
      let whole = try bytes(of: "\(folder)/log")
      try put(Array(whole.dropLast(3)), at: "\(folder)/torn")
      #expect(try ScalarRow.read(files: ["\(folder)/torn"], { _ in }).count == 1)
    }
  }

  @Test func exportsNothingOfALogWithoutEvents() throws {
    try withScratchFolder { folder in
      for (name, content) in [("empty", []), ("noise", Array("no log at all, but noise".utf8))] {
        try put(content, at: "\(folder)/\(name)")
        #expect(throws: EventLogError.self) {
          try ScalarRow.read(files: ["\(folder)/\(name)"]) { _ in Issue.record("\(name)") }
        }
      }
    }
  }

  /// The latest image of each tag is kept, and however many a log has, they take bounded memory.
  @Test func imagesAreBounded() {
    func event(_ tag: String, step: Int, size: Int) -> LogEvent {
      LogEvent(
        wallTime: 0, step: step,
        values: [
          .image(
            tag: tag,
            LogImage(
              width: 1, height: 1, channels: 1, bytes: Array(repeating: UInt8(step), count: size)))
        ])
    }
    var history = RunHistory()
    #expect(history.isEmpty)
    for step in 1...3 { history.apply(event("a", step: step, size: 10)) }
    #expect(history.imageTags == ["a"] && !history.isEmpty && history.lastStep == 3)
    #expect(history.image("a")?.step == 3 && history.image("a")?.image.bytes.first == 3)
    history.apply(event("large", step: 4, size: RunHistory.imageLimit + 1))
    #expect(history.image("large") == nil && history.droppedImages == 1)
    for index in 0..<20 { history.apply(event("b\(index)", step: 5, size: RunHistory.imageLimit)) }
    let kept = history.imageTags.reduce(0) { $0 + (history.image($1)?.image.bytes.count ?? 0) }
    #expect(kept <= RunHistory.imagesLimit && kept > RunHistory.imagesLimit - RunHistory.imageLimit)
    #expect(history.droppedImages == 1 + 20 - (history.imageTags.count - 1))
    // What is there already goes on.
    history.apply(event("a", step: 9, size: 10))
    #expect(history.image("a")?.step == 9)
  }
}
