import COneDNN

/// A pass of a convolution, by whichever code the rule gives it.
enum ConvolutionPass {
  case direct(Primitive)
  case winograd(Winograd)
  case stem(Stem)

  /// The layout that the code wants for an argument; nil where it has no such argument.
  func layout(_ role: Primitive.Role) -> Layout? {
    switch self {
    case .direct(let primitive): primitive.layout(role)
    case .winograd(let winograd): winograd.layout(role)
    case .stem(let stem): stem.layout(role)
    }
  }
}

/// The passes of one convolution; each gets its own code.
final class ConvolutionPasses {
  private let shape: rt_convolution
  private let algorithm: ConvolutionAlgorithm
  private let context: Context
  private var hint: Primitive?

  init(_ shape: rt_convolution, algorithm: ConvolutionAlgorithm, context: Context) {
    self.shape = shape
    self.algorithm = algorithm
    self.context = context
  }

  func forward() throws(LibraryFailure) -> ConvolutionPass {
    if let winograd = try winograd(.forward) { return .winograd(winograd) }
    return .direct(try directForward())
  }

  func backward(_ pass: StepCall.Pass) throws(LibraryFailure) -> ConvolutionPass {
    if let winograd = try winograd(pass) { return .winograd(winograd) }
    if pass == .backwardWeights, ConvolutionRule.isStem(shape), let stem = try Stem(shape) {
      return .stem(stem)
    }
    return .direct(
      try Primitive.convolution(
        shape, pass == .backwardData ? RT_BACKWARD_DATA : RT_BACKWARD_WEIGHTS,
        hint: directForward(), in: context))
  }

  private func winograd(_ pass: StepCall.Pass) throws(LibraryFailure) -> Winograd? {
    guard
      let tile = ConvolutionRule.winogradTile(shape, pass: pass, algorithm: algorithm)
    else { return nil }
    return try Winograd(shape, tile: tile, pass: pass)
  }

  /// The direct forward pass: to run, or as the hint that oneDNN's backward passes need.
  private func directForward() throws(LibraryFailure) -> Primitive {
    if let hint { return hint }
    let primitive = try Primitive.convolution(shape, RT_FORWARD_TRAINING, in: context)
    hint = primitive
    return primitive
  }
}
