/// The shape that `summary --json` prints and that a run's log keeps as its layer table. Keys that
/// do not apply to a layer are null.
extension NetworkPlan: Encodable {
  private enum Key: String, CodingKey {
    case network, input, layers, total
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(spec.name, forKey: .network)
    try container.encode(spec.input.dimensions, forKey: .input)
    try container.encode(layers, forKey: .layers)
    try container.encode(total, forKey: .total)
  }
}

extension LayerPlan: Encodable {
  private enum Key: String, CodingKey {
    case name, kind, output, kernel, stride, groups, parameters, macs
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(kind, forKey: .kind)
    try container.encode(outputDimensions, forKey: .output)
    try container.encode(window.map { [$0.kernel, $0.kernel] }, forKey: .kernel)
    try container.encode(window.map { [$0.stride, $0.stride] }, forKey: .stride)
    try container.encode(groups, forKey: .groups)
    try container.encode(parameterCount, forKey: .parameters)
    try container.encode(macs, forKey: .macs)
  }
}
