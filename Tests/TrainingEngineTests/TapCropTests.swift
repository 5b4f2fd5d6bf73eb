import Architecture
import Testing

@testable import TrainingEngine

@Suite struct TapCropTests {
  private func crop(_ kernel: Int, stride: Int, padding: Int, input: Int) -> TapCrop? {
    let window = WindowPlan(kernel: kernel, stride: stride, padding: WindowPlan.Padding(padding))
    let map = ImageShape(channels: 1, height: input, width: input)
    return TapCrop(window, input: map, output: window.output(map, channels: 1))
  }

  @Test func aSinglePixelMeetsTheCentreTap() {
    let found = crop(3, stride: 1, padding: 1, input: 1)
    #expect(found?.offset == 1)
    #expect(found?.window == WindowPlan(kernel: 1, stride: 1, padding: WindowPlan.Padding(0)))
    #expect(crop(7, stride: 2, padding: 3, input: 1)?.offset == 3)
  }

  @Test func twoPixelsMeetTheOuterTapsToo() {
    #expect(crop(3, stride: 1, padding: 1, input: 2) == nil)
    #expect(crop(3, stride: 1, padding: 1, input: 28) == nil)
    // At stride 2 the only output sees a corner of two pixels.
    #expect(crop(3, stride: 2, padding: 1, input: 2)?.window.kernel == 2)
  }

  @Test func oblongMapsAreLeftAlone() {
    let window = WindowPlan(kernel: 3, stride: 1, padding: WindowPlan.Padding(1))
    let shape = ImageShape(channels: 1, height: 1, width: 5)
    #expect(TapCrop(window, input: shape, output: shape) == nil)
  }
}
