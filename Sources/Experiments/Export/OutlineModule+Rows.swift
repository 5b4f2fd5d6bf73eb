import Architecture

extension OutlineModule {
  /// The modules of consecutive rows.
  ///
  /// - Parameters:
  ///   - first: the index of the first row in the plan; rows before it are the outside.
  ///   - prefix: what the names drop, such as `layer1.0.`.
  static func modules(of rows: [LayerPlan], from first: Int, droppingPrefix prefix: String)
    -> [OutlineModule]
  {
    rows.map { row in
      OutlineModule(
        name: String(row.name.dropFirst(prefix.count)), kind: kind(of: row),
        inputs: row.inputs.map {
          if case .layer(let index) = $0, index >= first {
            .module(index - first)
          } else {
            .outside
          }
        },
        terms: numbers(of: row).mapValues(Term.number))
    }
  }

  private static func kind(of row: LayerPlan) -> Kind {
    let startsAtZero = row.parameters.first?.initializer == .constant(0)
    return switch row.operation {
    case .convolution(let plan): .convolution(bias: plan.bias, startsAtZero: startsAtZero)
    case .batchNorm: .batchNorm(startsAtZero: startsAtZero)
    case .relu: .relu
    case .add: .add
    case .concatenation: .concatenation
    case .identityPad: .identityPad
    case .maxPool: .maxPool
    case .globalAveragePool: .globalAveragePool
    case .linear: .linear
    }
  }

  private static func numbers(of row: LayerPlan) -> [Slot: Number] {
    switch row.operation {
    case .convolution(let plan):
      numbers(of: plan.window).merging([
        .inputs: .integer(plan.inputChannels), .outputs: .integer(plan.outputChannels),
        .groups: .integer(plan.groups),
      ]) { $1 }
    case .batchNorm(let options):
      [
        .channels: .integer(row.output.channels), .eps: .real(options.eps),
        .momentum: .real(options.momentum),
      ]
    case .identityPad(let stride, let before):
      [
        .stride: .integer(stride), .before: .integer(before),
        // The input's channels join in `NetworkOutline`, which knows them.
        .after: .integer(row.output.channels - before),
      ]
    case .maxPool(let window): numbers(of: window)
    case .linear:
      [
        .inputs: .integer(row.parameters[0].shape[1]), .outputs: .integer(row.output.channels),
      ]
    case .relu, .add, .concatenation, .globalAveragePool: [:]
    }
  }

  private static func numbers(of window: WindowPlan) -> [Slot: Number] {
    let padding = window.padding
    let isEven = padding == WindowPlan.Padding(padding.top)
    return [
      .kernel: .integer(window.kernel), .stride: .integer(window.stride),
      (isEven ? .padding : .sides): isEven
        ? .integer(padding.top)
        : .sides(
          top: padding.top, left: padding.left, bottom: padding.bottom, right: padding.right),
    ]
  }
}
