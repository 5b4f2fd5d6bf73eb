import Architecture
import Foundation

/// The network in fp64, written for obviousness: one loop nest an operation, forward in training
/// mode only. Gradients come from central differences, so that nothing is shared with the engine.
struct ReferenceNetwork {
  let plan: NetworkPlan
  let batch: Int
  /// Row-major, by state_dict name.
  var parameters: [String: [Double]]
  let images: [Double]
  let labels: [Int]

  /// Row-major N×C×H×W.
  struct Activation {
    var shape: ImageShape
    var values: [Double]
  }

  /// What each row of the plan puts out.
  func outputs() -> [Activation] {
    var outputs: [Activation] = []
    let input = Activation(shape: plan.spec.input, values: images)
    for layer in plan.layers {
      let sources = layer.inputs.map { source in
        if case .layer(let index) = source { outputs[index] } else { input }
      }
      outputs.append(evaluate(layer, sources))
    }
    return outputs
  }

  /// Mean cross-entropy of the batch.
  func loss() -> Double {
    let outputs = outputs()
    let logits = outputs[outputs.count - 1]
    let classes = plan.spec.classes
    return (0..<batch).reduce(0) { sum, image in
      let row = logits.values[image * classes..<(image + 1) * classes]
      return sum + log(row.reduce(0) { $0 + exp($1) }) - row[image * classes + labels[image]]
    } / Double(batch)
  }

  /// ∂loss/∂parameter by central differences, (L(p + h) − L(p − h)) / 2h.
  mutating func gradient(of name: String, at index: Int, step: Double = 1e-5) -> Double {
    let value = parameters[name]![index]
    parameters[name]![index] = value + step
    let above = loss()
    parameters[name]![index] = value - step
    let below = loss()
    parameters[name]![index] = value
    return (above - below) / (2 * step)
  }

  private func evaluate(_ layer: LayerPlan, _ sources: [Activation]) -> Activation {
    let source = sources[0]
    var result = Activation(
      shape: layer.output, values: Array(repeating: 0, count: batch * layer.output.count))
    switch layer.operation {
    case .convolution(let convolution):
      convolve(layer, convolution, source, &result)
    case .batchNorm(let options):
      normalise(layer, options, source, &result)
    case .relu:
      result.values = source.values.map { max(0, $0) }
    case .add:
      result.values = zip(source.values, sources[1].values).map { $0 + $1 }
    case .concatenation:
      for image in 0..<batch {
        var end = image * result.shape.count
        for source in sources {
          let count = source.shape.count
          result.values.replaceSubrange(
            end..<end + count, with: source.values[image * count..<(image + 1) * count])
          end += count
        }
      }
    case .identityPad(let stride, let before):
      let (from, to) = (source.shape, result.shape)
      for image in 0..<batch {
        for channel in 0..<from.channels {
          for y in 0..<to.height {
            for x in 0..<to.width {
              let output = ((image * to.channels + before + channel) * to.height + y) * to.width + x
              let map = (image * from.channels + channel) * from.height
              result.values[output] = source.values[(map + y * stride) * from.width + x * stride]
            }
          }
        }
      }
    case .maxPool(let window):
      forEachWindow(layer.output, window, source.shape) { image, channel, output, inputs in
        result.values[output] =
          inputs.map {
            source.values[(image * source.shape.channels + channel) * area(source) + $0]
          }
          .max()!
      }
    case .globalAveragePool:
      for row in 0..<batch * source.shape.channels {
        let map = source.values[row * area(source)..<(row + 1) * area(source)]
        result.values[row] = map.reduce(0, +) / Double(map.count)
      }
    case .linear:
      let weights = parameters["\(layer.name).weight"]!
      let bias = parameters["\(layer.name).bias"]!
      let inputs = source.shape.count
      for image in 0..<batch {
        for output in 0..<layer.output.channels {
          result.values[image * layer.output.channels + output] = (0..<inputs).reduce(bias[output])
          {
            $0 + weights[output * inputs + $1] * source.values[image * inputs + $1]
          }
        }
      }
    }
    return result
  }

  private func area(_ activation: Activation) -> Int {
    activation.shape.height * activation.shape.width
  }

  private func convolve(
    _ layer: LayerPlan, _ convolution: ConvolutionPlan, _ source: Activation,
    _ result: inout Activation
  ) {
    let weights = parameters["\(layer.name).weight"]!
    let bias = parameters["\(layer.name).bias"]
    let window = convolution.window
    let inputs = convolution.inputChannels / convolution.groups
    let outputs = convolution.outputChannels / convolution.groups
    let (height, width) = (source.shape.height, source.shape.width)
    for image in 0..<batch {
      for channel in 0..<convolution.outputChannels {
        let first = channel / outputs * inputs
        for y in 0..<layer.output.height {
          for x in 0..<layer.output.width {
            var sum = bias?[channel] ?? 0
            for input in 0..<inputs {
              for ky in 0..<window.kernel {
                let row = y * window.stride + ky - window.padding.top
                guard row >= 0, row < height else { continue }
                for kx in 0..<window.kernel {
                  let column = x * window.stride + kx - window.padding.left
                  guard column >= 0, column < width else { continue }
                  let weight =
                    weights[((channel * inputs + input) * window.kernel + ky) * window.kernel + kx]
                  let plane = image * source.shape.channels + first + input
                  sum += weight * source.values[(plane * height + row) * width + column]
                }
              }
            }
            let plane = image * convolution.outputChannels + channel
            result.values[(plane * layer.output.height + y) * layer.output.width + x] = sum
          }
        }
      }
    }
  }

  private func normalise(
    _ layer: LayerPlan, _ options: BatchNormOptions, _ source: Activation,
    _ result: inout Activation
  ) {
    let weight = parameters["\(layer.name).weight"]!
    let bias = parameters["\(layer.name).bias"]!
    let (channels, area) = (source.shape.channels, area(source))
    for channel in 0..<channels {
      let indices = (0..<batch).flatMap { image in
        (0..<area).map { (image * channels + channel) * area + $0 }
      }
      let count = Double(indices.count)
      let mean = indices.reduce(0) { $0 + source.values[$1] } / count
      let variance = indices.reduce(0) { $0 + pow(source.values[$1] - mean, 2) } / count
      for index in indices {
        result.values[index] =
          (source.values[index] - mean) / (variance + options.eps).squareRoot() * weight[channel]
          + bias[channel]
      }
    }
  }

  /// Calls `body` with image, channel, index of the output and the inputs' indices in their map.
  private func forEachWindow(
    _ output: ImageShape, _ window: WindowPlan, _ input: ImageShape,
    _ body: (Int, Int, Int, [Int]) -> Void
  ) {
    var index = 0
    for image in 0..<batch {
      for channel in 0..<output.channels {
        for y in 0..<output.height {
          for x in 0..<output.width {
            let rows = (0..<window.kernel).map { y * window.stride + $0 - window.padding.top }
              .filter { (0..<input.height).contains($0) }
            let columns = (0..<window.kernel).map { x * window.stride + $0 - window.padding.left }
              .filter { (0..<input.width).contains($0) }
            body(
              image, channel, index, rows.flatMap { row in columns.map { row * input.width + $0 } })
            index += 1
          }
        }
      }
    }
  }
}
