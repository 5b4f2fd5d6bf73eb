import Architecture
import COneDNN

extension ProgramBuilder {
  /// Batch norm, with the ReLU behind it where nothing else reads the norm's output.
  func batchNorm(_ index: Int, _ options: BatchNormOptions) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let source = layer.inputs[0]
    let input = output(of: source)
    let result = tensor(like: input)
    let relu = fusibleReLU(after: index)
    let scale = try vectorParameter(layer.parameters[0])
    let shift = try vectorParameter(layer.parameters[1])
    let runningMean = residentBuffer(.statistic(layer.buffers[0].name))
    let runningVariance = residentBuffer(.statistic(layer.buffers[1].name))
    defer {
      setOutput(index, result)
      if let relu { setOutput(relu, result) }
    }

    guard mode == .training else {
      let forward = try Primitive.batchNorm(
        input.layout, epsilon: options.eps, relu: relu != nil, RT_FORWARD_INFERENCE, in: context)
      run(
        forward,
        [
          RT_SOURCE: input.buffer, RT_DESTINATION: result.buffer, RT_SCALE: scale, RT_SHIFT: shift,
          RT_MEAN: runningMean, RT_VARIANCE: runningVariance,
        ])
      return
    }

    let forward = try Primitive.batchNorm(
      input.layout, epsilon: options.eps, relu: relu != nil, RT_FORWARD_TRAINING, in: context)
    let channels = layer.output.channels
    let mean = vector(channels)
    let variance = vector(channels)
    let workspace = forward.layout(RT_WORKSPACE).map { tensor($0).buffer }
    var arguments = [
      RT_SOURCE: input.buffer, RT_DESTINATION: result.buffer, RT_SCALE: scale, RT_SHIFT: shift,
      RT_MEAN: mean, RT_VARIANCE: variance,
    ]
    arguments[RT_WORKSPACE] = workspace
    run(forward, arguments)
    updateStatistics(
      batch: (mean, variance), running: (runningMean, runningVariance), layer: layer,
      momentum: options.momentum)

    record(relu ?? index) { gradient in
      let pass = try Primitive.batchNorm(
        input.layout, epsilon: options.eps, relu: relu != nil, RT_BACKWARD, hint: forward,
        in: self.context)
      let result = self.tensor(like: input)
      var arguments = [
        RT_SOURCE: input.buffer, RT_MEAN: mean, RT_VARIANCE: variance, RT_SCALE: scale,
        RT_SHIFT: shift, RT_DESTINATION_GRADIENT: gradient.buffer,
        RT_SOURCE_GRADIENT: result.buffer,
        RT_SCALE_GRADIENT: self.residentBuffer(.gradient(layer.parameters[0].name)),
        RT_SHIFT_GRADIENT: self.residentBuffer(.gradient(layer.parameters[1].name)),
      ]
      arguments[RT_WORKSPACE] = workspace
      self.run(pass, arguments)
      try self.contribute(result, to: source, isFresh: true)
    }
  }

  /// `running ← (1 − momentum)·running + momentum·batch`, the variance unbiased as in PyTorch.
  private func updateStatistics(
    batch: (mean: Buffer, variance: Buffer), running: (mean: Buffer, variance: Buffer),
    layer: LayerPlan, momentum: Double
  ) {
    let channels = layer.output.channels
    let samples = Double(self.batch * layer.output.height * layer.output.width)
    let unbiased = Float(samples / (samples - 1))
    let weight = Float(momentum)
    kernel(
      .runningStatistics, [batch.mean, batch.variance, running.mean, running.variance]
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
