import Architecture
import COneDNN

extension ProgramBuilder {
  /// Each pass chooses its own layouts; copies are made only where two disagree.
  func convolution(_ index: Int, _ convolution: ConvolutionPlan) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let source = layer.inputs[0]
    let crop = TapCrop(
      convolution.window, input: inputShape(of: source), output: layer.output)
    let packing = crop == nil ? GroupPacking(convolution) : nil
    let shape = self.shape(
      of: convolution, groups: packing?.groups, window: crop?.window ?? convolution.window,
      output: layer.output, input: source)
    let passes = ConvolutionPasses(
      shape, algorithm: algorithm, precision: precision, context: context)
    let forward = try passes.forward()
    let kept = output(of: source)
    let input = try converted(kept, to: forward.layout(RT_SOURCE)!)
    // A copy that is larger than the original is not kept for the backward pass.
    let saved = input.layout.element == kept.layout.element ? input : kept
    let weights =
      if let crop {
        try croppedWeights(
          layer.parameters[0], of: convolution, crop: crop,
          storedFor: try Primitive.convolution(
            self.shape(
              of: convolution, window: convolution.window, output: layer.output, input: source),
            RT_FORWARD_TRAINING, in: context))
      } else if let packing {
        try packedWeights(layer.parameters[0], of: convolution, packing: packing)
      } else {
        try weights(layer.parameters[0], of: convolution, passes: passes)
      }
    let output = tensor(forward.layout(RT_DESTINATION)!)
    var arguments = [
      RT_SOURCE: input.buffer, RT_WEIGHTS: try operand(weights, of: forward),
      RT_DESTINATION: output.buffer,
    ]
    if convolution.bias { arguments[RT_BIAS] = try vectorParameter(layer.parameters[1]) }
    run(forward, arguments)
    setOutput(index, try self.kept(output, layer.output))

    record(index) { incoming in
      var gradients = [incoming.tensor]
      /// The gradient in `layout`; both passes read one copy if they want the same.
      func gradient(in layout: Layout) throws -> Buffer {
        if let known = gradients.first(where: { $0.layout == layout }) { return known.buffer }
        gradients.append(try self.converted(gradients[0], to: layout))
        return gradients.last!.buffer
      }
      if source != .image {
        let pass = try passes.backward(.backwardData)
        let result = self.tensor(pass.layout(RT_SOURCE_GRADIENT)!)
        self.run(
          pass,
          [
            RT_DESTINATION_GRADIENT: try gradient(in: pass.layout(RT_DESTINATION_GRADIENT)!),
            RT_WEIGHTS: try self.operand(weights, of: pass),
            RT_SOURCE_GRADIENT: result.buffer,
          ])
        try self.contribute(result, to: source, isOwned: true)
      }
      let pass = try passes.backward(.backwardWeights)
      let layout = pass.layout(RT_WEIGHTS_GRADIENT)!
      let result = try self.weightsGradient(
        layer.parameters[0], layout: layout, weights: weights.stored, isPacked: packing != nil)
      var arguments = [
        RT_SOURCE: try self.converted(saved, to: pass.layout(RT_SOURCE)!).buffer,
        RT_DESTINATION_GRADIENT: try gradient(in: pass.layout(RT_DESTINATION_GRADIENT)!),
        RT_WEIGHTS_GRADIENT: result.written.buffer,
      ]
      if convolution.bias {
        arguments[RT_BIAS_GRADIENT] = self.residentBuffer(.gradient(layer.parameters[1].name))
      }
      self.run(pass, arguments)
      if let packing {
        try self.deliver(result, unpacking: packing)
      } else {
        try self.deliver(result)
      }
    }
  }

  private func run(_ pass: ConvolutionPass, _ buffers: [Primitive.Role: Buffer]) {
    switch pass {
    case .primitive(let primitive): run(primitive, buffers)
    case .kernel(let kernel):
      var buffers = buffers
      if kernel.scratchByteCount > 0 { buffers[RT_SCRATCHPAD] = scratch(kernel.scratchByteCount) }
      let roles = buffers.keys.sorted { $0.rawValue < $1.rawValue }
      self.kernel(
        .convolution(kernel.pass), roles.map { buffers[$0]! },
        implementation: kernel.implementation
      ) { addresses in
        kernel.bound(
          ConvolutionOperands(addresses: Dictionary(uniqueKeysWithValues: zip(roles, addresses))))
      }
    }
  }

  func linear(_ index: Int) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let source = layer.inputs[0]
    let input = inputShape(of: source)
    let shape = rt_linear(
      batch: Int64(batch), input_channels: Int64(input.channels), input_height: Int64(input.height),
      input_width: Int64(input.width), outputs: Int64(layer.output.channels))
    let forward = try Primitive.linear(shape, RT_FORWARD_TRAINING, in: context)
    let activation = try converted(output(of: source), to: forward.layout(RT_SOURCE)!)
    let weights = try parameter(
      layer.parameters[0], layout: forward.layout(RT_WEIGHTS)!,
      dimensions: [layer.output.channels] + input.dimensions)
    let output = resident(.logits, forward.layout(RT_DESTINATION)!)
    run(
      forward,
      [
        RT_SOURCE: activation.buffer, RT_WEIGHTS: weights.buffer,
        RT_BIAS: try vectorParameter(layer.parameters[1]), RT_DESTINATION: output.buffer,
      ])
    setOutput(index, output)

    record(index) { gradient in
      let pass = try Primitive.linear(shape, RT_BACKWARD_WEIGHTS, hint: forward, in: self.context)
      let result = try self.weightsGradient(
        layer.parameters[0], layout: pass.layout(RT_WEIGHTS_GRADIENT)!, weights: weights)
      self.run(
        pass,
        [
          RT_SOURCE: try self.converted(activation, to: pass.layout(RT_SOURCE)!).buffer,
          RT_DESTINATION_GRADIENT: gradient.tensor.buffer,
          RT_WEIGHTS_GRADIENT: result.written.buffer,
          RT_BIAS_GRADIENT: self.residentBuffer(.gradient(layer.parameters[1].name)),
        ])
      try self.deliver(result)
    }
    record(index) { gradient in
      let pass = try Primitive.linear(shape, RT_BACKWARD_DATA, hint: forward, in: self.context)
      let result = self.tensor(pass.layout(RT_SOURCE_GRADIENT)!)
      self.run(
        pass,
        [
          RT_DESTINATION_GRADIENT: gradient.tensor.buffer,
          RT_WEIGHTS: try self.converted(weights, to: pass.layout(RT_WEIGHTS)!).buffer,
          RT_SOURCE_GRADIENT: result.buffer,
        ])
      try self.contribute(result, to: source, isOwned: true)
    }
  }

  // MARK: Parameters

  /// A convolution's weights: as the optimizer stores them, and what the passes read.
  private struct Weights {
    /// The taps that are used, in the memory of all of them.
    let stored: Tensor
    /// Of the window and the groups that are computed.
    let used: Tensor
  }

  /// The weights as `pass` reads them.
  private func operand(
    _ weights: Weights, of pass: ConvolutionPass
  ) throws(LibraryFailure) -> Buffer {
    let moved = try converted(weights.used, to: pass.layout(RT_WEIGHTS)!)
    guard precision == .bf16, moved.layout.element == .float32, !pass.roundsWeights else {
      return moved.buffer
    }
    return rounded(moved, isOwned: moved.buffer != weights.used.buffer).buffer
  }

  /// They are stored as the forward pass reads them, or if that is bfloat16, as their gradient comes.
  private func weights(
    _ parameter: ParameterPlan, of convolution: ConvolutionPlan, passes: ConvolutionPasses
  ) throws(LibraryFailure) -> Weights {
    let dimensions = dimensions(of: parameter, convolution)
    var layout = try passes.forward().layout(RT_WEIGHTS)!
    if layout.element == .bfloat16 {
      layout =
        mode == .training
        ? try passes.backward(.backwardWeights).layout(RT_WEIGHTS_GRADIENT)!
        : try Layout(rowMajor: dimensions)
    }
    let stored = try self.parameter(parameter, layout: layout, dimensions: dimensions)
    return Weights(
      stored: resident(.parameter(parameter.name), parameters.slot(parameter.name)!.layout),
      used: stored)
  }

  /// All taps are stored, as the uncropped pass would like them: blocked, so that each lies together.
  private func croppedWeights(
    _ parameter: ParameterPlan, of convolution: ConvolutionPlan, crop: TapCrop,
    storedFor uncropped: Primitive
  ) throws(LibraryFailure) -> Weights {
    let dimensions = dimensions(of: parameter, convolution)
    let whole = try self.parameter(
      parameter, layout: uncropped.layout(RT_WEIGHTS)!, dimensions: dimensions)
    let taps = [crop.window.kernel, crop.window.kernel]
    let part = try whole.layout.crop(
      dimensions.dropLast(2) + taps,
      from: dimensions.dropLast(2).map { _ in 0 } + [crop.offset, crop.offset])
    let stored = Tensor(buffer: whole.buffer, layout: part)
    return Weights(stored: stored, used: stored)
  }

  /// The groups are stored as they are, and joined anew in every step.
  private func packedWeights(
    _ parameter: ParameterPlan, of convolution: ConvolutionPlan, packing: GroupPacking
  ) throws(LibraryFailure) -> Weights {
    let dimensions = dimensions(of: parameter, convolution)
    let stored = try self.parameter(
      parameter, layout: try Layout(rowMajor: dimensions), dimensions: dimensions)
    let packed = tensor(try Layout(rowMajor: packing.dimensions))
    let shape = packing.shape
    kernel(.reorder, [stored.buffer, packed.buffer]) { addresses in
      let weights = addresses[0].assumingMemoryBound(to: Float.self)
      let packed = addresses[1].assumingMemoryBound(to: Float.self)
      return { withUnsafePointer(to: shape) { rt_pack_groups(weights, packed, $0) } }
    }
    return Weights(stored: stored, used: packed)
  }

  /// O×I×kH×kW, or with groups G×O/G×I/G×kH×kW.
  private func dimensions(of parameter: ParameterPlan, _ convolution: ConvolutionPlan) -> [Int] {
    convolution.groups == 1
      ? parameter.shape
      : [convolution.groups, convolution.outputChannels / convolution.groups]
        + parameter.shape.dropFirst()
  }

  /// The parameter as a tensor in `layout`. Training fixes where and how it lies; a later pass that
  /// wants it otherwise reads a copy.
  private func parameter(
    _ plan: ParameterPlan, layout: Layout, dimensions: [Int]
  ) throws(LibraryFailure) -> Tensor {
    if parameters.slot(plan.name) == nil {
      try parameters.reserve(plan, layout: layout, dimensions: dimensions)
    }
    let resident = self.resident(.parameter(plan.name), parameters.slot(plan.name)!.layout)
    return try converted(resident, to: layout)
  }

  /// A parameter of one dimension, such as a bias.
  func vectorParameter(_ plan: ParameterPlan) throws(LibraryFailure) -> Buffer {
    try parameter(plan, layout: try Layout(rowMajor: plan.shape), dimensions: plan.shape).buffer
  }

  /// A weights gradient on its way to the optimizer.
  private struct WeightsGradient {
    /// What the primitive writes.
    let written: Tensor
    /// The optimizer's memory, in the layout of the weights.
    let optimizer: Tensor
  }

  private func weightsGradient(
    _ plan: ParameterPlan, layout: Layout, weights: Tensor, isPacked: Bool = false
  ) throws(LibraryFailure) -> WeightsGradient {
    let optimizer = resident(.gradient(plan.name), weights.layout)
    let written = layout == weights.layout && !isPacked ? optimizer : tensor(layout)
    return WeightsGradient(written: written, optimizer: optimizer)
  }

  private func deliver(_ gradient: WeightsGradient) throws(LibraryFailure) {
    if gradient.written.buffer != gradient.optimizer.buffer {
      try reorder(gradient.written, into: gradient.optimizer)
    }
  }

  private func deliver(
    _ gradient: WeightsGradient, unpacking packing: GroupPacking
  ) throws(LibraryFailure) {
    let packed = try converted(gradient.written, to: try Layout(rowMajor: packing.dimensions))
    let shape = packing.shape
    kernel(.reorder, [packed.buffer, gradient.optimizer.buffer]) { addresses in
      let packed = addresses[0].assumingMemoryBound(to: Float.self)
      let weights = addresses[1].assumingMemoryBound(to: Float.self)
      return { withUnsafePointer(to: shape) { rt_unpack_groups(packed, weights, $0) } }
    }
  }

  // MARK: Shapes

  func inputShape(of source: LayerPlan.Source) -> ImageShape {
    switch source {
    case .image: plan.spec.input
    case .layer(let index): plan.layers[index].output
    }
  }

  private func shape(
    of convolution: ConvolutionPlan, groups: Int? = nil, window: WindowPlan, output: ImageShape,
    input source: LayerPlan.Source
  ) -> rt_convolution {
    let input = inputShape(of: source)
    return rt_convolution(
      batch: Int64(batch), groups: Int64(groups ?? convolution.groups),
      input_channels: Int64(input.channels), input_height: Int64(input.height),
      input_width: Int64(input.width), output_channels: Int64(output.channels),
      output_height: Int64(output.height), output_width: Int64(output.width),
      kernel: Int64(window.kernel), stride: Int64(window.stride),
      padding: window.padding.forPrimitives, bias: convolution.bias)
  }
}

extension WindowPlan.Padding {
  var forPrimitives: rt_padding {
    rt_padding(top: Int64(top), left: Int64(left), bottom: Int64(bottom), right: Int64(right))
  }
}
