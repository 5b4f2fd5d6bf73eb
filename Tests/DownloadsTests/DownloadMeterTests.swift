import Testing

@testable import Downloads

@Suite struct DownloadMeterTests {
  @Test func rateAndTimeLeft() {
    var meter = DownloadMeter(total: 1000)
    #expect(meter.rate == nil && meter.remaining == nil)
    meter.record(100, at: 10)
    #expect(meter.rate == nil)
    meter.record(300, at: 12)
    #expect(meter.rate == 100 && meter.remaining == 7)
  }

  /// What came before the last seconds does not count, and neither do the bytes of an earlier attempt.
  @Test func onlyTheLastSecondsCount() {
    var meter = DownloadMeter(total: 10_000)
    for second in 0...20 { meter.record(second * 100, at: Double(second)) }
    for second in 21...30 { meter.record(2000 + (second - 20) * 10, at: Double(second)) }
    #expect(meter.rate == 10)
    for second in 31...40 { meter.record(2100, at: Double(second)) }
    #expect(meter.rate == 0 && meter.remaining == nil)
    meter.record(0, at: 41)
    #expect(meter.rate == nil)
    meter.record(50, at: 42)
    #expect(meter.rate == 50)
  }

  @Test func moreThanTheWholeIsNoTimeLeft() {
    var meter = DownloadMeter(total: 10)
    meter.record(0, at: 0)
    meter.record(20, at: 1)
    #expect(meter.remaining == 0)
  }
}
