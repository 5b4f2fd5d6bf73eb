import COneDNN
import Testing

@testable import TrainingEngine

/// The weights' gradient of our own code against the definition.
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
    let expected = problem.operands.definition().weightsGradient
    #expect(ReferenceConvolution.error(problem.run(threads: 2), expected) < 2e-6)
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

private struct Case {
  let direct: rt_direct
  let operands: ReferenceConvolution

  init?(_ s: DirectGradientTests.Shape, block: Int) {
    operands = ReferenceConvolution(
      batch: s.batch, inputs: s.inputs, outputs: s.outputs, height: s.height, width: s.width,
      kernel: s.kernel, stride: s.stride, padding: Array(repeating: s.padding, count: 4),
      block: block)
    direct = rt_direct(shape: operands.shape, block: Int64(block), element: .float32)
    guard withUnsafePointer(to: direct, rt_direct_supports) else { return nil }
  }

  func run(threads: Int) -> [Float] {
    rt_set_threads(CInt(threads))
    var result = [Float](repeating: .nan, count: operands.weights.count)
    withUnsafePointer(to: direct) {
      rt_direct_backward_weights($0, operands.source, operands.gradient, &result)
    }
    return result
  }
}
