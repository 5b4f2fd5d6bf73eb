import Randomness
import Testing

@testable import TrainingEngine

@Suite struct ArenaPlanTests {
  /// Buffers that live at the same time never overlap, whatever the requests.
  @Test func neighboursInTimeAreApart() {
    var generator = Philox(seed: 1)
    for _ in 0..<50 {
      let requests = (0..<40).map { _ in
        let start = Int.random(in: 0..<30, using: &generator)
        return ArenaPlan.Request(
          byteCount: Int.random(in: 1...5000, using: &generator),
          lifetime: start...start + Int.random(in: 0...10, using: &generator))
      }
      let plan = ArenaPlan(requests)
      for (i, a) in requests.enumerated() {
        #expect(plan.offsets[i] % ArenaPlan.alignment == 0)
        #expect(plan.offsets[i] + a.byteCount <= plan.byteCount)
        for (j, b) in requests.enumerated() where j > i && a.lifetime.overlaps(b.lifetime) {
          let apart =
            plan.offsets[i] + a.byteCount <= plan.offsets[j]
            || plan.offsets[j] + b.byteCount <= plan.offsets[i]
          #expect(apart)
        }
      }
    }
  }

  @Test func memoryIsReused() {
    let requests = (0..<10).map { ArenaPlan.Request(byteCount: 640, lifetime: $0...$0 + 1) }
    #expect(ArenaPlan(requests).byteCount == 1280)
  }
}
