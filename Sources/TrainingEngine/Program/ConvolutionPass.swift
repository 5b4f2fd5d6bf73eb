import Architecture
import COneDNN

/// A pass of a convolution, by whichever code the rule gives it.
enum ConvolutionPass {
  case primitive(Primitive)
  case kernel(any ConvolutionKernel)

  /// The layout that the code wants for an argument; nil where it has no such argument.
  func layout(_ role: Primitive.Role) -> Layout? {
    switch self {
    case .primitive(let primitive): primitive.layout(role)
    case .kernel(let kernel): kernel.layouts[role]
    }
  }

  /// Whether the code rounds the weights itself where activations are bfloat16, as all of our own does.
  var roundsWeights: Bool {
    if case .kernel = self { true } else { false }
  }
}

/// The passes of one convolution; each gets its own code.
final class ConvolutionPasses {
  private let shape: rt_convolution
  private let algorithm: ConvolutionAlgorithm
  private let precision: Precision
  private let context: Context
  private var hint: Primitive?

  init(
    _ shape: rt_convolution, algorithm: ConvolutionAlgorithm, precision: Precision, context: Context
  ) {
    self.shape = shape
    self.algorithm = algorithm
    self.precision = precision
    self.context = context
  }

  func forward() throws(LibraryFailure) -> ConvolutionPass {
    if let winograd = try winograd(.forward) { return .kernel(winograd) }
    return .primitive(try directForward())
  }

  func backward(_ pass: StepCall.Pass) throws(LibraryFailure) -> ConvolutionPass {
    if let winograd = try winograd(pass) { return .kernel(winograd) }
    if pass == .backwardWeights, let gradient = try gradientKernel() { return .kernel(gradient) }
    if pass == .backwardData, ConvolutionRule.transposes(shape, element: primitiveElement) {
      return .primitive(
        try Primitive.transposedConvolution(shape, element: primitiveElement, in: context))
    }
    return .primitive(
      try Primitive.convolution(
        shape, element: primitiveElement,
        pass == .backwardData ? RT_BACKWARD_DATA : RT_BACKWARD_WEIGHTS,
        hint: directForward(), in: context))
  }

  private func gradientKernel() throws(LibraryFailure) -> (any ConvolutionKernel)? {
    if ConvolutionRule.isStem(shape) { return try Stem(shape, element: precision.element) }
    if ConvolutionRule.hasDirectGradient(shape, element: primitiveElement) {
      return try DirectGradient(shape, element: precision.element)
    }
    return nil
  }

  private func winograd(_ pass: StepCall.Pass) throws(LibraryFailure) -> Winograd? {
    guard
      let tile = ConvolutionRule.winogradTile(
        shape, pass: pass, algorithm: algorithm, precision: precision)
    else { return nil }
    return try Winograd(shape, element: precision.element, tile: tile, pass: pass)
  }

  /// What oneDNN multiplies: where bfloat16 is not faster, float32 of the same values.
  private var primitiveElement: Element {
    Library.hasFastBFloat16 ? precision.element : .float32
  }

  /// The direct forward pass: to run, or as the hint that oneDNN's backward passes need.
  private func directForward() throws(LibraryFailure) -> Primitive {
    if let hint { return hint }
    let primitive = try Primitive.convolution(
      shape, element: primitiveElement, RT_FORWARD_TRAINING, in: context)
    hint = primitive
    return primitive
  }
}
