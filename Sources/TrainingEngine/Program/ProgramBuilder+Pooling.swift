import Architecture
import COneDNN

extension ProgramBuilder {
  /// Max pooling with `window`, or the mean over the whole map without one.
  func pool(_ index: Int, _ window: WindowPlan?) throws(LibraryFailure) {
    let layer = plan.layers[index]
    let source = layer.inputs[0]
    let input = output(of: source)
    let extent = inputShape(of: source)
    let shape = rt_pooling(
      batch: Int64(batch), channels: Int64(extent.channels), input_height: Int64(extent.height),
      input_width: Int64(extent.width), output_height: Int64(layer.output.height),
      output_width: Int64(layer.output.width),
      kernel_height: Int64(window?.kernel ?? extent.height),
      kernel_width: Int64(window?.kernel ?? extent.width), stride: Int64(window?.stride ?? 1),
      padding: (window?.padding ?? WindowPlan.Padding(0)).forPrimitives, maximum: window != nil)
    let forward = try Primitive.pooling(
      shape, input.layout, mode == .training ? RT_FORWARD_TRAINING : RT_FORWARD_INFERENCE,
      in: context)
    let result = tensor(forward.layout(RT_DESTINATION)!)
    let workspace = forward.layout(RT_WORKSPACE).map { tensor($0).buffer }
    var arguments = [RT_SOURCE: input.buffer, RT_DESTINATION: result.buffer]
    arguments[RT_WORKSPACE] = workspace
    run(forward, arguments)
    setOutput(index, result)

    record(index) { gradient in
      let pass = try Primitive.pooling(
        shape, input.layout, RT_BACKWARD, hint: forward, in: self.context)
      let inputGradient = self.tensor(pass.layout(RT_SOURCE_GRADIENT)!)
      var arguments = [
        RT_DESTINATION_GRADIENT: try self.converted(
          gradient.tensor, to: pass.layout(RT_DESTINATION_GRADIENT)!
        ).buffer,
        RT_SOURCE_GRADIENT: inputGradient.buffer,
      ]
      arguments[RT_WORKSPACE] = workspace
      self.run(pass, arguments)
      try self.contribute(inputGradient, to: source, isOwned: true)
    }
  }
}
