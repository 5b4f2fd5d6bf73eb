import Testing

@testable import Datasets

@Suite struct ImageSetTests {
  /// Six images of 1×1×2 whose pixels are 2i and 2i+1.
  private let six = ImageSet(
    channels: 1, height: 1, width: 2, classes: ["even", "odd"], pixels: Array(0..<12),
    labels: [0, 1, 0, 1, 0, 1])

  @Test func prefixKeepsTheFirst() {
    #expect(six.prefix(2).pixels == [0, 1, 2, 3])
    #expect(six.prefix(2).labels == [0, 1])
    #expect(six.prefix(0).count == 0)
    #expect(six.prefix(7) == six)
    #expect(Array(six[pixelsOf: 5]) == [10, 11])
    #expect(six[1..<3].pixels == [2, 3, 4, 5])
  }

  @Test func holdoutPartsTheSetBySeed() throws {
    let (training, validation) = try six.holdingOut(2, seed: 3)
    #expect(training.count == 4 && validation.count == 2)
    #expect((training.pixels + validation.pixels).sorted() == six.pixels)
    #expect(training.pixels == training.pixels.sorted())
    #expect(try six.holdingOut(2, seed: 3).validation == validation)
    let drawn = try Set((0..<20).map { try six.holdingOut(2, seed: $0).validation.pixels })
    #expect(drawn.count > 5)
    #expect(try six.holdingOut(0, seed: 3).training == six)
  }

  @Test(arguments: [-1, 6, 7]) func holdoutMustLeaveSomething(_ n: Int) {
    let error = #expect(throws: DatasetError.self) { try six.holdingOut(n, seed: 0) }
    #expect(error?.description == "data.holdout: \(n) of 6 training images; give 0 to 5")
  }
}
