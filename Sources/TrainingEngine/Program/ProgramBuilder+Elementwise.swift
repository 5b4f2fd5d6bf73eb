import Architecture
import COneDNN

extension ProgramBuilder {
  /// The residual sum, with the ReLU behind it where nothing else reads the sum.
  func add(_ index: Int) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let a = output(of: layer.inputs[0])
    let b = try converted(output(of: layer.inputs[1]), to: a.layout)
    let result = tensor(like: a)
    let count = a.layout.byteCount / MemoryLayout<Float>.stride
    let relu = fusibleReLU(after: index)
    kernel(.elementwise, [a.buffer, b.buffer, result.buffer]) { addresses in
      let (a, b, out) = floats(addresses)
      return relu == nil ? { rt_add(a, b, out, count) } : { rt_add_relu(a, b, out, count) }
    }
    setOutput(index, result)
    if let relu { setOutput(relu, result) }

    record(relu ?? index) { gradient in
      let sum = relu == nil ? gradient : self.masked(gradient, by: result)
      // Both summands have the sum's gradient, and share its memory.
      for source in layer.inputs { try self.contribute(sum, to: source, isFresh: false) }
    }
  }

  /// A ReLU that could not be joined to the row before it.
  func relu(_ index: Int) {
    let layer = plan.layers[index]
    let input = output(of: layer.inputs[0])
    let result = tensor(like: input)
    let count = input.layout.byteCount / MemoryLayout<Float>.stride
    kernel(.elementwise, [input.buffer, result.buffer]) { addresses in
      let (a, out) = (addresses[0], addresses[1])
      let source = a.assumingMemoryBound(to: Float.self)
      let destination = out.assumingMemoryBound(to: Float.self)
      return { rt_relu(source, destination, count) }
    }
    setOutput(index, result)

    record(index) { gradient in
      try self.contribute(
        self.masked(gradient, by: result), to: layer.inputs[0], isFresh: true)
    }
  }

  /// The gradient behind a ReLU: zero where its output is.
  private func masked(_ gradient: Tensor, by activation: Tensor) -> Tensor {
    let result = tensor(like: activation)
    let count = activation.layout.byteCount / MemoryLayout<Float>.stride
    kernel(.elementwise, [activation.buffer, gradient.buffer, result.buffer]) { addresses in
      let (activation, gradient, out) = floats(addresses)
      return { rt_relu_gradient(activation, gradient, out, count) }
    }
    return result
  }
}
