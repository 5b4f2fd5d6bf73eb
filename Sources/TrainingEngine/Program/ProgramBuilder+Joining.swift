import Architecture
import COneDNN

/// Rows that only move numbers: inception's concatenation, and the padded shortcut of option A.
extension ProgramBuilder {
  /// Each input is copied into its part of the output, in whatever layouts the two have.
  func concatenate(_ index: Int) throws(LibraryFailure) {
    let layer = plan.layers[index]
    var inputs: [Tensor] = []
    for source in layer.inputs {
      inputs.append(try float32(output(of: source), inputShape(of: source)))
    }
    let layout = try Layout.concatenated(
      inputs.map(\.layout), dimensions: [batch] + layer.output.dimensions, in: context)
    let result = tensor(layout)
    var parts: [Layout] = []
    var offset = 0
    for (source, input) in zip(layer.inputs, inputs) {
      let shape = inputShape(of: source)
      parts.append(try layout.crop([batch] + shape.dimensions, from: [0, offset, 0, 0]))
      offset += shape.channels
      try reorder(input, into: Tensor(buffer: result.buffer, layout: parts[parts.count - 1]))
    }
    setOutput(index, try kept(result, layer.output))

    record(index) { gradient in
      let whole = try self.converted(gradient.tensor, to: layout)
      for (position, source) in layer.inputs.enumerated() {
        let part = self.tensor(like: inputs[position])
        try self.reorder(Tensor(buffer: whole.buffer, layout: parts[position]), into: part)
        try self.contribute(part, to: source, isOwned: true)
      }
    }
  }

  func identityPad(_ index: Int, stride: Int, before: Int) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let source = layer.inputs[0]
    let extent = inputShape(of: source)
    let shape = rt_identity_pad(
      batch: Int64(batch), input_channels: Int64(extent.channels),
      input_height: Int64(extent.height), input_width: Int64(extent.width),
      output_channels: Int64(layer.output.channels), output_height: Int64(layer.output.height),
      output_width: Int64(layer.output.width), stride: Int64(stride), before: Int64(before))
    let inputLayout = try Layout(rowMajor: [batch] + extent.dimensions)
    let input = try converted(output(of: source), to: inputLayout)
    let result = tensor(try Layout(rowMajor: [batch] + layer.output.dimensions))
    kernel(.identityPad(.forward), [input.buffer, result.buffer]) { addresses in
      let (input, output) = (
        addresses[0].assumingMemoryBound(to: Float.self),
        addresses[1].assumingMemoryBound(to: Float.self)
      )
      return { withUnsafePointer(to: shape) { rt_identity_pad_forward(input, output, $0) } }
    }
    setOutput(index, try kept(result, layer.output))

    record(index) { gradient in
      let gradient = try self.converted(gradient.tensor, to: result.layout)
      let inputGradient = self.tensor(inputLayout)
      self.kernel(.identityPad(.backwardData), [gradient.buffer, inputGradient.buffer]) {
        addresses in
        let (output, input) = (
          addresses[0].assumingMemoryBound(to: Float.self),
          addresses[1].assumingMemoryBound(to: Float.self)
        )
        return { withUnsafePointer(to: shape) { rt_identity_pad_backward(output, input, $0) } }
      }
      try self.contribute(inputGradient, to: source, isOwned: true)
    }
  }
}
