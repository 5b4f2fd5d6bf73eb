/// Writes the blocks and the network as classes that construct their modules first and call them in
/// a method, as PyTorch and Gluon have it.
struct ModuleClasses {
  typealias Term = OutlineModule.Term

  var outline: NetworkOutline
  /// The class of all modules.
  var base: String
  /// The line that begins the method.
  var forwardHead: String
  /// The function that puts modules one after the other.
  var sequence: String
  /// A number as the framework writes it.
  var text: (Term?) -> String
  /// The expression that constructs a module; nil for one that is a function.
  var construction: (OutlineModule) -> String?
  /// A statement behind the construction, about its first values.
  var drawing: (OutlineModule) -> String?
  var forward: ForwardPass

  func write(to python: inout PythonSource) {
    for block in outline.classes {
      let modules = OutlineModule.foldingSequences(OutlineModule.foldingUnits(block.modules))
      python.line("class \(block.name)(\(base)):")
      python.line(PythonSource.call("def __init__", ["self"] + block.parameters) + ":", 1)
      python.line("super().__init__()", 2)
      python.lines(constructions(modules), 2)
      python.line()
      python.line(forwardHead, 1)
      python.lines(forward.statements(modules, returning: true), 2)
      python.lines(["", ""])
    }
    python.line("class Network(\(base)):")
    python.line("def __init__(self):", 1)
    python.line("super().__init__()", 2)
    python.lines(constructions(outline.stem), 2)
    for stage in outline.stages {
      let runs = stage.runs.map { run in
        let block = outline.construction(run, text: text)
        return run.count == 1 ? block : "*[\(block) for _ in range(\(run.count))]"
      }
      python.line(PythonSource.call("self.\(stage.name) = \(sequence)", runs), 2)
    }
    python.lines(constructions(outline.tail), 2)
    python.line()
    python.line(forwardHead, 1)
    python.lines(forward.statements(outline.stem, returning: false), 2)
    python.lines(outline.stages.map { "x = self.\($0.name)(x)" }, 2)
    python.lines(forward.statements(outline.tail, returning: true), 2)
    python.lines(["", ""])
  }

  /// Statements that construct `modules` and keep the numbers that the method needs.
  private func constructions(_ modules: [OutlineModule]) -> [String] {
    var statements: [String] = []
    for module in modules {
      if let expression = construction(module) {
        statements.append("self.\(module.name) = \(expression)")
        if let drawing = drawing(module) { statements.append(drawing) }
        continue
      }
      for slot in OutlineModule.Slot.allCases {
        guard case .name(let name) = module.terms[slot] else { continue }
        let statement = "self.\(name) = \(name)"
        if !statements.contains(statement) { statements.append(statement) }
      }
    }
    return statements
  }
}

extension NetworkOutline {
  /// `Class(64, 128, stride=2)`: channels by place, the rest by name.
  func construction(
    _ run: BlockRun, leading: [String] = [], text: (OutlineModule.Term?) -> String
  ) -> String {
    let block = classes[run.ofClass]
    return PythonSource.call(
      block.name,
      leading
        + zip(block.parameters, run.arguments).map { name, number in
          let value = text(.number(number))
          return ["inputs", "channels"].contains(name) ? value : "\(name)=\(value)"
        })
  }
}
