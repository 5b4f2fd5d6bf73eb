/// The calls of code that applies layers by name as it goes, over maps of N×H×W×C: what Flax and
/// Keras have in common.
struct ChannelsLast {
  /// Numbers that both infer, or that their helpers hold.
  static let ignored: Set<OutlineModule.Slot> = [.inputs, .channels, .eps, .momentum]

  /// The module with the array functions, and that with `relu`.
  var arrays: String
  var functions: String
  /// What starts a tensor at zero.
  var zeros: String
  /// What a norm takes behind its name.
  var mode: [String]
  /// Max pooling of an input with kernel, stride and padding.
  var maxPool: (_ input: String, _ kernel: String, _ stride: String, _ padding: String) -> String

  /// A number outside of a block.
  static func text(_ term: OutlineModule.Term?) -> String {
    switch term {
    case .name(let name): name
    case .number(.integer(let value)): "\(value)"
    case .number(.real(let value)): PythonSource.real(value)
    case .number(.sides(let top, let left, let bottom, let right)):
      "((\(top), \(bottom)), (\(left), \(right)))"
    case nil: ""
    }
  }

  /// The statements' writer.
  ///
  /// - Parameters:
  ///   - name: a layer's name as an expression.
  ///   - parameter: a constructor's parameter as an expression.
  func forward(
    name: @escaping (String) -> String, parameter: @escaping (String) -> String = { $0 }
  ) -> ForwardPass {
    func text(_ module: OutlineModule, _ slot: OutlineModule.Slot) -> String {
      if case .name(let name) = module.terms[slot] { return parameter(name) }
      return Self.text(module.terms[slot])
    }
    func padding(_ module: OutlineModule) -> String {
      text(module, module.terms[.sides] == nil ? .padding : .sides)
    }
    func options(_ module: OutlineModule) -> [String] {
      [
        ("stride", text(module, .stride), "1"), ("padding", padding(module), "0"),
        ("groups", text(module, .groups), "1"),
      ].compactMap { $1 == $2 ? nil : "\($0)=\($1)" }
    }
    return ForwardPass(
      call: { module, inputs in
        let named = [inputs[0], name(module.name)]
        switch module.kind {
        case .convolution(_, let startsAtZero):
          return PythonSource.call(
            "conv",
            named + [text(module, .outputs), text(module, .kernel)] + options(module)
              + (startsAtZero ? ["init=\(zeros)"] : []))
        case .batchNorm(let startsAtZero):
          return PythonSource.call("norm", named + mode + (startsAtZero ? ["init=\(zeros)"] : []))
        case .unit(let inner):
          return PythonSource.call(
            "unit",
            named + mode + [text(inner[0], .outputs), text(inner[0], .kernel)] + options(inner[0]))
        case .linear: return PythonSource.call("linear", named + [text(module, .outputs)])
        case .relu: return "\(functions).relu(\(inputs[0]))"
        case .add: return inputs.joined(separator: " + ")
        case .concatenation:
          return "\(arrays).concatenate([\(inputs.joined(separator: ", "))], -1)"
        case .identityPad:
          let stride = text(module, .stride)
          let every = PythonSource.slice(step: stride)
          let pixels = stride == "1" ? inputs[0] : "\(inputs[0])[:, \(every), \(every)]"
          return "\(arrays).pad(\(pixels), ((0, 0), (0, 0), (0, 0), "
            + "(\(text(module, .before)), \(text(module, .after)))))"
        case .maxPool:
          let side = padding(module)
          let sides =
            module.terms[.sides] == nil ? "((\(side), \(side)), (\(side), \(side)))" : side
          return maxPool(inputs[0], text(module, .kernel), text(module, .stride), sides)
        case .globalAveragePool: return "\(arrays).mean(\(inputs[0]), (1, 2))"
        case .sequence: preconditionFailure("layers have names here, not containers")
        }
      },
      joins: { producer, consumer, _ in
        consumer.kind == .relu && (producer.isBatchNorm || producer.kind == .add)
      }, namesBranches: true)
  }
}
