import COneDNN
import Randomness
import Testing

@testable import TrainingEngine

/// Winograd's convolutions against the definition, summed in double precision. The operands' signs are
/// random, so that sums over thousands of terms lose most of what float32 has.
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
  ]

  @Test(arguments: shapes, [2, 3, 4]) func agreesWithDefinition(shape: Shape, tile: Int) throws {
    for block in [8, 16] {
      guard let problem = Case(shape, tile: tile, block: block) else { continue }
      let (output, sourceGradient, weightsGradient, biasGradient) = problem.run(threads: 2)
      let expected = problem.definition()
      #expect(error(output, expected.output) < 4e-6)
      #expect(error(sourceGradient, expected.sourceGradient) < 4e-6)
      #expect(error(weightsGradient, expected.weightsGradient) < 4e-6)
      #expect(error(biasGradient, expected.biasGradient) < 4e-6)
    }
  }

  @Test(arguments: [2, 3, 4]) func threadsChangeNoBit(tile: Int) throws {
    let problem = try #require(Case(Self.shapes[5], tile: tile, block: 8))
    let (one, two) = (problem.run(threads: 1), problem.run(threads: 2))
    #expect(one == two)
  }

  /// ‖a − b‖₂ / ‖b‖₂.
  private func error(_ a: [Float], _ b: [Double]) -> Double {
    let difference = zip(a, b).reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    return (difference / b.reduce(0.0) { $0 + $1 * $1 }).squareRoot()
  }
}

/// One convolution's operands in blocked layouts.
private struct Case {
  let winograd: rt_winograd
  let source, weights, bias, gradient: [Float]

  init?(_ s: WinogradTests.Shape, tile: Int, block: Int) {
    let (outputHeight, outputWidth) = (
      s.height + s.padding[0] + s.padding[2] - 2, s.width + s.padding[1] + s.padding[3] - 2
    )
    winograd = rt_winograd(
      shape: rt_convolution(
        batch: Int64(s.batch), groups: 1, input_channels: Int64(s.inputs),
        input_height: Int64(s.height), input_width: Int64(s.width),
        output_channels: Int64(s.outputs), output_height: Int64(outputHeight),
        output_width: Int64(outputWidth), kernel: 3, stride: 1,
        padding: rt_padding(
          top: Int64(s.padding[0]), left: Int64(s.padding[1]), bottom: Int64(s.padding[2]),
          right: Int64(s.padding[3])), bias: true), tile: Int64(tile), block: Int64(block),
      element: .float32)
    guard withUnsafePointer(to: winograd, rt_winograd_supports) else { return nil }
    var generator = Philox(seed: 1)
    func floats(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(2 * generator.uniform() - 1) }
    }
    source = floats(s.batch * s.inputs * s.height * s.width)
    weights = floats(s.outputs * s.inputs * 9)
    bias = floats(s.outputs)
    gradient = floats(s.batch * s.outputs * outputHeight * outputWidth)
  }

  func run(
    threads: Int
  ) -> ([Float], sourceGradient: [Float], weightsGradient: [Float], biasGradient: [Float]) {
    rt_set_threads(CInt(threads))
    return withUnsafePointer(to: winograd) { w in
      let passes = [RT_FORWARD_TRAINING, RT_BACKWARD_DATA, RT_BACKWARD_WEIGHTS]
      let bytes = passes.map { rt_winograd_scratch(w, $0) }.max()!
      var scratch = [Float](repeating: .nan, count: bytes / 4)
      var output = [Float](repeating: .nan, count: gradient.count)
      var sourceGradient = [Float](repeating: .nan, count: source.count)
      var weightsGradient = [Float](repeating: .nan, count: weights.count)
      var biasGradient = [Float](repeating: .nan, count: bias.count)
      rt_winograd_forward(w, source, weights, bias, &output, &scratch)
      rt_winograd_backward_data(w, gradient, weights, &sourceGradient, &scratch)
      rt_winograd_backward_weights(
        w, source, gradient, &weightsGradient, &biasGradient, &scratch)
      return (output, sourceGradient, weightsGradient, biasGradient)
    }
  }

  func definition() -> (
    output: [Double], sourceGradient: [Double], weightsGradient: [Double], biasGradient: [Double]
  ) {
    let c = winograd.shape
    let block = Int(winograd.block)
    let (inputs, outputs) = (Int(c.input_channels), Int(c.output_channels))
    let (height, width) = (Int(c.input_height), Int(c.input_width))
    let (outputHeight, outputWidth) = (Int(c.output_height), Int(c.output_width))
    func activation(_ n: Int, _ channel: Int, _ y: Int, _ x: Int, of extent: (Int, Int, Int))
      -> Int
    {
      let (channels, height, width) = extent
      return (((n * (channels / block) + channel / block) * height + y) * width + x) * block
        + channel % block
    }
    func weight(_ o: Int, _ i: Int, _ tap: Int) -> Int {
      (((o / block * (inputs / block) + i / block) * 9 + tap) * block + i % block) * block
        + o % block
    }
    var output = [Double](repeating: 0, count: gradient.count)
    var sourceGradient = [Double](repeating: 0, count: source.count)
    var weightsGradient = [Double](repeating: 0, count: weights.count)
    var biasGradient = [Double](repeating: 0, count: bias.count)
    for n in 0..<Int(c.batch) {
      for o in 0..<outputs {
        for y in 0..<outputHeight {
          for x in 0..<outputWidth {
            let place = activation(n, o, y, x, of: (outputs, outputHeight, outputWidth))
            let upstream = Double(gradient[place])
            var sum = Double(bias[o])
            biasGradient[o] += upstream
            for i in 0..<inputs {
              for tap in 0..<9 {
                let (row, column) = (
                  y + tap / 3 - Int(c.padding.top), x + tap % 3 - Int(c.padding.left)
                )
                guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
                let (from, with) = (
                  activation(n, i, row, column, of: (inputs, height, width)), weight(o, i, tap)
                )
                sum += Double(source[from]) * Double(weights[with])
                sourceGradient[from] += upstream * Double(weights[with])
                weightsGradient[with] += upstream * Double(source[from])
              }
            }
            output[place] = sum
          }
        }
      }
    }
    return (output, sourceGradient, weightsGradient, biasGradient)
  }
}
