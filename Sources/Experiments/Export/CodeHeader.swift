import Architecture

/// What stands at the head of every exported file, and what it prints.
struct CodeHeader {
  let plan: NetworkPlan

  /// The network's name in letters that can stand in a comment.
  var name: String {
    let name = plan.spec.name.filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))
    }
    // A spec given as a line goes by this name.
    return name.isEmpty || name == SpecReference.lineName ? "A network" : String(name.prefix(30))
  }

  /// The docstring: what the file is, how weights come in, the spec to paste.
  func docstring(framework: String, loading: String) -> String {
    let input = plan.spec.input.dimensions.map(String.init).joined(separator: "x")
    var first = "\(name) in \(framework), as `resnet-tui export` writes it; images are \(input)."
    if first.count + 3 > PythonSource.columns { first.replace("; images", with: ";\nimages") }
    return
      ([#"""""# + first, ""] + loading.split(separator: "\n").map(String.init)
      + ["", "The network in one line:", ""] + specLines + [#"""""#]).joined(separator: "\n")
  }

  /// `NetworkSpec.line`, broken between keys where it is long: YAML reads it alike.
  private var specLines: [String] {
    var lines: [String] = []
    var line = "   "
    for word in plan.spec.line.split(separator: " ") {
      if line.count + 1 + word.count > PythonSource.columns {
        lines.append(line)
        line = "     "
      }
      line += " " + word
    }
    return lines + [line]
  }

  /// C, H and W of the input.
  var input: [Int] { plan.spec.input.dimensions }
}
