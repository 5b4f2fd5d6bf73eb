import Architecture
import COneDNN

/// A norm whose slopes and offsets are known but that has not been applied yet, nor the ReLU behind it:
/// the sum or the max pooling behind them does that in the same pass over memory.
struct PendingNorm {
  let norm: Norm
  let input: Tensor
  /// Slope and offset of each channel.
  let affine: Buffer
}

extension ProgramBuilder {
  /// Batch norm, with the ReLU behind it where nothing else reads the norm's output. A norm in front of
  /// a residual sum is left to the sum, a norm and ReLU in front of max pooling to the pooling.
  func batchNorm(_ index: Int, _ options: BatchNormOptions) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let source = layer.inputs[0]
    let (input, block) = try blocked(output(of: source), inputShape(of: source))
    let norm = Norm(
      batch: batch, channels: layer.output.channels,
      area: layer.output.height * layer.output.width, block: block, epsilon: options.eps,
      element: precision.element)
    let scale = try vectorParameter(layer.parameters[0])
    let shift = try vectorParameter(layer.parameters[1])
    let running = (
      mean: residentBuffer(.statistic(layer.buffers[0].name)),
      variance: residentBuffer(.statistic(layer.buffers[1].name))
    )
    let affine = vector(2 * norm.paddedChannels)
    let pending = PendingNorm(norm: norm, input: input, affine: affine)
    let shape = norm.shape
    let batchStatistics =
      mode == .training
      ? (mean: vector(norm.paddedChannels), variance: vector(norm.paddedChannels)) : nil
    let relu = fusibleReLU(after: index)
    let rows = [index] + (relu.map { [$0] } ?? [])
    let isPending =
      switch (relu, soleReader(of: relu ?? index)) {
      case (nil, .add), (_?, .maxPool): true
      default: false
      }
    if let batchStatistics, !isPending {
      let result = normalise(pending, batchStatistics, scale, shift, relu: relu != nil)
      for row in rows { setOutput(row, result) }
    } else {
      if let batchStatistics { measure(norm, input, batchStatistics) }
      findAffine(pending, batchStatistics ?? running, scale, shift)
      if isPending {
        for row in rows { setPending(row, pending) }
      } else {
        let result = apply(pending, operation: .batchNorm(.forward), relu: relu != nil)
        for row in rows { setOutput(row, result) }
      }
    }
    if let batchStatistics {
      updateStatistics(
        batch: batchStatistics, running: running, layer: layer, momentum: options.momentum)
    }

    guard let batchStatistics else { return }
    record(relu ?? index, from: index) { gradient in
      // The kernel reads and writes element by element.
      let incoming = try self.converted(gradient.tensor, to: input.layout)
      let isOwned = gradient.isOwned || incoming.buffer != gradient.tensor.buffer
      let result = isOwned ? incoming : self.tensor(like: input)
      let buffers = [
        incoming.buffer, input.buffer, batchStatistics.mean, batchStatistics.variance, scale,
        affine, self.residentBuffer(.gradient(layer.parameters[0].name)),
        self.residentBuffer(.gradient(layer.parameters[1].name)), result.buffer,
        self.scratch(norm.scratchByteCount),
      ]
      self.kernel(.batchNorm(.backward), buffers, implementation: norm.implementation) {
        addresses in
        let floats = addresses.map { $0.assumingMemoryBound(to: Float.self) }
        return {
          withUnsafePointer(to: shape) {
            rt_norm_backward(
              $0, addresses[0], addresses[1], floats[2], floats[3], floats[4],
              relu == nil ? nil : floats[5], floats[6], floats[7], addresses[8], addresses[9])
          }
        }
      }
      try self.contribute(result, to: source, isOwned: true)
    }
  }

  /// `norm` on its input, with `residual` added and a ReLU on the sum if asked.
  func apply(
    _ pending: PendingNorm, residual: Tensor? = nil, residualAffine: Buffer? = nil,
    operation: StepCall.Operation, relu: Bool
  ) -> Tensor {
    let result = tensor(like: pending.input)
    let shape = pending.norm.shape
    var buffers = [pending.input.buffer, pending.affine, result.buffer]
    if let residual { buffers.append(residual.buffer) }
    if let residualAffine { buffers.append(residualAffine) }
    kernel(operation, buffers, implementation: pending.norm.implementation) { addresses in
      let affine = addresses[1].assumingMemoryBound(to: Float.self)
      let residual = addresses.count > 3 ? addresses[3] : nil
      let residualAffine =
        addresses.count > 4 ? addresses[4].assumingMemoryBound(to: Float.self) : nil
      return {
        withUnsafePointer(to: shape) {
          rt_norm_apply($0, addresses[0], affine, residual, residualAffine, relu, addresses[2])
        }
      }
    }
    return result
  }

  /// `tensor` in a blocked layout, its own if it has one, and the channels in a block.
  func blocked(
    _ tensor: Tensor, _ shape: ImageShape
  ) throws(LibraryFailure) -> (Tensor, block: Int) {
    if tensor.layout.element == precision.element,
      let block = try tensor.layout.channelBlock(of: [batch] + shape.dimensions)
    {
      return (tensor, block)
    }
    return (try converted(tensor, to: try blockedLayout(shape)), Library.channelBlock)
  }

  private typealias Statistics = (mean: Buffer, variance: Buffer)

  /// Statistics, norm and ReLU in one pass.
  private func normalise(
    _ pending: PendingNorm, _ statistics: Statistics, _ scale: Buffer, _ shift: Buffer, relu: Bool
  ) -> Tensor {
    let result = tensor(like: pending.input)
    let shape = pending.norm.shape
    let buffers = [
      pending.input.buffer, scale, shift, statistics.mean, statistics.variance, pending.affine,
      result.buffer, scratch(pending.norm.scratchByteCount),
    ]
    kernel(.batchNorm(.forward), buffers, implementation: pending.norm.implementation) {
      addresses in
      let floats = addresses.map { $0.assumingMemoryBound(to: Float.self) }
      return {
        withUnsafePointer(to: shape) {
          rt_norm_forward(
            $0, addresses[0], floats[1], floats[2], relu, floats[3], floats[4], floats[5],
            addresses[6], addresses[7])
        }
      }
    }
    return result
  }

  private func findAffine(
    _ pending: PendingNorm, _ statistics: Statistics, _ scale: Buffer, _ shift: Buffer
  ) {
    let shape = pending.norm.shape
    kernel(
      .statistics, [statistics.mean, statistics.variance, scale, shift, pending.affine]
    ) { addresses in
      let floats = addresses.map { $0.assumingMemoryBound(to: Float.self) }
      return {
        withUnsafePointer(to: shape) {
          rt_norm_affine($0, floats[0], floats[1], floats[2], floats[3], floats[4])
        }
      }
    }
  }

  private func measure(_ norm: Norm, _ input: Tensor, _ statistics: Statistics) {
    let shape = norm.shape
    let buffers = [
      input.buffer, statistics.mean, statistics.variance, scratch(norm.scratchByteCount),
    ]
    kernel(.batchNorm(.forward), buffers, implementation: norm.implementation) { addresses in
      let floats = addresses.map { $0.assumingMemoryBound(to: Float.self) }
      return {
        withUnsafePointer(to: shape) {
          rt_norm_statistics($0, addresses[0], floats[1], floats[2], addresses[3])
        }
      }
    }
  }

  /// `running ← (1 − momentum)·running + momentum·batch`, the variance unbiased as in PyTorch.
  private func updateStatistics(
    batch: Statistics, running: Statistics, layer: LayerPlan, momentum: Double
  ) {
    let channels = layer.output.channels
    let samples = Double(self.batch * layer.output.height * layer.output.width)
    let unbiased = Float(samples / (samples - 1))
    let weight = Float(momentum)
    kernel(
      .statistics, [batch.mean, batch.variance, running.mean, running.variance]
    ) { addresses in
      let values = addresses.map { $0.assumingMemoryBound(to: Float.self) }
      return {
        for channel in 0..<channels {
          values[2][channel] += weight * (values[0][channel] - values[2][channel])
          values[3][channel] += weight * (unbiased * values[1][channel] - values[3][channel])
        }
      }
    }
  }
}
