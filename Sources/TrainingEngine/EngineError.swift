/// Why the engine cannot do what it was asked.
public enum EngineError: Error, Equatable, CustomStringConvertible {
  /// oneDNN refused an operation; `layer` is the row it belongs to.
  case library(operation: String, layer: String, reason: String)
  /// A tensor that the network does not have, or one of another shape.
  case tensor(name: String, reason: String)
  case batch(Int, reason: String)
  /// The network puts out a feature map instead of one number a class.
  case noHead

  public var description: String {
    switch self {
    case .library(let operation, let layer, let reason):
      "oneDNN cannot run \(operation) of layer \(layer): \(reason)"
    case .tensor(let name, let reason): "tensor \(name): \(reason)"
    case .batch(let size, let reason): "batch \(size): \(reason)"
    case .noHead: "a network with head: none has no classes to train for; set head: linear"
    }
  }
}
