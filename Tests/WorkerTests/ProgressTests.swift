import Testing

@testable import Worker

@Suite struct ProgressTests {
  private let progress = Progress(
    step: 520, totalSteps: 4680, epoch: 2, epochs: 10, loss: 0.43121, accuracy: 0.847,
    learningRate: 0.1, imagesPerSecond: 1912, elapsed: 30, remaining: 192)

  @Test func lines() {
    #expect(
      ProgressText.line(progress)
        == "epoch 2/10  step 520/4680  loss 0.4312  acc 84.7 %  1.9 k img/s  ETA 03:12")
  }

  @Test(arguments: [0, 1, 20, 60, 79, 89, 100, 200])
  func barsFit(columns: Int) {
    #expect(ProgressText.bar(progress, columns: columns).count <= columns)
  }

  @Test func barShowsTheFraction() {
    let bar = ProgressText.bar(progress, columns: 120)
    #expect(bar.hasPrefix("[===>                          ] epoch 2/10"))
  }

  @Test func plainLinesComeEveryFewSeconds() {
    var lines: [String] = []
    let sink = PlainProgress { lines.append($0) }
    for step in 1...100 {
      var progress = progress
      progress.step = step
      progress.elapsed = Double(step) / 10
      sink.stepped(progress)
    }
    #expect(lines.count == 2)
  }

  @Test func jsonLinesHaveAnEventAndSnakeCaseKeys() {
    var lines: [String] = []
    JSONProgress { lines.append($0) }.stepped(progress)
    #expect(lines.count == 1)
    #expect(lines[0].hasPrefix(#"{"accuracy":0.847,"elapsed":30,"epoch":2,"epochs":10,"event":"#))
    #expect(lines[0].contains(#""images_per_second":1912"#))
    #expect(lines[0].hasSuffix("}\n"))
  }

  /// The bar gives its line to what is said at the end, whatever that is.
  @Test func theBarIsGoneAtTheEnd() {
    let progress = Progress(
      step: 1, totalSteps: 10, epoch: 1, epochs: 1, loss: 1, accuracy: 0, learningRate: 0.1,
      imagesPerSecond: 1, elapsed: 1, remaining: nil)
    var written = ""
    let bar = BarProgress(columns: { 80 }, write: { written += $0 })
    bar.gaveUp()
    #expect(written == "")
    bar.stepped(progress)
    #expect(!written.hasSuffix("\r\u{1B}[K"))
    bar.gaveUp()
    #expect(written.hasSuffix("\r\u{1B}[K"))
  }

  /// What stops a training is said at once, whatever was said before.
  @Test func everyStyleSaysWhyItHalts() {
    let reason = "log: the disk is full\u{1B}[2J"
    for (sink, text) in [
      (
        { PlainProgress(write: $0) as any ProgressSink },
        "training pauses, and goes on once this is mended: log: the disk is full␛[2J\n"
      ),
      (
        { BarProgress(columns: { 80 }, write: $0) },
        "training pauses, and goes on once this is mended: log: the disk is full␛[2J\n"
      ),
      (
        { JSONProgress(write: $0) },
        #"{"event":"halt","reason":"log: the disk is full\u001b[2J"}"# + "\n"
      ),
    ] as [((@escaping (String) -> Void) -> any ProgressSink, String)] {
      var written = ""
      sink { written += $0 }.halted(reason)
      #expect(written == text)
    }
  }
}
