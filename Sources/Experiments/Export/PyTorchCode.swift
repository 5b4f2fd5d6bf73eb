import Architecture

/// A plan as PyTorch modules, under the names of our checkpoints.
///
/// Maps are N×C×H×W, weights O×I×kH×kW. Names and initialisers are PyTorch's own
/// (docs.pytorch.org/docs/stable/nn.html, …/nn.init.html). `load_state_dict` takes a plain
/// dictionary without `num_batches_tracked`: without metadata it counts as one from before norms
/// had that buffer.
struct PyTorchCode {
  private typealias Term = OutlineModule.Term
  private let plan: NetworkPlan
  private let outline: NetworkOutline
  private let convolution: WeightDraw
  private let linear: WeightDraw

  init(_ plan: NetworkPlan) {
    self.plan = plan
    outline = NetworkOutline(plan)
    convolution = WeightDraw(plan.parameters, rank: 4)
    linear = WeightDraw(plan.parameters, rank: 2)
  }

  func source() -> String {
    let header = CodeHeader(plan: plan)
    var python = PythonSource()
    python.block(
      header.docstring(
        framework: "PyTorch",
        loading: """
          Weights of a checkpoint, which has the same names, are loaded by
          `build().load_state_dict(safetensors.torch.load_file("step-00000001.safetensors"))`.
          """))
    python.block("\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n")
    helpers(&python)
    ModuleClasses(
      outline: outline, base: "nn.Module", forwardHead: "def forward(self, x):",
      sequence: "nn.Sequential", text: Self.text, construction: construction, drawing: drawing,
      forward: Self.forward
    ).write(to: &python)
    python.block(
      """
      def build():
          return Network()


      if __name__ == "__main__":
          model = build().eval()
          print("parameters", sum(p.numel() for p in model.parameters() if p.requires_grad))
          with torch.no_grad():
              output = model(torch.zeros(2, \(header.input.map(String.init).joined(separator: ", "))))
          print("output", "x".join(map(str, output.shape)))
      """)
    return python.text
  }

  // MARK: Helpers

  private func helpers(_ python: inout PythonSource) {
    let modules = outline.modules
    let isUneven = modules.contains { $0.isConvolution && $0.terms[.sides] != nil }
    let hasBias = modules.contains { $0.kind == .convolution(bias: true, startsAtZero: false) }
    if isUneven {
      python.block(
        """
        class PaddedConv2d(nn.Conv2d):
            \"""A convolution of a map with zeros at its left, right, top and bottom.\"""

            sides = (0, 0, 0, 0)

            def forward(self, x):
                return super().forward(F.pad(x, self.sides))


        """)
    }
    python.line(
      PythonSource.call(
        "def conv",
        ["inputs", "outputs", "kernel", "stride=1", "padding=0", "groups=1"]
          + (isUneven ? ["sides=(0, 0, 0, 0)"] : [])) + ":")
    python.line(#""""A convolution whose weight starts from \#(convolution.text).""""#, 1)
    python.line(
      PythonSource.call(
        "layer = " + (isUneven ? "PaddedConv2d" : "nn.Conv2d"),
        ["inputs", "outputs", "kernel", "stride", "padding", "groups=groups"]
          + (hasBias ? [] : ["bias=False"])), 1)
    if isUneven { python.line("layer.sides = sides", 1) }
    if let draw = Self.draw(convolution, "layer.weight") { python.line(draw, 1) }
    python.block("    return layer\n\n")
    let units = outline.classes.flatMap { OutlineModule.foldingUnits($0.modules) }
    guard
      let unit = units.lazy.compactMap({ module in
        if case .unit(let inner) = module.kind { inner } else { nil }
      }).first
    else { return }
    python.block(
      """
      class ConvUnit(nn.Module):
          \"""A convolution, its norm and a ReLU.\"""

          def __init__(self, inputs, outputs, kernel, padding=0):
              super().__init__()
              self.conv = conv(inputs, outputs, kernel, padding=padding)
              self.bn = \(norm(unit[1], channels: "outputs"))

          def forward(self, x):
              return F.relu(self.bn(self.conv(x)))


      """)
  }

  /// The statement that draws `weight`; nil where PyTorch does so by itself.
  private static func draw(_ rule: WeightDraw, _ weight: String) -> String? {
    guard rule != .pytorch else { return nil }
    return switch (rule.isNormal, rule.fan) {
    case (true, .average): "nn.init.xavier_normal_(\(weight))"
    case (false, _): "nn.init.xavier_uniform_(\(weight))"
    case (true, let fan):
      "nn.init.kaiming_normal_(\(weight), mode=\"\(fan.rawValue)\", nonlinearity="
        + "\"\(rule.scale == 2 ? "relu" : "linear")\")"
    }
  }

  // MARK: Modules

  private static func text(_ term: Term?) -> String {
    switch term {
    case .name(let name): name
    case .number(.integer(let value)): "\(value)"
    case .number(.real(let value)): PythonSource.real(value)
    case .number(.sides(let top, let left, let bottom, let right)):
      "(\(left), \(right), \(top), \(bottom))"
    case nil: ""
    }
  }

  /// `keyword=value` of those that are not the default.
  private static func options(
    _ module: OutlineModule, _ slots: [(OutlineModule.Slot, default: String)]
  ) -> [String] {
    slots.compactMap { slot, standard in
      let value = text(module.terms[slot])
      return value.isEmpty || value == standard ? nil : "\(slot)=\(value)"
    }
  }

  private func norm(_ module: OutlineModule, channels: String) -> String {
    PythonSource.call(
      "nn.BatchNorm2d",
      [channels] + Self.options(module, [(.eps, default: "1e-05"), (.momentum, default: "0.1")]))
  }

  /// The expression that constructs a module; nil for one that is a function.
  private func construction(_ module: OutlineModule) -> String? {
    func text(_ slot: OutlineModule.Slot) -> String { Self.text(module.terms[slot]) }
    switch module.kind {
    case .convolution:
      return PythonSource.call(
        "conv",
        [text(.inputs), text(.outputs), text(.kernel)]
          + Self.options(
            module,
            [
              (.stride, default: "1"), (.padding, default: "0"), (.groups, default: "1"),
              (.sides, default: ""),
            ]))
    case .batchNorm: return norm(module, channels: text(.channels))
    case .linear: return "nn.Linear(\(text(.inputs)), \(text(.outputs)))"
    case .unit(let inner):
      func part(_ slot: OutlineModule.Slot) -> String { Self.text(inner[0].terms[slot]) }
      return PythonSource.call(
        "ConvUnit",
        [part(.inputs), part(.outputs), part(.kernel)]
          + Self.options(inner[0], [(.padding, default: "0")]))
    case .sequence(let inner):
      return PythonSource.call(
        "nn.Sequential",
        inner.map { module in
          if module.kind == .maxPool {
            let options = module.terms
            return "nn.MaxPool2d(\(Self.text(options[.kernel])), \(Self.text(options[.stride])), "
              + "\(Self.text(options[.padding])))"
          }
          return construction(module) ?? ""
        })
    case .relu, .add, .concatenation, .identityPad, .maxPool, .globalAveragePool: return nil
    }
  }

  /// What follows a module's construction.
  private func drawing(_ module: OutlineModule) -> String? {
    switch module.kind {
    case .convolution(_, startsAtZero: true), .batchNorm(startsAtZero: true):
      "nn.init.zeros_(self.\(module.name).weight)"
    case .linear: Self.draw(linear, "self.\(module.name).weight")
    default: nil
    }
  }

  private static var forward: ForwardPass {
    ForwardPass(
      call: { module, inputs in
        func text(_ slot: OutlineModule.Slot) -> String {
          if case .name(let name) = module.terms[slot] { return "self.\(name)" }
          return Self.text(module.terms[slot])
        }
        switch module.kind {
        case .relu: return "F.relu(\(inputs[0]))"
        case .add: return inputs.joined(separator: " + ")
        case .concatenation: return "torch.cat([\(inputs.joined(separator: ", "))], 1)"
        case .identityPad:
          let stride = text(.stride)
          let every = PythonSource.slice(step: stride)
          let pixels = stride == "1" ? inputs[0] : "\(inputs[0])[:, :, \(every), \(every)]"
          return "F.pad(\(pixels), (0, 0, 0, 0, \(text(.before)), \(text(.after))))"
        case .maxPool where module.terms[.sides] != nil:
          return "F.max_pool2d(F.pad(\(inputs[0]), \(text(.sides)), value=-torch.inf), "
            + "\(text(.kernel)), \(text(.stride)))"
        case .maxPool:
          return
            "F.max_pool2d(\(inputs[0]), \(text(.kernel)), \(text(.stride)), \(text(.padding)))"
        case .globalAveragePool: return "\(inputs[0]).mean((2, 3))"
        case .convolution, .batchNorm, .linear, .unit, .sequence:
          return "self.\(module.name)(\(inputs[0]))"
        }
      },
      joins: ForwardPass.nestsOneLayer)
  }
}
