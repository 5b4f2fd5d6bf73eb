extension OutlineModule {
  /// `modules` with each convolution, norm and ReLU of one parent as a unit.
  static func foldingUnits(_ modules: [OutlineModule]) -> [OutlineModule] {
    fold(modules) { start in
      let end = start + 3
      guard end <= modules.count, !modules[start].parent.isEmpty,
        modules[start..<end].map(\.lastPart) == ["conv", "bn", "relu"],
        modules[start..<end].allSatisfy({ $0.parent == modules[start].parent })
      else { return nil }
      return (end, modules[start].parent, .unit(Array(modules[start..<end])))
    }
  }

  /// `modules` with those named `P.0`, `P.1`, … as one sequence `P`.
  static func foldingSequences(_ modules: [OutlineModule]) -> [OutlineModule] {
    fold(modules) { start in
      let parent = modules[start].parent
      guard !parent.isEmpty else { return nil }
      let end = modules[start...].firstIndex { $0.parent != parent } ?? modules.count
      return (end, parent, .sequence(Array(modules[start..<end])))
    }
  }

  private static func fold(
    _ modules: [OutlineModule], _ part: (Int) -> (end: Int, name: String, kind: Kind)?
  ) -> [OutlineModule] {
    var folded: [OutlineModule] = []
    /// Where each module went.
    var places: [Int] = []
    func moved(_ sources: [Source]) -> [Source] {
      sources.map { if case .module(let index) = $0 { .module(places[index]) } else { .outside } }
    }
    var start = 0
    while start < modules.count {
      var module = modules[start]
      module.inputs = moved(module.inputs)
      var end = start + 1
      if let part = part(start) {
        end = part.end
        module = OutlineModule(
          name: part.name, kind: part.kind, inputs: module.inputs, terms: [:])
      }
      places += Array(repeating: folded.count, count: end - start)
      folded.append(module)
      start = end
    }
    return folded
  }
}
