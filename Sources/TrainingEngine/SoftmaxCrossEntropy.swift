import Foundation

/// Softmax cross-entropy of a batch, averaged over its images, as
/// `torch.nn.functional.cross_entropy` computes it.
final class SoftmaxCrossEntropy {
  /// Class of each image of the batch.
  private(set) var labels: [Int32]
  /// Of each image, the class that is mixed in and the first class's share; empty where none is.
  private var mixture: [(label: Int32, share: Float)] = []
  let classes: Int
  /// Share of the target spread evenly over all classes, 0 to 1 (Szegedy et al. 2016, §7).
  var labelSmoothing = 0.0
  /// How many of the batch's images count, from the first on.
  private(set) var count: Int

  private(set) var lossSum = 0.0
  private(set) var correct = 0
  /// Of each image that counts.
  private(set) var predictions: [Network.Prediction]

  init(batch: Int, classes: Int) {
    labels = Array(repeating: 0, count: batch)
    predictions = Array(repeating: Network.Prediction(label: 0, confidence: 0), count: batch)
    count = batch
    self.classes = classes
  }

  /// Sets the labels of the images that count.
  func take(
    _ labels: UnsafeBufferPointer<Int32>,
    mixture: (labels: UnsafeBufferPointer<Int32>, shares: UnsafeBufferPointer<Float>)? = nil
  ) {
    self.mixture.removeAll(keepingCapacity: true)
    if let mixture {
      for (label, share) in zip(mixture.labels, mixture.shares) {
        self.mixture.append((label, share))
      }
    }
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
      let (other, share) =
        mixture.isEmpty
        ? (label, 1.0) : (Int(mixture[image].label), Double(mixture[image].share))
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
      predictions[image] = Network.Prediction(label: best, confidence: 1 / sum)
      lossSum +=
        (1 - labelSmoothing)
        * (share * (logSum - Double(row[label])) + (1 - share) * (logSum - Double(row[other])))
        + uniform * (Double(classes) * logSum - total)
      if best == (share >= 0.5 ? label : other) { correct += 1 }
      guard let gradient else { continue }
      for index in 0..<classes {
        let hit = (index == label ? share : 0) + (index == other ? 1 - share : 0)
        let target = (1 - labelSmoothing) * hit + uniform
        let probability = exp(Double(row[index]) - logSum)
        gradient[image * classes + index] = Float((probability - target) / Double(count))
      }
    }
  }

  /// Replaces `logits`, N×classes, by the logarithms of the mean of their probabilities and those of
  /// `other`.
  static func averageProbabilities(
    _ other: [Float], _ logits: UnsafeMutableBufferPointer<Float>, classes: Int
  ) {
    func logSum(_ row: some Collection<Float>) -> Double {
      let shift = Double(row.max() ?? 0)
      return log(row.reduce(0.0) { $0 + exp(Double($1) - shift) }) + shift
    }
    for start in stride(from: 0, to: logits.count, by: classes) {
      let row = start..<start + classes
      let (a, b) = (logSum(other[row]), logSum(logits[row]))
      for index in row {
        let mean = (exp(Double(other[index]) - a) + exp(Double(logits[index]) - b)) / 2
        // No logit is infinite, however small the probability.
        logits[index] = Float(max(log(mean), -1e4))
      }
    }
  }
}
