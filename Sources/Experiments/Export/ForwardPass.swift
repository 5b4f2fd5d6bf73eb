/// Writes the wiring of modules as statements over the variables `x`, `y`, …
struct ForwardPass {
  /// The expression that applies a module to its inputs.
  var call: (OutlineModule, [String]) -> String
  /// Whether the expression of a module that one other reads may stand in that one's.
  var joins: (_ producer: OutlineModule, _ consumer: OutlineModule, _ expression: String) -> Bool
  /// Whether a variable is called after the branch that it belongs to.
  var namesBranches = false

  private struct Value {
    var expression: String
    /// The variables that it reads.
    var variables: Set<String>
  }

  /// Statements that apply `modules` to `x` and leave the result in `x`, or return it.
  func statements(_ modules: [OutlineModule], returning: Bool) -> [String] {
    guard let last = modules.indices.last else { return returning ? ["return x"] : [] }
    var readers: [OutlineModule.Source: [Int]] = [:]
    for (index, module) in modules.enumerated() {
      for source in module.inputs { readers[source, default: []].append(index) }
    }
    var values: [OutlineModule.Source: Value] = [
      .outside: Value(expression: "x", variables: ["x"])
    ]
    var statements: [String] = []
    for (index, module) in modules.enumerated() {
      let inputs = module.inputs.map { values[$0]! }
      let value = Value(
        expression: call(module, inputs.map(\.expression)),
        variables: inputs.reduce(into: []) { $0.formUnion($1.variables) })
      if index == last {
        statements.append((returning ? "return " : "x = ") + value.expression)
        break
      }
      let next = readers[.module(index)] ?? []
      if next.count == 1, joins(module, modules[next[0]], value.expression) {
        values[.module(index)] = value
        continue
      }
      // Everything that is read later keeps its variables.
      let live = values.reduce(into: Set<String>()) { live, entry in
        if (readers[entry.key] ?? []).contains(where: { $0 > index }) {
          live.formUnion(entry.value.variables)
        }
      }
      var branch = namesBranches && module.name.contains(".")
      if case .unit = module.kind { branch = namesBranches }
      let names = (branch ? [String(module.family)] : []) + ["x", "y", "z", "u", "v", "w"]
      let name = names.first { !live.contains($0) } ?? "value\(index)"
      statements.append("\(name) = \(value.expression)")
      values[.module(index)] = Value(expression: name, variables: [name])
    }
    return statements
  }

  /// A convolution with the norm and the ReLU beside it on one line, and the sum of both paths.
  static func nestsOneLayer(
    _ producer: OutlineModule, _ consumer: OutlineModule, _ expression: String
  ) -> Bool {
    let calls = expression.count { $0 == "(" }
    return switch consumer.kind {
    case .relu, .concatenation: true
    case .add: producer.kind != .identityPad
    case .batchNorm: producer.isConvolution && calls == 1
    case .convolution: producer.kind == .relu && calls <= 2
    default: false
    }
  }
}
