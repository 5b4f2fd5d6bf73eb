import COneDNN
import Testing

@testable import TrainingEngine

/// Winograd's convolutions against the definition.
@Suite struct WinogradTests {
  struct Shape: CustomTestStringConvertible {
    var batch, inputs, outputs, height, width: Int
    /// top, left, bottom, right.
    var padding = [1, 1, 1, 1]

    var testDescription: String {
      "\(batch)×\(inputs)→\(outputs)×\(height)×\(width), padding \(padding)"
    }
  }

  static let shapes = [
    // Whole tiles, cut ones, less than one; blocks that fill no panel; more groups than one share.
    Shape(batch: 2, inputs: 16, outputs: 32, height: 12, width: 12),
    Shape(batch: 3, inputs: 32, outputs: 16, height: 9, width: 7),
    Shape(batch: 1, inputs: 16, outputs: 48, height: 5, width: 5, padding: [0, 0, 0, 0]),
    Shape(batch: 2, inputs: 48, outputs: 16, height: 6, width: 5, padding: [0, 1, 1, 0]),
    Shape(batch: 5, inputs: 16, outputs: 16, height: 1, width: 2),
    Shape(batch: 40, inputs: 16, outputs: 16, height: 13, width: 17),
    // So many channels that the threads share each step.
    Shape(batch: 12, inputs: 304, outputs: 16, height: 13, width: 9),
    Shape(batch: 12, inputs: 16, outputs: 304, height: 13, width: 9),
  ]

  @Test(arguments: shapes, [2, 3, 4]) func agreesWithDefinition(shape: Shape, tile: Int) throws {
    for block in [8, 16] {
      let problem = try #require(Case(shape, tile: tile, block: block))
      let (output, sourceGradient, weightsGradient, biasGradient) = problem.run(threads: 2)
      let expected = problem.operands.definition()
      #expect(ReferenceConvolution.error(output, expected.output) < 4e-6)
      #expect(ReferenceConvolution.error(sourceGradient, expected.sourceGradient) < 4e-6)
      #expect(ReferenceConvolution.error(weightsGradient, expected.weightsGradient) < 4e-6)
      #expect(ReferenceConvolution.error(biasGradient, expected.biasGradient) < 4e-6)
    }
  }

  @Test(arguments: shapes[5...], [2, 3, 4]) func threadsChangeNoBit(
    shape: Shape, tile: Int
  ) throws {
    let one = try #require(Case(shape, tile: tile, block: 8, workers: 1)).run(threads: 1)
    for (workers, threads) in [(2, 2), (2, 1), (3, 2)] {
      let problem = try #require(Case(shape, tile: tile, block: 8, workers: workers))
      #expect(problem.run(threads: threads) == one)
    }
  }
}

private struct Case {
  let winograd: rt_winograd
  let operands: ReferenceConvolution

  init?(_ s: WinogradTests.Shape, tile: Int, block: Int, workers: Int = 2) {
    operands = ReferenceConvolution(
      batch: s.batch, inputs: s.inputs, outputs: s.outputs, height: s.height, width: s.width,
      kernel: 3, padding: s.padding, bias: true, block: block)
    winograd = rt_winograd(
      shape: operands.shape, tile: Int64(tile), block: Int64(block), element: .float32,
      workers: Int64(workers))
    guard withUnsafePointer(to: winograd, rt_winograd_supports) else { return nil }
  }

  func run(
    threads: Int
  ) -> ([Float], sourceGradient: [Float], weightsGradient: [Float], biasGradient: [Float]) {
    rt_set_threads(CInt(threads))
    let o = operands
    return withUnsafePointer(to: winograd) { w in
      let passes = [RT_FORWARD_TRAINING, RT_BACKWARD_DATA, RT_BACKWARD_WEIGHTS]
      let bytes = passes.map { rt_winograd_scratch(w, $0) }.max()!
      var scratch = [Float](repeating: .nan, count: bytes / 4)
      var output = [Float](repeating: .nan, count: o.gradient.count)
      var sourceGradient = [Float](repeating: .nan, count: o.source.count)
      var weightsGradient = [Float](repeating: .nan, count: o.weights.count)
      var biasGradient = [Float](repeating: .nan, count: o.bias.count)
      rt_winograd_forward(w, o.source, o.weights, o.bias, &output, &scratch)
      rt_winograd_backward_data(w, o.gradient, o.weights, &sourceGradient, &scratch)
      rt_winograd_backward_weights(
        w, o.source, o.gradient, &weightsGradient, &biasGradient, &scratch)
      return (output, sourceGradient, weightsGradient, biasGradient)
    }
  }
}
