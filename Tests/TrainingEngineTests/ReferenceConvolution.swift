import COneDNN
import Randomness

/// A convolution's operands in blocked layouts, and its passes by the definition, summed in double
/// precision. The operands' signs are random, so that sums over thousands of terms lose most of what
/// float32 has.
struct ReferenceConvolution {
  let shape: rt_convolution
  let block: Int
  /// nChw{block}c; OIhw{block}i{block}o.
  let source, weights, bias, gradient: [Float]

  struct Passes {
    var output, sourceGradient, weightsGradient, biasGradient: [Double]
  }

  /// - Parameter padding: top, left, bottom, right.
  init(
    batch: Int, inputs: Int, outputs: Int, height: Int, width: Int, kernel: Int,
    stride: Int = 1, padding: [Int], bias: Bool = false, block: Int
  ) {
    let outputHeight = (height + padding[0] + padding[2] - kernel) / stride + 1
    let outputWidth = (width + padding[1] + padding[3] - kernel) / stride + 1
    shape = rt_convolution(
      batch: Int64(batch), groups: 1, input_channels: Int64(inputs),
      input_height: Int64(height), input_width: Int64(width), output_channels: Int64(outputs),
      output_height: Int64(outputHeight), output_width: Int64(outputWidth), kernel: Int64(kernel),
      stride: Int64(stride),
      padding: rt_padding(
        top: Int64(padding[0]), left: Int64(padding[1]), bottom: Int64(padding[2]),
        right: Int64(padding[3])), bias: bias)
    self.block = block
    var generator = Philox(seed: 1)
    func floats(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(2 * generator.uniform() - 1) }
    }
    source = floats(batch * inputs * height * width)
    weights = floats(outputs * inputs * kernel * kernel)
    self.bias = floats(outputs)
    gradient = floats(batch * outputs * outputHeight * outputWidth)
  }

  func definition() -> Passes {
    let c = shape
    let (inputs, outputs) = (Int(c.input_channels), Int(c.output_channels))
    let (height, width) = (Int(c.input_height), Int(c.input_width))
    let (outputHeight, outputWidth) = (Int(c.output_height), Int(c.output_width))
    let (kernel, stride) = (Int(c.kernel), Int(c.stride))
    func activation(
      _ n: Int, _ channel: Int, _ y: Int, _ x: Int, of extent: (Int, Int, Int)
    ) -> Int {
      let (channels, height, width) = extent
      return (((n * (channels / block) + channel / block) * height + y) * width + x) * block
        + channel % block
    }
    func weight(_ o: Int, _ i: Int, _ tap: Int) -> Int {
      (((o / block * (inputs / block) + i / block) * kernel * kernel + tap) * block
        + i % block) * block + o % block
    }
    var passes = Passes(
      output: Array(repeating: 0, count: gradient.count),
      sourceGradient: Array(repeating: 0, count: source.count),
      weightsGradient: Array(repeating: 0, count: weights.count),
      biasGradient: Array(repeating: 0, count: bias.count))
    for n in 0..<Int(c.batch) {
      for o in 0..<outputs {
        for y in 0..<outputHeight {
          for x in 0..<outputWidth {
            let place = activation(n, o, y, x, of: (outputs, outputHeight, outputWidth))
            let upstream = Double(gradient[place])
            var sum = c.bias ? Double(bias[o]) : 0
            passes.biasGradient[o] += upstream
            for tap in 0..<(kernel * kernel) {
              let row = y * stride + tap / kernel - Int(c.padding.top)
              let column = x * stride + tap % kernel - Int(c.padding.left)
              guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
              for i in 0..<inputs {
                let from = activation(n, i, row, column, of: (inputs, height, width))
                let with = weight(o, i, tap)
                sum += Double(source[from]) * Double(weights[with])
                passes.sourceGradient[from] += upstream * Double(weights[with])
                passes.weightsGradient[with] += upstream * Double(source[from])
              }
            }
            passes.output[place] = sum
          }
        }
      }
    }
    return passes
  }

  /// ‖a − b‖₂ / ‖b‖₂.
  static func error(_ a: [Float], _ b: [Double]) -> Double {
    let difference = zip(a, b).reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    return (difference / b.reduce(0.0) { $0 + $1 * $1 }).squareRoot()
  }
}
