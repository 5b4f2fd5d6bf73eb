import Architecture
import COneDNN

extension ProgramBuilder {
  /// The residual sum, with the ReLU behind it where nothing else reads the sum, and with the norms
  /// of its summands that are still pending.
  func add(_ index: Int) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let relu = fusibleReLU(after: index)
    let result = try sum(layer.inputs, relu: relu != nil)
    setOutput(index, result)
    if let relu { setOutput(relu, result) }

    recordTerms(relu ?? index, from: index) { terms in
      let sum =
        relu == nil ? try self.sum(of: terms).tensor : try self.masked(terms, by: result).tensor
      // Both summands have the sum's gradient, and share its memory.
      for source in layer.inputs { try self.contribute(sum, to: source, isOwned: false) }
    }
  }

  private func sum(_ sources: [LayerPlan.Source], relu: Bool) throws(LibraryFailure) -> Tensor {
    let pending = sources.map { pendingNorm(of: $0) }
    if let first = pending.indices.first(where: { pending[$0] != nil }) {
      let norm = pending[first]!
      if let other = pending[1 - first], other.input.layout == norm.input.layout {
        return apply(
          norm, residual: other.input, residualAffine: other.affine, operation: .elementwise,
          relu: relu)
      }
      let plain =
        pending[1 - first].map { apply($0, operation: .elementwise, relu: false) }
        ?? output(of: sources[1 - first])
      return apply(
        norm, residual: try converted(plain, to: norm.input.layout), operation: .elementwise,
        relu: relu)
    }
    let a = output(of: sources[0])
    let b = try converted(output(of: sources[1]), to: a.layout)
    let result = tensor(like: a)
    let (element, count) = (a.layout.element, a.layout.elementCount)
    kernel(.elementwise, [a.buffer, b.buffer, result.buffer]) { addresses in
      let (a, b, out) = (addresses[0], addresses[1], addresses[2])
      return relu
        ? { rt_add_relu(element, a, b, out, count) } : { rt_add(element, a, b, out, count) }
    }
    return result
  }

  /// A ReLU that could not be joined to the row before it.
  func relu(_ index: Int) {
    let layer = plan.layers[index]
    let input = output(of: layer.inputs[0])
    let result = tensor(like: input)
    let (element, count) = (input.layout.element, input.layout.elementCount)
    kernel(.elementwise, [input.buffer, result.buffer]) { addresses in
      let (source, destination) = (addresses[0], addresses[1])
      return { rt_relu(element, source, destination, count) }
    }
    setOutput(index, result)

    recordTerms(index) { terms in
      try self.contribute(
        self.masked(terms, by: result).tensor, to: layer.inputs[0], isOwned: true)
    }
  }

  /// The gradient behind a ReLU, given in one or two terms: their sum, zero where the ReLU's output is.
  private func masked(
    _ terms: [Gradient], by activation: Tensor
  ) throws(LibraryFailure) -> Gradient {
    let result = terms.first(where: \.isOwned)?.tensor ?? tensor(like: activation)
    let (element, count) = (activation.layout.element, activation.layout.elementCount)
    let buffers = [activation.buffer, result.buffer] + terms.map(\.tensor.buffer)
    kernel(.elementwise, buffers) { addresses in
      let second = addresses.count > 3 ? addresses[3] : nil
      return {
        rt_relu_gradient(element, addresses[0], addresses[2], second, addresses[1], count)
      }
    }
    return Gradient(tensor: result, isOwned: true)
  }
}
