import Foundation
import Randomness

/// What augmentation does to one image.
struct Pose: Equatable {
  /// Pixels from the top left corner on.
  struct Rectangle: Equatable {
    var top, left, height, width: Int
  }

  var isFlipped = false
  /// Source row and column of the top left pixel; 0 without a shift.
  var top = 0
  var left = 0
  /// Blanked, within the image.
  var blanks: [Rectangle] = []

  /// Drawn from (`seed`, `epoch`, `sample`) alone, so that neither the batch size nor a resumed run
  /// changes it; `sample` is the image's index in its set. Every kind has a stream of its own: none
  /// changes what another draws.
  init(
    _ augment: [Augmentation], seed: UInt64, epoch: Int, sample: Int, height: Int, width: Int
  ) {
    guard !augment.isEmpty else { return }
    var generator = Philox(seed: seed, purpose: "augment", UInt64(epoch), UInt64(sample))
    let side = generator.draw(below: 2)
    let (down, right) = (Augmentation.padding(of: height), Augmentation.padding(of: width))
    let shift = (generator.draw(below: 2 * down + 1), generator.draw(below: 2 * right + 1))
    if augment.contains(.flip) { isFlipped = side == 1 }
    if augment.contains(.crop) { (top, left) = (shift.0 - down, shift.1 - right) }
    if augment.contains(.translate) {
      var generator = Philox(seed: seed, purpose: "translate", UInt64(epoch), UInt64(sample))
      let (down, right) = (height / 10, width / 10)
      top += generator.draw(below: 2 * down + 1) - down
      left += generator.draw(below: 2 * right + 1) - right
    }
    if augment.contains(.cutout) {
      var generator = Philox(seed: seed, purpose: "cutout", UInt64(epoch), UInt64(sample))
      let (rows, columns) = (height / 2, width / 2)
      let whole = Rectangle(
        top: generator.draw(below: height) - rows / 2,
        left: generator.draw(below: width) - columns / 2, height: rows, width: columns)
      blanks.append(whole.clipped(height: height, width: width))
    }
    if augment.contains(.erase) {
      var generator = Philox(seed: seed, purpose: "erase", UInt64(epoch), UInt64(sample))
      if let blank = Rectangle.erasing(height: height, width: width, &generator) {
        blanks.append(blank)
      }
    }
  }
}

extension Pose.Rectangle {
  fileprivate func clipped(height limit: Int, width widthLimit: Int) -> Pose.Rectangle {
    let (first, firstColumn) = (max(0, top), max(0, left))
    return Pose.Rectangle(
      top: first, left: firstColumn, height: min(limit, top + height) - first,
      width: min(widthLimit, left + width) - firstColumn)
  }

  /// Half of the time nil, else the first of ten draws that fits; nil if none does.
  fileprivate static func erasing(
    height: Int, width: Int, _ generator: inout Philox
  ) -> Pose.Rectangle? {
    guard generator.uniform() < 0.5 else { return nil }
    for _ in 0..<10 {
      let area = Double(height * width) * (0.02 + (0.33 - 0.02) * generator.uniform())
      let ratio = exp(log(0.3) + (log(3.3) - log(0.3)) * generator.uniform())
      let rows = Int((area * ratio).squareRoot().rounded())
      let columns = Int((area / ratio).squareRoot().rounded())
      guard rows > 0, columns > 0, rows < height, columns < width else { continue }
      return Pose.Rectangle(
        top: generator.draw(below: height - rows + 1),
        left: generator.draw(below: width - columns + 1), height: rows, width: columns)
    }
    return nil
  }
}
