import Architecture
import COneDNN
import Foundation
import Randomness
import Testing

@testable import TrainingEngine

/// bfloat16 in memory changes nothing but what is read and written: a kernel's result is that of the
/// same numbers as float32, rounded.
@Suite struct BFloat16Tests {
  private static func floats(_ count: Int, seed: UInt64) -> [Float] {
    var generator = Philox(seed: seed)
    return rounded((0..<count).map { _ in Float(2 * generator.uniform() - 1) })
  }

  private static func rounded(_ values: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    rt_round(values, &result, values.count)
    return result
  }

  private static func narrowed(_ values: [Float]) -> [UInt16] {
    var result = [UInt16](repeating: 0, count: values.count)
    rt_narrow(values, &result, values.count)
    return result
  }

  private static func widened(_ values: [UInt16]) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    rt_widen(values, &result, values.count)
    return result
  }

  /// `body` on numbers of `count` elements in either precision; both results as float32.
  private func both(
    _ count: Int, _ body: (rt_element, UnsafeMutableRawPointer) -> Void
  ) -> (float32: [Float], bfloat16: [Float]) {
    var float32 = [Float](repeating: .nan, count: count)
    var bfloat16 = [UInt16](repeating: .max, count: count)
    float32.withUnsafeMutableBytes { body(.float32, $0.baseAddress!) }
    bfloat16.withUnsafeMutableBytes { body(.bfloat16, $0.baseAddress!) }
    return (float32, Self.widened(bfloat16))
  }

  /// `values`, which bfloat16 holds exactly, in the memory of `element`.
  private func operand<Result>(
    _ values: [Float], _ element: rt_element, _ body: (UnsafeRawPointer) -> Result
  ) -> Result {
    element == .float32
      ? values.withUnsafeBytes { body($0.baseAddress!) }
      : Self.narrowed(values).withUnsafeBytes { body($0.baseAddress!) }
  }

  @Test func roundsToNearestEven() {
    let cases: [(Float, UInt32)] = [
      (1, 0x3f80_0000), (Float(bitPattern: 0x3f80_8000), 0x3f80_0000),
      (Float(bitPattern: 0x3f81_8000), 0x3f82_0000), (Float(bitPattern: 0x3f80_8001), 0x3f81_0000),
      (-0.0, 0x8000_0000), (.infinity, 0x7f80_0000), (.greatestFiniteMagnitude, 0x7f80_0000),
      (Float(bitPattern: 0x0000_8001), 0x0001_0000),
    ]
    #expect(Self.rounded(cases.map(\.0)).map(\.bitPattern) == cases.map(\.1))
    #expect(Self.widened(Self.narrowed(cases.map(\.0))).map(\.bitPattern) == cases.map(\.1))
    // All of its payload in the lower half: rounding alone would make an infinity of it.
    #expect(Self.rounded([Float(bitPattern: 0x7f80_0001)])[0].isNaN)
    #expect(Self.widened(Self.narrowed([Float(bitPattern: 0xffff_ffff)]))[0].isNaN)
  }

  @Test(arguments: [7, 1000, 50_000]) func elementwise(count: Int) {
    let (a, b, c) = (
      Self.floats(count, seed: 1), Self.floats(count, seed: 2), Self.floats(count, seed: 3)
    )
    func check(
      _ kernel: (
        rt_element, UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer,
        UnsafeMutableRawPointer
      ) -> Void
    ) {
      let (float32, bfloat16) = both(count) { element, out in
        operand(a, element) { a in
          operand(b, element) { b in operand(c, element) { c in kernel(element, a, b, c, out) } }
        }
      }
      #expect(bfloat16 == Self.rounded(float32))
    }
    check { rt_add($0, $1, $2, $4, count) }
    check { rt_add_relu($0, $1, $2, $4, count) }
    check { rt_relu($0, $1, $4, count) }
    check { rt_relu_gradient($0, $1, $2, nil, $4, count) }
    check { rt_relu_gradient($0, $1, $2, $3, $4, count) }
  }

  @Test(arguments: [8, 16], [false, true]) func norms(block: Int, relu: Bool) {
    let (batch, channels, area) = (5, 32, 35)
    let count = batch * channels * area
    let (x, gradient, residual) = (
      Self.floats(count, seed: 1), Self.floats(count, seed: 2), Self.floats(count, seed: 3)
    )
    let (scale, shift) = (Self.floats(channels, seed: 4), Self.floats(channels, seed: 5))
    var vectors: [[[Float]]] = []
    func norm(_ element: rt_element) -> rt_norm {
      Norm(
        batch: batch, channels: channels, area: area, block: block, epsilon: 1e-5, element: element
      ).shape
    }
    /// Statistics, then the norm or its gradient.
    func run(_ element: rt_element, _ out: UnsafeMutableRawPointer, backward: Bool) {
      let shape = norm(element)
      withUnsafePointer(to: shape) { n in
        var scratch = [Double](repeating: 0, count: rt_norm_scratch(n) / 8 + 1)
        var mean = [Float](repeating: 0, count: channels)
        var variance = mean
        var (scaleGradient, shiftGradient) = (mean, mean)
        var affine = mean + mean
        operand(x, element) { x in
          rt_norm_statistics(n, x, &mean, &variance, &scratch)
          rt_norm_affine(n, mean, variance, scale, shift, &affine)
          if backward {
            operand(gradient, element) { gradient in
              rt_norm_backward(
                n, gradient, x, mean, variance, scale, relu ? affine : nil, &scaleGradient,
                &shiftGradient, out, &scratch)
            }
          } else {
            operand(residual, element) { residual in
              rt_norm_apply(n, x, affine, residual, affine, relu, out)
            }
          }
        }
        vectors.append([mean, variance, scaleGradient, shiftGradient])
      }
    }
    for backward in [false, true] {
      vectors = []
      let (float32, bfloat16) = both(count) { run($0, $1, backward: backward) }
      #expect(bfloat16 == Self.rounded(float32))
      #expect(vectors[0] == vectors[1])
    }
  }

  @Test(arguments: [8, 16]) func maxPool(block: Int) {
    func pool(_ element: rt_element) -> rt_max_pool {
      rt_max_pool(
        batch: 3, channels: 16, input_height: 9, input_width: 8, output_height: 5, output_width: 4,
        kernel: 3, stride: 2, top: 1, left: 1, block: Int64(block), element: element)
    }
    let x = Self.floats(3 * 16 * 72, seed: 1)
    let affine = Self.floats(2 * 16, seed: 2)
    for affine in [nil, affine] {
      let (float32, bfloat16) = both(3 * 16 * 20) { element, out in
        withUnsafePointer(to: pool(element)) { p in
          operand(x, element) { rt_max_pool_forward(p, $0, affine, out, nil) }
        }
      }
      #expect(bfloat16 == Self.rounded(float32))
    }
    // Each pixel is in at most four windows: their gradients are added one after the other.
    var taps = [UInt8](repeating: 0, count: 3 * 16 * 20)
    var output = [Float](repeating: 0, count: taps.count)
    withUnsafePointer(to: pool(.float32)) { rt_max_pool_forward($0, x, nil, &output, &taps) }
    let gradient = Self.floats(taps.count, seed: 3)
    let (float32, bfloat16) = both(x.count) { element, out in
      withUnsafePointer(to: pool(element)) { p in
        operand(gradient, element) { rt_max_pool_backward(p, $0, taps, out) }
      }
    }
    for (a, b) in zip(bfloat16, float32) { #expect(abs(a - b) <= 3 * 0x1p-8) }
  }

  @Test(arguments: [2, 3, 4], [8, 16]) func winograd(tile: Int, block: Int) {
    func shape(_ element: rt_element) -> rt_winograd {
      rt_winograd(
        shape: rt_convolution(
          batch: 3, groups: 1, input_channels: 16, input_height: 9, input_width: 7,
          output_channels: 32, output_height: 9, output_width: 7, kernel: 3, stride: 1,
          padding: rt_padding(top: 1, left: 1, bottom: 1, right: 1), bias: true),
        tile: Int64(tile), block: Int64(block), element: element, workers: 2)
    }
    let source = Self.floats(3 * 16 * 63, seed: 1)
    let gradient = Self.floats(3 * 32 * 63, seed: 2)
    var generator = Philox(seed: 3)
    // As the optimizer has them: bfloat16 does not hold them.
    let weights = (0..<32 * 16 * 9).map { _ in Float(2 * generator.uniform() - 1) }
    let bias = Self.floats(32, seed: 4)
    func scratch(_ w: UnsafePointer<rt_winograd>, _ pass: rt_pass) -> [Float] {
      [Float](repeating: .nan, count: rt_winograd_scratch(w, pass) / 4)
    }
    let forward = both(gradient.count) { element, out in
      withUnsafePointer(to: shape(element)) { w in
        var memory = scratch(w, RT_FORWARD_TRAINING)
        let weights = element == .float32 ? Self.rounded(weights) : weights
        operand(source, element) { rt_winograd_forward(w, $0, weights, bias, out, &memory) }
      }
    }
    #expect(forward.bfloat16 == Self.rounded(forward.float32))
    let backward = both(source.count) { element, out in
      withUnsafePointer(to: shape(element)) { w in
        var memory = scratch(w, RT_BACKWARD_DATA)
        let weights = element == .float32 ? Self.rounded(weights) : weights
        operand(gradient, element) { rt_winograd_backward_data(w, $0, weights, out, &memory) }
      }
    }
    #expect(backward.bfloat16 == Self.rounded(backward.float32))
    let gradients = [rt_element.float32, .bfloat16].map { element in
      withUnsafePointer(to: shape(element)) { w in
        var memory = scratch(w, RT_BACKWARD_WEIGHTS)
        var result = [Float](repeating: .nan, count: weights.count + 32)
        result.withUnsafeMutableBufferPointer { result in
          operand(source, element) { source in
            operand(gradient, element) { gradient in
              rt_winograd_backward_weights(
                w, source, gradient, result.baseAddress!, result.baseAddress! + weights.count,
                &memory)
            }
          }
        }
        return result
      }
    }
    #expect(gradients[0] == gradients[1])
  }

  @Test(arguments: [8, 16]) func stem(block: Int) {
    let images = Self.floats(3 * 2 * 80, seed: 1)
    let gradient = Self.floats(3 * 16 * 20, seed: 2)
    let results = [rt_element.float32, .bfloat16].map { element in
      let shape = rt_stem(
        shape: rt_convolution(
          batch: 3, groups: 1, input_channels: 2, input_height: 10, input_width: 8,
          output_channels: 16, output_height: 5, output_width: 4, kernel: 5, stride: 2,
          padding: rt_padding(top: 2, left: 2, bottom: 2, right: 2), bias: false),
        block: Int64(block), element: element)
      return withUnsafePointer(to: shape) { s in
        var scratch = [Float](repeating: .nan, count: rt_stem_scratch(s) / 4)
        var result = [Float](repeating: .nan, count: 16 * 2 * 25)
        operand(gradient, element) {
          rt_stem_backward_weights(s, images, $0, &result, &scratch)
        }
        return result
      }
    }
    #expect(results[0] == results[1])
  }

  @Test(arguments: [8, 16]) func directGradient(block: Int) {
    let source = Self.floats(3 * 32 * 80, seed: 1)
    let gradient = Self.floats(3 * 64 * 20, seed: 2)
    let results = [rt_element.float32, .bfloat16].map { element in
      let shape = rt_direct(
        shape: rt_convolution(
          batch: 3, groups: 1, input_channels: 32, input_height: 10, input_width: 8,
          output_channels: 64, output_height: 5, output_width: 4, kernel: 3, stride: 2,
          padding: rt_padding(top: 1, left: 1, bottom: 1, right: 1), bias: false),
        block: Int64(block), element: element)
      return withUnsafePointer(to: shape) { d in
        var result = [Float](repeating: .nan, count: 64 * 32 * 9)
        operand(source, element) { source in
          operand(gradient, element) { rt_direct_backward_weights(d, source, $0, &result) }
        }
        return result
      }
    }
    #expect(results[0] == results[1])
  }

  // MARK: Whole networks

  /// The step is float32's but for 8 bits of precision, and repeats bit for bit.
  @Test(arguments: GradientTests.cases, ConvolutionAlgorithm.allCases)
  func stepAgreesWithFloat32(_ test: GradientTests.Case, convolution: ConvolutionAlgorithm) throws {
    let plan = try NetworkPlan(test.spec(channels: 48))
    let labels: [Int32] = [2, 0, 1, 1, 0, 2]
    func network(_ precision: Precision) throws -> (Network, loss: Double) {
      let network = try Network(
        try NetworkProgram(
          plan, batch: labels.count, threads: 2, convolution: convolution, precision: precision),
        seed: 11)
      var generator = Philox(seed: 5)
      for index in network.images.indices {
        network.images[index] = Float(2 * generator.uniform() - 1)
      }
      let result = labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
      return (network, result.loss)
    }
    let (exact, exactLoss) = try network(.fp32)
    let (narrow, loss) = try network(.bf16)
    let (again, lossAgain) = try network(.bf16)
    #expect(loss == lossAgain)
    #expect(loss != exactLoss)
    #expect(abs(loss - exactLoss) < 0.02 * exactLoss)
    func norm(_ values: [Float]) -> Double {
      values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    var (error, size) = (0.0, 0.0)
    for parameter in plan.parameters {
      let expected = try exact.gradient(parameter.name)
      let gradient = try narrow.gradient(parameter.name)
      #expect(try again.gradient(parameter.name) == gradient)
      error += pow(norm(zip(gradient, expected).map { $0 - $1 }), 2)
      size += pow(norm(expected), 2)
    }
    // One ReLU in some hundred is on the other side of its bend: that alone is a tenth of the gradient.
    #expect(error < 0.04 * size, "\((error / size).squareRoot())")
    // Evaluation rounds where training does.
    let label = Array(labels[..<1])
    let results = [exact, narrow].map { network in
      label.withUnsafeBufferPointer { network.evaluate(labels: $0).loss }
    }
    #expect(abs(results[0] - results[1]) < 0.05 * results[0])
  }

  /// Activations take half the memory, all else none more.
  @Test func takesLessMemory() throws {
    let spec = try #require(Preset.named("resnet18")).spec
    let plan = try NetworkPlan(spec)
    let memory = try Precision.allCases.map {
      try NetworkProgram(plan, batch: 8, threads: 1, precision: $0).memory
    }
    #expect(Double(memory[1].activations) < 0.75 * Double(memory[0].activations))
    #expect(memory[1].parameters == memory[0].parameters)
  }
}
