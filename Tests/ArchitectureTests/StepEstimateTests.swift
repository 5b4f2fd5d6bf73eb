import Architecture
import Testing

@Suite struct StepEstimateTests {
  /// Preset, side of 1-channel images, batch, and images ÷ second that this program's training steps
  /// reached on two AVX2 cores with oneDNN 2.6.3, in
  /// November 2026.
  private static let measured: [(String, Int, Int, Double)] = [
    ("resnet18", 96, 64, 59.4), ("resnet50", 96, 32, 27.7), ("resnext50_32x4d", 96, 32, 21.2),
    ("resnet20_cifar", 28, 128, 618), ("d2l_resnext18", 96, 64, 169.7),
    ("regnet_x_400mf", 96, 32, 209.8), ("resnetv2_50", 64, 32, 49.1), ("wrn40_4", 28, 32, 18.4),
    ("resnet18", 28, 128, 515.4),
  ]

  private func plan(_ preset: String, side: Int) throws -> NetworkPlan {
    var spec = try #require(Preset.named(preset)?.spec)
    spec.input = ImageShape(channels: 1, height: side, width: side)
    spec.classes = 10
    return try NetworkPlan(spec)
  }

  /// An estimate is for choosing networks: it must not be wrong by more than a third.
  @Test(arguments: measured.indices)
  func estimatesAreNearWhatWasMeasured(_ index: Int) throws {
    let (preset, side, batch, speed) = Self.measured[index]
    let estimate = StepEstimate(try plan(preset, side: side), batch: batch)
    let ratio = estimate.seconds / (Double(batch) / speed)
    #expect((0.75...1.33).contains(ratio), "\(preset): \(ratio)")
  }

  @Test func batchesAndMachinesScaleIt() throws {
    let plan = try plan("resnet18", side: 96)
    let one = StepEstimate(plan, batch: 1)
    let many = StepEstimate(plan, batch: 64)
    #expect(abs(many.seconds - 64 * one.seconds) < 1e-9)
    #expect(one.activationBytes == Double(plan.total.activations * 4))
    #expect(one.scaled(by: 2).seconds == 2 * one.seconds)
    #expect(one.scaled(by: 2).activationBytes == one.activationBytes)
  }
}
