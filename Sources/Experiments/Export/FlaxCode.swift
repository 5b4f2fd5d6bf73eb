import Architecture

/// A plan as Flax linen modules (flax.readthedocs.io, "Linen").
///
/// Maps are N×H×W×C, kernels kH×kW×I×O, a linear layer's I×O. Names of modules are those of our
/// checkpoints.
struct FlaxCode {
  private let plan: NetworkPlan
  private let outline: NetworkOutline

  init(_ plan: NetworkPlan) {
    self.plan = plan
    outline = NetworkOutline(plan, ignoring: ChannelsLast.ignored)
  }

  private static var layers: ChannelsLast {
    ChannelsLast(
      arrays: "jnp", functions: "nn", zeros: "nn.initializers.zeros", mode: ["train"],
      maxPool: { input, kernel, stride, padding in
        "nn.max_pool(\(input), (\(kernel), \(kernel)), (\(stride), \(stride)), \(padding))"
      })
  }

  func source() -> String {
    let header = CodeHeader(plan: plan)
    var python = PythonSource()
    python.block(
      header.docstring(
        framework: "Flax",
        loading: """
          Maps are NHWC. A checkpoint, read by `safetensors.numpy.load_file`, has the same names:
          `params["layer1.0"]["conv1"]["kernel"]` is its `layer1.0.conv1.weight`, transposed from
          OIHW to HWIO (of `fc`, from OI to IO); a norm's `scale` and `bias` are its weight and
          bias, `mean` and `var` in `batch_stats` its `running_mean` and `running_var`.
          """))
    python.block("\nimport jax\nimport jax.numpy as jnp\nfrom flax import linen as nn\n\n")
    helpers(&python)
    for block in outline.classes {
      let modules = OutlineModule.foldingUnits(block.modules)
      python.line("class \(block.name)(nn.Module):")
      python.lines(
        block.parameters.map { "\($0): \($0.hasPrefix("sides") ? "tuple" : "int")" }, 1)
      if !block.parameters.isEmpty { python.line() }
      python.block("    @nn.compact\n    def __call__(self, x, train):")
      let forward = Self.layers.forward(
        name: { "\"\($0)\"" }, parameter: { "self.\($0)" })
      python.lines(forward.statements(modules, returning: true), 2)
      python.block("\n")
    }
    network(&python)
    let shape = ([2] + [header.input[1], header.input[2], header.input[0]]).map(String.init)
    python.block(
      """
      def build():
          return Network()


      if __name__ == "__main__":
          model = build()
          images = jnp.zeros((\(shape.joined(separator: ", "))))
          variables = model.init(jax.random.key(0), images)
          print("parameters", sum(p.size for p in jax.tree.leaves(variables["params"])))
          output = model.apply(variables, images)
          print("output", "x".join(map(str, \(plan.outputShape))))
      """)
    return python.text
  }

  private func network(_ python: inout PythonSource) {
    let forward = Self.layers.forward(name: { "\"\($0)\"" })
    python.block("class Network(nn.Module):\n    @nn.compact")
    python.line("def __call__(self, x, train=False):", 1)
    python.lines(forward.statements(outline.stem, returning: false), 2)
    for stage in outline.stages {
      for run in stage.runs {
        /// Constructs and applies a block, in two steps where one line does not hold both.
        func apply(_ name: String, _ depth: Int) {
          var call = outline.construction(run, text: ChannelsLast.text)
          call = call.dropLast() + (call.hasSuffix("()") ? "" : ", ") + "name=\(name))"
          let whole = "x = \(call)(x, train)"
          if whole.count + depth * 4 <= PythonSource.columns {
            python.line(whole, depth)
          } else {
            python.lines(["block = \(call)", "x = block(x, train)"], depth)
          }
        }
        if run.count == 1 {
          apply("\"\(stage.name).\(run.first)\"", 2)
        } else {
          let range = run.first == 0 ? "\(run.count)" : "\(run.first), \(run.first + run.count)"
          python.line("for i in range(\(range)):", 2)
          apply("f\"\(stage.name).{i}\"", 3)
        }
      }
    }
    python.lines(forward.statements(outline.tail, returning: true), 2)
    python.block("\n")
  }

  private func helpers(_ python: inout PythonSource) {
    let modules = outline.modules
    let hasBias = modules.contains { module in
      if case .convolution(bias: true, _) = module.kind { true } else { false }
    }
    let convolution = WeightDraw(plan.parameters, rank: 4)
    if hasBias || modules.contains(where: { $0.kind == .linear }) {
      python.block(
        """
        def bias_init(fan_in):
            \"""Draws a bias from U(±1 / √fan_in).\"""

            def draw(key, shape, dtype=jnp.float32):
                bound = fan_in**-0.5
                return jax.random.uniform(key, shape, dtype, -bound, bound)

            return draw


        """)
    }
    python.block(
      """
      def conv(x, name, channels, kernel, stride=1, padding=0, groups=1, init=None):
          \"""A convolution whose kernel starts from \(convolution.text).\"""
          return nn.Conv(
              channels,
              (kernel, kernel),
              strides=stride,
              padding=padding,
              feature_group_count=groups,
              kernel_init=init or \(Self.initializer(convolution)),
              \(hasBias ? "bias_init=bias_init(x.shape[-1] // groups * kernel**2)" : "use_bias=False"),
              name=name,
          )(x)


      def norm(x, name, train, init=nn.initializers.ones):
          \"""A batch norm; the running statistics keep 1 - momentum of the batch's.\"""
          return nn.BatchNorm(
              use_running_average=not train,
              momentum=1 - \(PythonSource.real(plan.spec.batchNorm.momentum)),
              epsilon=\(PythonSource.real(plan.spec.batchNorm.eps)),
              scale_init=init,
              name=name,
          )(x)


      """)
    if outline.classes.contains(where: { $0.modules.contains { $0.kind == .concatenation } }) {
      python.block(
        """
        def unit(x, name, train, channels, kernel, padding=0):
            \"""A convolution, its norm and a ReLU.\"""
            x = conv(x, f"{name}.conv", channels, kernel, padding=padding)
            return nn.relu(norm(x, f"{name}.bn", train))


        """)
    }
    guard modules.contains(where: { $0.kind == .linear }) else { return }
    let linear = WeightDraw(plan.parameters, rank: 2)
    python.block(
      """
      def linear(x, name, outputs):
          \"""A linear layer whose kernel starts from \(linear.text).\"""
          return nn.Dense(
              outputs,
              kernel_init=\(Self.initializer(linear)),
              bias_init=bias_init(x.shape[-1]),
              name=name,
          )(x)


      """)
  }

  private static func initializer(_ draw: WeightDraw) -> String {
    PythonSource.call(
      "nn.initializers.variance_scaling",
      [
        draw.pythonScale, "\"\(draw.fan.rawValue)\"", draw.isNormal ? "\"normal\"" : "\"uniform\"",
      ])
  }
}

extension NetworkPlan {
  /// The shape of `output`, with the channels before height and width, as a Python expression.
  var outputShape: String {
    layers.last?.operation == .linear ? "output.shape" : "output.transpose(0, 3, 1, 2).shape"
  }
}
