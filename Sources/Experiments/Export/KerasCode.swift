import Architecture

/// A plan as a functional model of Keras 3, on any of its backends (keras.io/api).
///
/// Maps are N×H×W×C, kernels kH×kW×I×O, a linear layer's I×O. Names of layers are those of our
/// checkpoints.
struct KerasCode {
  private let plan: NetworkPlan
  private let outline: NetworkOutline

  init(_ plan: NetworkPlan) {
    self.plan = plan
    outline = NetworkOutline(plan, ignoring: ChannelsLast.ignored)
  }

  private static var layers: ChannelsLast {
    ChannelsLast(
      arrays: "ops", functions: "ops", zeros: "\"zeros\"", mode: [],
      maxPool: { "max_pool(\($0), \($1), \($2), \($3))" })
  }

  func source() -> String {
    let header = CodeHeader(plan: plan)
    var python = PythonSource()
    python.block(
      header.docstring(
        framework: "Keras",
        loading: """
          Maps are NHWC. A checkpoint, read by `safetensors.numpy.load_file`, has the same names:
          `model.get_layer("layer1.0.conv1").kernel` is its `layer1.0.conv1.weight`, transposed
          from OIHW to HWIO (of `fc`, from OI to IO); a norm's `gamma`, `beta`, `moving_mean` and
          `moving_variance` are its weight, bias, `running_mean` and `running_var`.
          """))
    python.block("\nimport keras\nfrom keras import layers, ops\n\n")
    helpers(&python)
    for block in outline.classes {
      let modules = OutlineModule.foldingUnits(block.modules)
      python.line(
        PythonSource.call("def \(Self.function(block.name))", ["x", "name"] + block.parameters)
          + ":")
      let forward = Self.layers.forward(name: { "f\"{name}.\($0)\"" })
      python.lines(forward.statements(modules, returning: true), 1)
      python.block("\n")
    }
    network(&python)
    let shape = ([2] + [header.input[1], header.input[2], header.input[0]]).map(String.init)
    python.block(
      """
      if __name__ == "__main__":
          model = build()
          print("parameters", sum(w.numpy().size for w in model.trainable_weights))
          output = model(ops.zeros((\(shape.joined(separator: ", ")))), training=False)
          print("output", "x".join(map(str, \(
            plan.outputShape.replacing("output.transpose(0", with: "ops.transpose(output, (0")
              .replacing("2).shape", with: "2)).shape")))))
      """)
    return python.text
  }

  /// `ProjectionBlock` as a function's name.
  private static func function(_ name: String) -> String {
    var text = ""
    for letter in name {
      if letter.isUppercase && !text.isEmpty { text += "_" }
      text += letter.lowercased()
    }
    return text
  }

  private func network(_ python: inout PythonSource) {
    let forward = Self.layers.forward(name: { "\"\($0)\"" })
    let input = plan.spec.input
    python.block("def build():")
    python.line("x = images = keras.Input((\(input.height), \(input.width), \(input.channels)))", 1)
    python.lines(forward.statements(outline.stem, returning: false), 1)
    for stage in outline.stages {
      for run in stage.runs {
        func block(_ name: String) -> String {
          let call = outline.construction(run, leading: ["x", name], text: ChannelsLast.text)
          return Self.function(outline.classes[run.ofClass].name)
            + call.dropFirst(outline.classes[run.ofClass].name.count)
        }
        if run.count == 1 {
          python.line("x = \(block("\"\(stage.name).\(run.first)\""))", 1)
        } else {
          let range = run.first == 0 ? "\(run.count)" : "\(run.first), \(run.first + run.count)"
          python.line("for i in range(\(range)):", 1)
          python.line("x = \(block("f\"\(stage.name).{i}\""))", 2)
        }
      }
    }
    python.lines(forward.statements(outline.tail, returning: false), 1)
    python.block("    return keras.Model(images, x)\n\n")
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
            return keras.initializers.RandomUniform(-(fan_in**-0.5), fan_in**-0.5)


        """)
    }
    python.block(
      """
      def conv(x, name, channels, kernel, stride=1, padding=0, groups=1, init=None):
          \"""A convolution whose kernel starts from \(convolution.text).\"""
          \(hasBias ? "fan_in = x.shape[-1] // groups * kernel**2\n    " : "")\
      same = stride == 1 and padding == kernel // 2
          if padding and not same:
              x = layers.ZeroPadding2D(padding)(x)
          init = init or \(Self.initializer(convolution))
          return layers.Conv2D(
              channels,
              kernel,
              stride,
              "same" if same else "valid",
              groups=groups,
              kernel_initializer=init,
              \(hasBias ? "bias_initializer=bias_init(fan_in)" : "use_bias=False"),
              name=name,
          )(x)


      def norm(x, name, init="ones"):
          \"""A batch norm; the running statistics keep 1 - momentum of the batch's.\"""
          return layers.BatchNormalization(
              momentum=1 - \(PythonSource.real(plan.spec.batchNorm.momentum)),
              epsilon=\(PythonSource.real(plan.spec.batchNorm.eps)),
              gamma_initializer=init,
              name=name,
          )(x)


      """)
    if modules.contains(where: { $0.kind == .maxPool }) {
      python.block(
        """
        def max_pool(x, kernel, stride, padding):
            \"""Max pooling; what lies around the map is below every value.\"""
            x = ops.pad(x, ((0, 0), *padding, (0, 0)), constant_values=float("-inf"))
            return layers.MaxPooling2D(kernel, stride)(x)


        """)
    }
    if modules.contains(where: { $0.kind == .concatenation }) {
      python.block(
        """
        def unit(x, name, channels, kernel, padding=0):
            \"""A convolution, its norm and a ReLU.\"""
            x = conv(x, f"{name}.conv", channels, kernel, padding=padding)
            return ops.relu(norm(x, f"{name}.bn"))


        """)
    }
    guard modules.contains(where: { $0.kind == .linear }) else { return }
    let linear = WeightDraw(plan.parameters, rank: 2)
    python.block(
      """
      def linear(x, name, outputs):
          \"""A linear layer whose kernel starts from \(linear.text).\"""
          return layers.Dense(
              outputs,
              kernel_initializer=\(Self.initializer(linear)),
              bias_initializer=bias_init(x.shape[-1]),
              name=name,
          )(x)


      """)
  }

  private static func initializer(_ draw: WeightDraw) -> String {
    PythonSource.call(
      "keras.initializers.VarianceScaling",
      [
        draw.pythonScale, "\"\(draw.fan.rawValue)\"",
        draw.isNormal ? "\"untruncated_normal\"" : "\"uniform\"",
      ])
  }
}
