/// What one training step of a network would take, before it is trained: a roofline (Williams et al.
/// 2009), each layer at the processor's arithmetic or its memory's speed, whichever binds.
///
/// Its use is to compare networks; `scaled(by:)` fits it to a machine that has trained something.
public struct StepEstimate: Hashable, Sendable {
  /// Of one step with the whole batch, in seconds.
  public var seconds: Double
  /// Outputs of convolutions and linear layers of the whole batch, in bytes: they are kept from the
  /// forward to the backward pass.
  public var activationBytes: Double

  /// Two AVX2 cores: multiply-adds of the convolutions ÷ second, and bytes ÷ second, fitted to whole
  /// training steps of nine networks (the table in StepEstimateTests).
  private static let multiplyAddsPerSecond = 62e9
  private static let bytesPerSecond = 12e9
  /// Channels that a block of memory holds: a group with fewer takes as long.
  private static let blockedChannels = 16

  public init(_ plan: NetworkPlan, batch: Int, precision: Precision = .fp32) {
    activationBytes = Double(plan.total.activations * precision.byteCount) * Double(batch)
    seconds = plan.layers.reduce(0) { $0 + Self.seconds($1, in: plan) } * Double(batch)
  }

  private init(seconds: Double, activationBytes: Double) {
    self.seconds = seconds
    self.activationBytes = activationBytes
  }

  /// With the time that a machine takes instead.
  public func scaled(by factor: Double) -> StepEstimate {
    StepEstimate(seconds: seconds * factor, activationBytes: activationBytes)
  }

  /// Forward and backward of one layer for one image.
  private static func seconds(_ layer: LayerPlan, in plan: NetworkPlan) -> Double {
    let outputs = Double(layer.output.count)
    let inputs = layer.inputs.reduce(0.0) { sum, source in
      switch source {
      case .image: sum + Double(plan.spec.input.count)
      case .layer(let index): sum + Double(plan.layers[index].output.count)
      }
    }
    switch layer.operation {
    case .convolution(let convolution):
      // The image needs no gradient.
      let passes = layer.inputs == [.image] ? 2.0 : 3.0
      return max(
        passes * Double(layer.macs) * padding(convolution) / multiplyAddsPerSecond,
        passes * 4 * (inputs + outputs) / bytesPerSecond)
    case .linear: return 3 * Double(layer.macs) / multiplyAddsPerSecond
    // Statistics, normalisation; both gradients' sums, the gradient: eight passes over the map.
    case .batchNorm: return 8 * 4 * outputs / bytesPerSecond
    // Within the norm before it.
    case .relu: return 0
    case .add, .concatenation, .identityPad, .maxPool:
      return 2 * 4 * (inputs + outputs) / bytesPerSecond
    case .globalAveragePool: return 2 * 4 * inputs / bytesPerSecond
    }
  }

  /// Channels computed ÷ channels there are, of a group.
  private static func padding(_ convolution: ConvolutionPlan) -> Double {
    func padded(_ channels: Int) -> Double {
      Double((channels + blockedChannels - 1) / blockedChannels * blockedChannels)
        / Double(channels)
    }
    let outputs = convolution.outputChannels / convolution.groups
    let inputs = convolution.inputChannels / convolution.groups
    // Small groups are packed, so that one block holds several of them.
    if convolution.groups > 1 { return padded(inputs) }
    return padded(outputs)
  }
}
