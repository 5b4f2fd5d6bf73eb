import Architecture

/// A plan as MXNet Gluon blocks (mxnet.apache.org/versions/1.9.1/api/python/docs/api/gluon).
///
/// Maps are N×C×H×W, weights O×I×kH×kW. Names of blocks, as `save_parameters` writes them, are
/// those of our checkpoints; a norm's weight and bias are `gamma` and `beta`.
struct GluonCode {
  private let plan: NetworkPlan
  private let outline: NetworkOutline
  private let convolution: WeightDraw

  init(_ plan: NetworkPlan) {
    self.plan = plan
    outline = NetworkOutline(plan)
    convolution = WeightDraw(plan.parameters, rank: 4)
  }

  func source() -> String {
    let header = CodeHeader(plan: plan)
    var python = PythonSource()
    python.block(
      header.docstring(
        framework: "Gluon",
        loading: """
          A checkpoint, read by `safetensors.numpy.load_file`, has the same names but of norms,
          whose `weight` and `bias` are `gamma` and `beta` here:
          `model._collect_params_with_prefix()["layer1.0.conv1.weight"].set_data(array)`.
          """))
    python.block(
      """

      import numpy

      numpy.bool = bool  # MXNet 1.9.1 uses the old name; it needs numpy < 1.24.

      import mxnet as mx
      from mxnet.gluon import nn


      """)
    helpers(&python)
    ModuleClasses(
      outline: outline, base: "nn.HybridBlock", forwardHead: "def hybrid_forward(self, F, x):",
      sequence: "chain", text: Self.text, construction: construction, drawing: { _ in nil },
      forward: Self.forward
    ).write(to: &python)
    python.block(
      """
      def build():
          model = Network()
          model.initialize()
          return model


      if __name__ == "__main__":
          model = build()
          trained = [p for p in model.collect_params().values() if p.grad_req != "null"]
          print("parameters", sum(p.data().size for p in trained))
          output = model(mx.nd.zeros((2, \(header.input.map(String.init).joined(separator: ", ")))))
          print("output", "x".join(map(str, output.shape)))
      """)
    return python.text
  }

  // MARK: Helpers

  private func helpers(_ python: inout PythonSource) {
    let modules = outline.modules
    let isUneven = modules.contains { $0.isConvolution && $0.terms[.sides] != nil }
    let hasBias = modules.contains { module in
      if case .convolution(bias: true, _) = module.kind { true } else { false }
    }
    python.block(
      """
      def chain(*blocks):
          \"""One block after the other.\"""
          sequence = nn.HybridSequential()
          sequence.add(*blocks)
          return sequence


      """)
    if isUneven {
      python.block(
        """
        class PaddedConv2D(nn.Conv2D):
            \"""A convolution of a map with zeros at its top, bottom, left and right.\"""

            sides = (0, 0, 0, 0)

            def hybrid_forward(self, F, x, weight, bias=None):
                x = F.pad(x, mode="constant", pad_width=(0, 0, 0, 0, *self.sides))
                return super().hybrid_forward(F, x, weight, bias)


        """)
    }
    let parameters =
      [
        "inputs", "outputs", "kernel", "stride=1", "padding=0", "groups=1",
      ]
      + (isUneven ? ["sides=(0, 0, 0, 0)"] : []) + ["init=None"]
    python.line(PythonSource.call("def conv", parameters) + ":")
    python.block(
      """
          \"""A convolution whose weight starts from \(convolution.text).\"""
          layer = \(isUneven ? "PaddedConv2D" : "nn.Conv2D")(
              outputs,
              kernel,
              stride,
              padding,
              groups=groups,
              in_channels=inputs,
              weight_initializer=init or \(Self.initializer(convolution)),
              \(hasBias
                ? "bias_initializer=mx.init.Uniform((inputs // groups * kernel**2) ** -0.5)"
                : "use_bias=False"),
          )
      """)
    if isUneven { python.line("layer.sides = sides", 1) }
    python.block("    return layer\n\n")
    if modules.contains(where: { $0.kind == .identityPad }) {
      python.block(
        """
        def pad_channels(x, F, stride, before, after):
            \"""Every stride-th pixel, between channels of zeros.\"""
            x = F.slice(x, (0, 0, 0, 0), (None,) * 4, (1, 1, stride, stride))
            # `pad` leaves the first two axes alone: channels stand in for rows.
            width = (0, 0, 0, 0, before, after, 0, 0)
            x = F.pad(x.swapaxes(1, 2), mode="constant", pad_width=width)
            return x.swapaxes(1, 2)


        """)
    }
    if modules.contains(where: { $0.kind == .maxPool && $0.terms[.sides] != nil }) {
      python.block(
        """
        def max_pool(x, F, kernel, stride, sides):
            \"""Max pooling; what lies around the map is below every value.\"""
            width = (0, 0, 0, 0, *sides)
            x = F.pad(x, mode="constant", pad_width=width, constant_value=-3e38)
            return F.Pooling(x, (kernel, kernel), "max", stride=(stride, stride))


        """)
    }
    let units = outline.classes.flatMap { OutlineModule.foldingUnits($0.modules) }
    guard
      let unit = units.lazy.compactMap({ module in
        if case .unit(let inner) = module.kind { inner } else { nil }
      }).first
    else { return }
    python.block(
      """
      class ConvUnit(nn.HybridBlock):
          \"""A convolution, its norm and a ReLU.\"""

          def __init__(self, inputs, outputs, kernel, padding=0):
              super().__init__()
              self.conv = conv(inputs, outputs, kernel, padding=padding)
              self.bn = \(norm(unit[1], channels: "outputs"))

          def hybrid_forward(self, F, x):
              return F.relu(self.bn(self.conv(x)))


      """)
  }

  private static func initializer(_ draw: WeightDraw) -> String {
    let fan =
      switch draw.fan {
      case .input: "in"
      case .output: "out"
      case .average: "avg"
      }
    // Gluon's magnitude is the variance's, of a uniform draw the squared bound's.
    let magnitude = draw.isNormal ? draw.scale : draw.scale * 3
    return PythonSource.call(
      "mx.init.Xavier",
      [
        "\"\(draw.isNormal ? "gaussian" : "uniform")\"", "\"\(fan)\"",
        "\(Int(magnitude.rounded()))",
      ])
  }

  // MARK: Modules

  private static func text(_ term: OutlineModule.Term?) -> String {
    switch term {
    case .name(let name): name
    case .number(.integer(let value)): "\(value)"
    case .number(.real(let value)): PythonSource.real(value)
    case .number(.sides(let top, let left, let bottom, let right)):
      "(\(top), \(bottom), \(left), \(right))"
    case nil: ""
    }
  }

  private func norm(_ module: OutlineModule, channels: String) -> String {
    var options = ["in_channels=\(channels)"]
    if let momentum = module.terms[.momentum], momentum != .number(.real(0.1)) {
      options.append("momentum=1 - \(Self.text(momentum))")
    }
    if let eps = module.terms[.eps], eps != .number(.real(1e-5)) {
      options.append("epsilon=\(Self.text(eps))")
    }
    if module.kind == .batchNorm(startsAtZero: true) {
      options.append("gamma_initializer=\"zeros\"")
    }
    return PythonSource.call("nn.BatchNorm", options)
  }

  /// The expression that constructs a module; nil for one that is a function.
  private func construction(_ module: OutlineModule) -> String? {
    func text(_ slot: OutlineModule.Slot) -> String { Self.text(module.terms[slot]) }
    switch module.kind {
    case .convolution(_, let startsAtZero):
      return convolutionCall("conv", module) { startsAtZero ? $0 + ["init=\"zeros\""] : $0 }
    case .batchNorm: return norm(module, channels: text(.channels))
    case .linear:
      let draw = WeightDraw(plan.parameters, rank: 2)
      return PythonSource.call(
        "nn.Dense",
        [
          text(.outputs), "in_units=\(text(.inputs))",
          "weight_initializer=\(Self.initializer(draw))",
          "bias_initializer=mx.init.Uniform(\(text(.inputs))**-0.5)",
        ])
    case .unit(let inner): return convolutionCall("ConvUnit", inner[0]) { $0 }
    case .sequence(let inner):
      return PythonSource.call(
        "chain",
        inner.map { module in
          if module.kind == .maxPool {
            return "nn.MaxPool2D(\(Self.text(module.terms[.kernel])), "
              + "\(Self.text(module.terms[.stride])), \(Self.text(module.terms[.padding])))"
          }
          return construction(module) ?? ""
        })
    case .relu, .add, .concatenation, .identityPad, .maxPool, .globalAveragePool: return nil
    }
  }

  private func convolutionCall(
    _ function: String, _ module: OutlineModule, _ finish: ([String]) -> [String]
  ) -> String {
    func text(_ slot: OutlineModule.Slot) -> String { Self.text(module.terms[slot]) }
    var arguments = [text(.inputs), text(.outputs), text(.kernel)]
    for (slot, standard) in [
      (OutlineModule.Slot.stride, "1"), (.padding, "0"), (.groups, "1"), (.sides, ""),
    ] where !text(slot).isEmpty && text(slot) != standard {
      arguments.append("\(slot)=\(text(slot))")
    }
    return PythonSource.call(function, finish(arguments))
  }

  private static var forward: ForwardPass {
    ForwardPass(
      call: { module, inputs in
        func text(_ slot: OutlineModule.Slot) -> String {
          if case .name(let name) = module.terms[slot] { return "self.\(name)" }
          return Self.text(module.terms[slot])
        }
        func pair(_ slot: OutlineModule.Slot) -> String { "(\(text(slot)), \(text(slot)))" }
        switch module.kind {
        case .relu: return "F.relu(\(inputs[0]))"
        case .add: return inputs.joined(separator: " + ")
        case .concatenation: return "F.concat(\(inputs.joined(separator: ", ")), dim=1)"
        case .identityPad:
          let stride = text(.stride)
          return "pad_channels(\(inputs[0]), F, \(stride), \(text(.before)), \(text(.after)))"
        case .maxPool where module.terms[.sides] != nil:
          return "max_pool(\(inputs[0]), F, \(text(.kernel)), \(text(.stride)), \(text(.sides)))"
        case .maxPool:
          return "F.Pooling(\(inputs[0]), \(pair(.kernel)), \"max\", stride=\(pair(.stride)), "
            + "pad=\(pair(.padding)))"
        case .globalAveragePool: return "F.mean(\(inputs[0]), axis=(2, 3))"
        case .convolution, .batchNorm, .linear, .unit, .sequence:
          return "self.\(module.name)(\(inputs[0]))"
        }
      },
      joins: ForwardPass.nestsOneLayer)
  }
}
