import COneDNN
import Randomness
import Testing

@testable import TrainingEngine

/// The weights' gradient of our own code against the definition, summed in double precision.
@Suite struct DirectGradientTests {
  struct Shape: CustomTestStringConvertible {
    var batch, inputs, outputs, height, width, kernel, stride: Int
    var padding = 0

    var testDescription: String {
      "\(batch)×\(inputs)→\(outputs)×\(height)×\(width), kernel \(kernel), stride \(stride), padding \(padding)"
    }
  }

  static let shapes = [
    // Rows that follow each other in memory, in several shares; maps in several groups of images.
    Shape(batch: 2, inputs: 16, outputs: 64, height: 40, width: 50, kernel: 1, stride: 1),
    Shape(batch: 9, inputs: 144, outputs: 16, height: 15, width: 14, kernel: 1, stride: 1),
    Shape(batch: 5, inputs: 16, outputs: 112, height: 3, width: 5, kernel: 1, stride: 1),
    // Pixels and rows that are left out; taps that meet a part of the map, or nothing.
    Shape(batch: 3, inputs: 32, outputs: 48, height: 9, width: 7, kernel: 1, stride: 2),
    Shape(
      batch: 7, inputs: 16, outputs: 32, height: 13, width: 10, kernel: 3, stride: 2, padding: 1),
    Shape(batch: 2, inputs: 16, outputs: 16, height: 8, width: 8, kernel: 7, stride: 2, padding: 3),
    Shape(
      batch: 40, inputs: 16, outputs: 16, height: 2, width: 1, kernel: 5, stride: 3, padding: 2),
    Shape(batch: 1, inputs: 16, outputs: 32, height: 30, width: 31, kernel: 3, stride: 1),
  ]

  @Test(arguments: shapes, [8, 16]) func agreesWithDefinition(shape: Shape, block: Int) throws {
    let problem = try #require(Case(shape, block: block))
    let (result, expected) = (problem.run(threads: 2), problem.definition())
    let difference = zip(result, expected).reduce(0.0) {
      $0 + ($1.1 - Double($1.0)) * ($1.1 - Double($1.0))
    }
    let norm = expected.reduce(0.0) { $0 + $1 * $1 }
    #expect((difference / norm).squareRoot() < 2e-6)
  }

  @Test(arguments: shapes) func threadsChangeNoBit(shape: Shape) throws {
    let problem = try #require(Case(shape, block: 8))
    #expect(problem.run(threads: 1) == problem.run(threads: 2))
  }

  @Test func groupsAndBiasesAreLeftToOthers() {
    func supports(_ change: (inout rt_convolution) -> Void) -> Bool {
      var direct = Case(Self.shapes[0], block: 8)!.direct
      change(&direct.shape)
      return withUnsafePointer(to: direct, rt_direct_supports)
    }
    #expect(supports { _ in })
    #expect(!supports { $0.groups = 2 })
    #expect(!supports { $0.bias = true })
    #expect(!supports { $0.input_channels = 12 })
  }
}

/// One convolution's operands in blocked layouts.
private struct Case {
  let direct: rt_direct
  let source, gradient: [Float]

  init?(_ s: DirectGradientTests.Shape, block: Int) {
    let (outputHeight, outputWidth) = (
      (s.height + 2 * s.padding - s.kernel) / s.stride + 1,
      (s.width + 2 * s.padding - s.kernel) / s.stride + 1
    )
    direct = rt_direct(
      shape: rt_convolution(
        batch: Int64(s.batch), groups: 1, input_channels: Int64(s.inputs),
        input_height: Int64(s.height), input_width: Int64(s.width),
        output_channels: Int64(s.outputs), output_height: Int64(outputHeight),
        output_width: Int64(outputWidth), kernel: Int64(s.kernel), stride: Int64(s.stride),
        padding: rt_padding(
          top: Int64(s.padding), left: Int64(s.padding), bottom: Int64(s.padding),
          right: Int64(s.padding)), bias: false), block: Int64(block), element: .float32)
    guard withUnsafePointer(to: direct, rt_direct_supports) else { return nil }
    var generator = Philox(seed: 1)
    func floats(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(2 * generator.uniform() - 1) }
    }
    source = floats(s.batch * s.inputs * s.height * s.width)
    gradient = floats(s.batch * s.outputs * outputHeight * outputWidth)
  }

  private var weightCount: Int {
    let c = direct.shape
    return Int(c.output_channels * c.input_channels * c.kernel * c.kernel)
  }

  func run(threads: Int) -> [Float] {
    rt_set_threads(CInt(threads))
    var result = [Float](repeating: .nan, count: weightCount)
    withUnsafePointer(to: direct) { rt_direct_backward_weights($0, source, gradient, &result) }
    return result
  }

  func definition() -> [Double] {
    let c = direct.shape
    let block = Int(direct.block)
    let (inputs, outputs) = (Int(c.input_channels), Int(c.output_channels))
    let (kernel, stride, padding) = (Int(c.kernel), Int(c.stride), Int(c.padding.top))
    func index(_ n: Int, _ channel: Int, _ y: Int, _ x: Int, of extent: (Int, Int, Int)) -> Int {
      let (channels, height, width) = extent
      return (((n * (channels / block) + channel / block) * height + y) * width + x) * block
        + channel % block
    }
    let input = (inputs, Int(c.input_height), Int(c.input_width))
    let output = (outputs, Int(c.output_height), Int(c.output_width))
    var result = [Double](repeating: 0, count: weightCount)
    for n in 0..<Int(c.batch) {
      for y in 0..<output.1 {
        for x in 0..<output.2 {
          for tap in 0..<(kernel * kernel) {
            let row = y * stride + tap / kernel - padding
            let column = x * stride + tap % kernel - padding
            guard (0..<input.1).contains(row), (0..<input.2).contains(column) else { continue }
            for o in 0..<outputs {
              let upstream = Double(gradient[index(n, o, y, x, of: output)])
              for i in 0..<inputs {
                let place =
                  (((o / block * (inputs / block) + i / block) * kernel * kernel + tap) * block
                    + i % block) * block + o % block
                result[place] += upstream * Double(source[index(n, i, row, column, of: input)])
              }
            }
          }
        }
      }
    }
    return result
  }
}
