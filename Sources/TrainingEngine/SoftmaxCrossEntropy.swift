import Foundation

/// Softmax cross-entropy of a batch, averaged over its images, as
/// `torch.nn.functional.cross_entropy` computes it.
final class SoftmaxCrossEntropy {
  /// Class of each image of the batch.
  private(set) var labels: [Int32]
  let classes: Int
  /// Share of the target spread evenly over all classes, 0 to 1 (Szegedy et al. 2016, §7).
  var labelSmoothing = 0.0
  /// How many of the batch's images count, from the first on.
  private(set) var count: Int

  private(set) var lossSum = 0.0
  private(set) var correct = 0

  init(batch: Int, classes: Int) {
    labels = Array(repeating: 0, count: batch)
    count = batch
    self.classes = classes
  }

  /// Sets the labels of the images that count.
  func take(_ labels: UnsafeBufferPointer<Int32>) {
    count = labels.count
    for (index, label) in labels.enumerated() { self.labels[index] = label }
  }

  /// Measures `logits`, N×classes, and writes the gradient of the mean loss if asked. An image that
  /// does not count gets a gradient of zero.
  func run(logits: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>?) {
    lossSum = 0
    correct = 0
    let uniform = labelSmoothing / Double(classes)
    for image in 0..<labels.count {
      let row = UnsafeBufferPointer(start: logits + image * classes, count: classes)
      guard image < count else {
        gradient.map { ($0 + image * classes).update(repeating: 0, count: classes) }
        continue
      }
      let label = Int(labels[image])
      var best = 0
      for index in 1..<max(1, classes) where row[index] > row[best] { best = index }
      let shift = Double(row[best])
      var sum = 0.0
      var total = 0.0
      for value in row {
        sum += exp(Double(value) - shift)
        total += Double(value)
      }
      let logSum = log(sum) + shift
      lossSum +=
        (1 - labelSmoothing) * (logSum - Double(row[label]))
        + uniform * (Double(classes) * logSum - total)
      if best == label { correct += 1 }
      guard let gradient else { continue }
      for index in 0..<classes {
        let target = (index == label ? 1 - labelSmoothing : 0) + uniform
        let probability = exp(Double(row[index]) - logSum)
        gradient[image * classes + index] = Float((probability - target) / Double(count))
      }
    }
  }
}
