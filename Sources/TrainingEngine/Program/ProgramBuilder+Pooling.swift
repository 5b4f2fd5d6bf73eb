import Architecture
import COneDNN

extension ProgramBuilder {
  /// Max pooling, with the norm and the ReLU in front of it where they were left to it.
  func maxPool(_ index: Int, _ window: WindowPlan) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let source = layer.inputs[0]
    let extent = inputShape(of: source)
    let pending = pendingNorm(of: source)
    let (input, block) = try blocked(pending?.input ?? output(of: source), extent)
    let shape = rt_max_pool(
      batch: Int64(batch), channels: Int64(extent.channels), input_height: Int64(extent.height),
      input_width: Int64(extent.width), output_height: Int64(layer.output.height),
      output_width: Int64(layer.output.width), kernel: Int64(window.kernel),
      stride: Int64(window.stride), top: Int64(window.padding.top),
      left: Int64(window.padding.left), block: Int64(block), element: precision.element)
    let implementation = "max_pool:\(Library.kernelInstructions(block: block))"
    let result = tensor(
      try Layout(
        blockedActivations: [batch] + layer.output.dimensions, block: block,
        element: precision.element))
    // A byte an element.
    let taps = bytes(result.layout.elementCount)
    let isTraining = mode == .training
    kernel(
      .pooling(.forward),
      [input.buffer, result.buffer, taps] + (pending.map { [$0.affine] } ?? []),
      implementation: implementation
    ) { addresses in
      let (input, output) = (addresses[0], addresses[1])
      let taps = isTraining ? addresses[2].assumingMemoryBound(to: UInt8.self) : nil
      let affine = addresses.count > 3 ? addresses[3].assumingMemoryBound(to: Float.self) : nil
      return {
        withUnsafePointer(to: shape) { rt_max_pool_forward($0, input, affine, output, taps) }
      }
    }
    setOutput(index, result)

    record(index) { gradient in
      let gradient = try self.converted(gradient.tensor, to: result.layout)
      let inputGradient = self.tensor(like: input)
      self.kernel(
        .pooling(.backward), [gradient.buffer, taps, inputGradient.buffer],
        implementation: implementation
      ) { addresses in
        let (gradient, result) = (addresses[0], addresses[2])
        let taps = addresses[1].assumingMemoryBound(to: UInt8.self)
        return { withUnsafePointer(to: shape) { rt_max_pool_backward($0, gradient, taps, result) } }
      }
      try self.contribute(inputGradient, to: source, isOwned: true)
    }
  }

  /// The mean of each map.
  func averagePool(_ index: Int) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let source = layer.inputs[0]
    let extent = inputShape(of: source)
    let input = try float32(output(of: source), extent)
    let shape = rt_average_pool(
      batch: Int64(batch), channels: Int64(extent.channels), height: Int64(extent.height),
      width: Int64(extent.width))
    let forward = try Primitive.averagePool(
      shape, input.layout, mode == .training ? RT_FORWARD_TRAINING : RT_FORWARD_INFERENCE,
      in: context)
    let result = tensor(forward.layout(RT_DESTINATION)!)
    run(forward, [RT_SOURCE: input.buffer, RT_DESTINATION: result.buffer])
    setOutput(index, result)

    record(index) { gradient in
      let pass = try Primitive.averagePool(
        shape, input.layout, RT_BACKWARD, hint: forward, in: self.context)
      let inputGradient = self.tensor(pass.layout(RT_SOURCE_GRADIENT)!)
      let gradient = try self.converted(
        gradient.tensor, to: pass.layout(RT_DESTINATION_GRADIENT)!)
      self.run(
        pass,
        [RT_DESTINATION_GRADIENT: gradient.buffer, RT_SOURCE_GRADIENT: inputGradient.buffer])
      try self.contribute(inputGradient, to: source, isOwned: true)
    }
  }
}
