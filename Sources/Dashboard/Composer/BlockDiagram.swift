import Architecture

/// One block of a network as boxes and what connects them: from its input through what all paths
/// share, along the paths side by side, to where they meet and on to its output.
struct BlockDiagram: Equatable {
  /// One or more modules that act as one: a convolution with its norm and ReLU.
  struct Box: Equatable {
    /// What its modules do, such as `3×3, 64→128 /2`, one line each.
    var lines: [Line]

    struct Line: Equatable {
      /// From the full text to what is said where there is little room.
      var texts: [String]
      /// A convolution or linear layer: it has most of the weights.
      var isWeighted: Bool
    }
  }

  enum Join: Equatable { case add, concatenation }

  /// The block's name, such as `layer1.0`.
  var name: String
  var input: ImageShape
  var trunk: [Box] = []
  /// The residual branch first, then the shortcut: empty where it is the identity. One path alone
  /// where nothing is joined.
  var paths: [[Box]] = []
  var join: Join?
  var tail: [Box] = []
  var output: ImageShape
  /// Rows of the plan.
  var rows: Range<Int>

  /// The block called `name`; nil where the plan has none.
  init?(_ name: String, of plan: NetworkPlan) {
    let prefix = "\(name)."
    guard let first = plan.layers.firstIndex(where: { $0.name.hasPrefix(prefix) }) else {
      return nil
    }
    let end =
      plan.layers[first...].firstIndex { !$0.name.hasPrefix(prefix) } ?? plan.layers.endIndex
    self.name = name
    rows = first..<end
    output = plan.layers[end - 1].output
    input = plan.layers[first].inputs[0].shape(in: plan)
    func boxes(_ rows: some Sequence<Int>) -> [Box] { Self.boxes(Array(rows), of: plan) }
    guard let join = rows.last(where: { plan.layers[$0].inputs.count > 1 }) else {
      paths = [boxes(rows)]
      return
    }
    self.join = plan.layers[join].operation == .add ? .add : .concatenation
    var chains = plan.layers[join].inputs.map { chain(to: $0, in: plan) }
    let shared = zip(chains[0], chains[1]).prefix { $0 == $1 }.count
    trunk = boxes(chains[0].prefix(shared))
    for index in chains.indices { chains[index].removeFirst(min(shared, chains[index].count)) }
    paths = chains.map { boxes($0) }
    tail = boxes((join + 1)..<end)
  }

  /// The block that a row of the plan belongs to; nil for stem and head.
  static func name(ofRow row: Int, in plan: NetworkPlan) -> String? {
    let parts = plan.layers[row].name.split(separator: ".")
    guard parts.count > 2, parts[0].hasPrefix("layer") else { return nil }
    return "\(parts[0]).\(parts[1])"
  }

  /// The block's rows that lead to `source`, in order.
  private func chain(to source: LayerPlan.Source, in plan: NetworkPlan) -> [Int] {
    var rows: [Int] = []
    var source = source
    while case .layer(let index) = source, self.rows.contains(index) {
      rows.append(index)
      source = plan.layers[index].inputs[0]
    }
    return rows.reversed()
  }

  /// Rows that follow each other, gathered into boxes: norm and ReLU stand with the convolution
  /// before them, in a pre-activation network with the one behind.
  private static func boxes(_ rows: [Int], of plan: NetworkPlan) -> [Box] {
    var boxes: [Box] = []
    var isOpen = false
    for row in rows {
      let layer = plan.layers[row]
      let isConvolution = if case .convolution = layer.operation { true } else { false }
      let isActivation = layer.operation == .relu || layer.kind == "batch_norm"
      let joins =
        isOpen && (plan.spec.preActivation ? isConvolution || isActivation : isActivation)
      let line = line(for: layer)
      if joins {
        let last = boxes.count - 1
        if isActivation, let before = boxes[last].lines.last, !before.isWeighted {
          boxes[last].lines[boxes[last].lines.count - 1].texts = [
            "\(before.texts[0]) · \(line.texts[0])", "\(before.texts.last ?? "") \(line.texts[0])",
          ]
        } else {
          boxes[last].lines.append(line)
        }
      } else {
        boxes.append(Box(lines: [line]))
      }
      isOpen = plan.spec.preActivation ? isActivation : isConvolution || isActivation
    }
    return boxes
  }

  private static func line(for layer: LayerPlan) -> Box.Line {
    func side(_ kernel: Int) -> String { "\(kernel)×\(kernel)" }
    func stride(_ stride: Int) -> String { stride > 1 ? " /\(stride)" : "" }
    switch layer.operation {
    case .convolution(let convolution):
      let window = convolution.window
      let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
      let rest =
        stride(window.stride) + (convolution.groups > 1 ? " g\(convolution.groups)" : "")
      return Box.Line(
        texts: [
          "\(side(window.kernel)), \(inputs)→\(outputs)\(rest)",
          "\(side(window.kernel)), \(outputs)\(rest)",
        ], isWeighted: true)
    case .batchNorm: return Box.Line(texts: ["BN"], isWeighted: false)
    case .relu: return Box.Line(texts: ["ReLU"], isWeighted: false)
    case .maxPool(let window):
      return Box.Line(
        texts: [
          "\(side(window.kernel)) max pool\(stride(window.stride))",
          "max pool\(stride(window.stride))", "pool\(stride(window.stride))",
        ],
        isWeighted: false)
    case .identityPad(let step, _):
      return Box.Line(
        texts: [
          "zero pad →\(layer.output.channels)\(stride(step))",
          "pad \(layer.output.channels)\(stride(step))",
        ],
        isWeighted: false)
    case .add, .concatenation, .globalAveragePool, .linear:
      return Box.Line(texts: [layer.kind], isWeighted: false)
    }
  }
}

extension LayerPlan.Source {
  /// C×H×W of what comes from here.
  func shape(in plan: NetworkPlan) -> ImageShape {
    switch self {
    case .image: plan.spec.input
    case .layer(let index): plan.layers[index].output
    }
  }
}
