import Foundation
import TestSupport
import Testing

@testable import Datasets

@Suite struct ProceduralTests {
  @Test func followsFromTheSeed() {
    let a = Dataset.procedural(seed: 1, trainCount: 200, testCount: 50)
    #expect(a.train == Dataset.procedural(seed: 1, trainCount: 300, testCount: 1).train.prefix(200))
    #expect(a.train != Dataset.procedural(seed: 2, trainCount: 200, testCount: 50).train)
    #expect(a.train.prefix(50) != a.test)
    #expect(a.train.classes.count == 10)
    for label in UInt8(0)..<10 { #expect(a.train.labels.count { $0 == label } == 20) }
    // No image is blank, and none comes twice.
    let images = (0..<200).map { Array(a.train[pixelsOf: $0]) }
    #expect(Set(images).count == 200)
    #expect(images.allSatisfy { ($0.max() ?? 0) - ($0.min() ?? 0) > 60 })
  }

  /// The bytes are the same on every machine and in every version: experiments depend on them.
  @Test func staysWhatItIs() {
    let set = Dataset.procedural(seed: 0, trainCount: 20, testCount: 0).train
    let text = (0..<10).map { label in
      let image = Array(set[pixelsOf: label])
      let rows = stride(from: 0, to: 28, by: 2).map { y in
        String((0..<28).map { Array(" .:-=+*#%@")[Int(image[y * 28 + $0]) * 10 / 256] })
      }
      return set.classes[label] + "\n" + rows.joined(separator: "\n") + "\n"
    }.joined()
    expectSnapshot(text, named: "silhouettes")
  }

  /// Learnable, but not by a straight cut through the pixels: softmax regression, trained to
  /// convergence, stays below 80 %.
  @Test func isTooHardForALinearClassifier() {
    let data = Dataset.procedural(seed: 0, trainCount: 6000, testCount: 2000)
    var classifier = LinearClassifier(inputs: 784, classes: 10)
    for epoch in 0..<16 {
      classifier.train(data.train, rate: 0.001 / Float(1 + epoch), data)
    }
    let accuracy = classifier.accuracy(data.test, data)
    #expect(accuracy > 0.15, "\(accuracy)")
    #expect(accuracy < 0.8, "\(accuracy)")
  }
}

/// Softmax regression with plain SGD.
private struct LinearClassifier {
  private var weights: [Float]
  private let inputs: Int
  private let classes: Int

  init(inputs: Int, classes: Int) {
    self.inputs = inputs
    self.classes = classes
    weights = Array(repeating: 0, count: (inputs + 1) * classes)
  }

  private func input(_ set: ImageSet, _ index: Int, _ data: Dataset) -> [Float] {
    set[pixelsOf: index].map { (Float($0) / 255 - data.mean[0]) / data.standardDeviation[0] } + [1]
  }

  private func logits(_ x: [Float]) -> [Float] {
    (0..<classes).map { label in
      weights.withUnsafeBufferPointer { weights in
        x.withUnsafeBufferPointer { x in
          var sum: Float = 0
          for i in 0..<x.count { sum += weights[label * x.count + i] * x[i] }
          return sum
        }
      }
    }
  }

  mutating func train(_ set: ImageSet, rate: Float, _ data: Dataset) {
    for index in 0..<set.count {
      let x = input(set, index, data)
      let z = logits(x)
      let peak = z.max() ?? 0
      let e = z.map { exp($0 - peak) }
      let sum = e.reduce(0, +)
      for label in 0..<classes {
        let error = e[label] / sum - (label == Int(set.labels[index]) ? 1 : 0)
        for i in 0..<x.count { weights[label * x.count + i] -= rate * error * x[i] }
      }
    }
  }

  func accuracy(_ set: ImageSet, _ data: Dataset) -> Double {
    let correct = (0..<set.count).count { index in
      let z = logits(input(set, index, data))
      return z.indices.max { z[$0] < z[$1] } == Int(set.labels[index])
    }
    return Double(correct) / Double(set.count)
  }
}
