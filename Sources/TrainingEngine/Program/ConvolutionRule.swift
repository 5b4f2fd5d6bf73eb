import Architecture
import COneDNN

/// Which code a pass of a convolution gets. A fixed rule of its shape: never of timings, for two
/// processes would then differ in their last digits, and a resumed run must repeat bit for bit.
enum ConvolutionRule {
  /// How many neighbouring groups are computed as one, with zeros where they would meet: oneDNN has
  /// no fast code for groups that are narrower than a vector. nil where they stay as they are.
  static func groupFactor(_ convolution: ConvolutionPlan) -> Int? {
    let block = Library.channelBlock
    let inputs = convolution.inputChannels / convolution.groups
    let outputs = convolution.outputChannels / convolution.groups
    let narrow = min(inputs, outputs)
    // A single channel a group has code of its own.
    guard convolution.groups > 1, max(inputs, outputs) > 1, narrow < block, block % inputs == 0,
      block % outputs == 0, convolution.groups % (block / narrow) == 0
    else { return nil }
    return block / narrow
  }

  /// Whether the weights' gradient gets the code for images: its input channels fill no vector.
  static func isStem(_ shape: rt_convolution) -> Bool {
    shape.input_channels <= 4 && shape.kernel > 1
  }

  /// Whether the weights' gradient gets the code for blocked activations. With AVX2 it is faster than
  /// oneDNN's: by half for larger kernels, by a tenth for those of 1×1 that keep the map's size.
  static func hasDirectGradient(_ shape: rt_convolution, element: Element) -> Bool {
    isNarrow(element)
      && (shape.kernel > 1
        || shape.stride == 1 && shape.output_height * shape.output_width >= 196)
  }

  /// Whether the gradient of the input is computed as the forward pass of the transposed convolution:
  /// with AVX2 oneDNN's forward code is a tenth faster than its backward code.
  static func transposes(_ shape: rt_convolution, element: Element) -> Bool {
    isNarrow(element) && shape.kernel == 1 && shape.stride == 1 && shape.groups == 1
      && shape.padding.isNone
  }

  /// Whether oneDNN's code for `element` is that for vectors of 8, with AVX2 at best: where ours was
  /// measured to be faster.
  private static func isNarrow(_ element: Element) -> Bool {
    element == .float32 && Library.channelBlock == 8
  }

  /// The side of Winograd's tiles, in outputs; nil for a direct convolution.
  static func winogradTile(
    _ shape: rt_convolution, pass: StepCall.Pass, algorithm: ConvolutionAlgorithm,
    precision: Precision
  ) -> Int? {
    // Winograd's products are of float32: AMX's of bfloat16 are faster.
    guard algorithm == .auto, precision == .fp32 || !Library.hasFastBFloat16, shape.kernel == 3,
      shape.stride == 1, shape.groups == 1
    else {
      return nil
    }
    let (height, width) =
      pass == .backwardData
      ? (shape.input_height, shape.input_width) : (shape.output_height, shape.output_width)
    // A map of 1×1 meets the centre tap only.
    guard min(height, width) >= 2 else { return nil }
    let channels = Double(shape.input_channels * shape.output_channels)
    let direct = Double(shape.batch * height * width) * 9 * channels
    let costs = [Int64(4), 3, 2].map { tile in
      let rows = (height + tile - 1) / tile
      let columns = (width + tile - 1) / tile
      let tiles = Double(shape.batch * rows * columns)
      let positions = Double((tile + 2) * (tile + 2))
      // An element of a transform costs about as much as `weight` multiplications in a product.
      let weight = 12.0
      let transforms =
        weight * tiles * Double(shape.input_channels + shape.output_channels)
        + weight * channels
      return (tile: Int(tile), cost: positions * (tiles * channels + transforms))
    }
    guard let best = costs.min(by: { $0.cost < $1.cost }), best.cost < 0.8 * direct else {
      return nil
    }
    return best.tile
  }
}

extension rt_padding {
  fileprivate var isNone: Bool { top == 0 && left == 0 && bottom == 0 && right == 0 }
}
