import Architecture
import COneDNN

/// Compiles a network plan to the calls of a pass.
///
/// Forward calls are emitted row by row; each row that takes part in training leaves a step on a
/// tape, and `backward()` plays the tape from its end.
final class ProgramBuilder {
  enum Mode {
    /// Forward with batch statistics, loss, backward.
    case training
    /// Forward with running statistics.
    case evaluation
  }

  /// A gradient of a row's output, or a term of it.
  struct Gradient {
    let tensor: Tensor
    /// Whether nothing else reads its memory, so that a result may be written there.
    let isOwned: Bool
  }

  /// Emits a row's backward calls from the gradient of its output: a sum of one or two terms. Throws
  /// `LibraryFailure` only; closures with a typed throw stored in an array crash the compiler (Swift
  /// 6.3).
  private typealias BackwardStep = ([Gradient]) throws -> Void

  let plan: NetworkPlan
  let batch: Int
  let mode: Mode
  let algorithm: ConvolutionAlgorithm
  let precision: Precision
  let context: Context
  let parameters: Parameters
  private(set) var program = Program()
  /// Bytes of the largest scratchpad that a primitive asks for.
  private(set) var scratchpadByteCount = 0

  private var images: Tensor
  private let scratchpad: Buffer
  private var outputs: [Int: Tensor] = [:]
  private var pendingNorms: [Int: PendingNorm] = [:]
  private var gradients: [Int: [Gradient]] = [:]
  private var tape: [(row: Int, first: Int, step: BackwardStep)] = []
  private var layer = 0

  init(
    plan: NetworkPlan, batch: Int, mode: Mode, algorithm: ConvolutionAlgorithm,
    precision: Precision,
    context: Context, parameters: Parameters
  ) throws(LibraryFailure) {
    self.plan = plan
    self.batch = batch
    self.mode = mode
    self.algorithm = algorithm
    self.precision = precision
    self.context = context
    self.parameters = parameters
    images = Tensor(
      buffer: program.resident(.images),
      layout: try Layout(rowMajor: [batch] + plan.spec.input.dimensions))
    scratchpad = program.resident(.scratchpad)
  }

  /// Compiles the whole pass.
  ///
  /// - Throws: which operation of which layer oneDNN refused.
  func build(loss: SoftmaxCrossEntropy) throws(EngineError) {
    // The steps hold the builder that holds them.
    defer { tape = [] }
    do throws(LibraryFailure) {
      if precision == .bf16 { images = rounded(images, isOwned: false) }
      for index in plan.layers.indices where outputs[index] == nil && pendingNorms[index] == nil {
        layer = index
        try forward(index)
        if mode == .training { try addForwardHook(from: index) }
      }
      if mode == .training { try backward(from: loss) }
    } catch {
      throw .library(
        operation: error.operation, layer: plan.layers[layer].name, reason: error.reason)
    }
  }

  // MARK: Rows

  private func forward(_ index: Int) throws(LibraryFailure) {
    switch plan.layers[index].operation {
    case .convolution(let convolution): try self.convolution(index, convolution)
    case .batchNorm(let options): try batchNorm(index, options)
    case .relu: relu(index)
    case .add: try add(index)
    case .concatenation: try concatenate(index)
    case .identityPad(let stride, let before):
      try identityPad(index, stride: stride, before: before)
    case .maxPool(let window): try maxPool(index, window)
    case .globalAveragePool: try averagePool(index)
    case .linear: try linear(index)
    }
  }

  /// Lets what row `index` and the rows joined to it have just put out be looked at: the output of
  /// the last of them.
  private func addForwardHook(from index: Int) throws(LibraryFailure) {
    guard let row = plan.layers.indices.dropFirst(index).last(where: { outputs[$0] != nil }),
      let output = outputs[row]
    else { return }
    let shape = plan.layers[row].output
    guard let block = try output.layout.channelBlock(of: [batch] + shape.dimensions) else { return }
    let norm = Norm(
      batch: batch, channels: shape.channels, area: shape.height * shape.width, block: block,
      epsilon: 0, element: output.layout.element)
    _ = scratch(norm.scratchByteCount)
    program.forwardHooks.append(
      Program.ForwardHook(
        row: row, output: output.buffer, norm: norm, channels: shape.channels,
        calls: program.calls.count))
  }

  private func backward(from loss: SoftmaxCrossEntropy) throws(LibraryFailure) {
    let last = plan.layers.count - 1
    let logits = output(of: .layer(last))
    let gradient = tensor(like: logits)
    kernel(.loss, [logits.buffer, gradient.buffer]) { addresses in
      let logits = UnsafePointer(addresses[0].assumingMemoryBound(to: Float.self))
      let gradient = addresses[1].assumingMemoryBound(to: Float.self)
      return { loss.run(logits: logits, gradient: gradient) }
    }
    gradients[last] = [Gradient(tensor: gradient, isOwned: true)]
    for (row, first, step) in tape.reversed() {
      layer = first
      do {
        try step(gradients[row]!)
      } catch let error as LibraryFailure {
        throw error
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }

  /// Puts a row's step on the tape. The step is given the gradient of the row's output.
  ///
  /// - Parameter first: the first of the rows that are computed together, which the step's calls serve.
  func record(
    _ index: Int, from first: Int? = nil, _ step: @escaping (Gradient) throws -> Void
  ) {
    recordTerms(index, from: first) { terms in
      let sum = try self.sum(of: terms)
      self.gradients[index] = [sum]
      try step(sum)
    }
  }

  /// The same for a step that can add up the gradient's two terms itself.
  func recordTerms(
    _ index: Int, from first: Int? = nil, _ step: @escaping ([Gradient]) throws -> Void
  ) {
    guard mode == .training else { return }
    tape.append((index, first ?? index, step))
  }

  // MARK: Tensors

  func output(of source: LayerPlan.Source) -> Tensor {
    switch source {
    case .image: images
    case .layer(let index): outputs[index]!
    }
  }

  func setOutput(_ index: Int, _ tensor: Tensor) { outputs[index] = tensor }

  func setPending(_ index: Int, _ norm: PendingNorm) { pendingNorms[index] = norm }

  /// The norm that `source` is, if it was left to the sum behind it.
  func pendingNorm(of source: LayerPlan.Source) -> PendingNorm? {
    if case .layer(let index) = source { pendingNorms[index] } else { nil }
  }

  /// The operation that reads row `index`, if there is but one, which reads it once.
  func soleReader(of index: Int) -> LayerPlan.Operation? {
    let readers = plan.layers.filter { $0.inputs.contains(.layer(index)) }
    guard readers.count == 1, readers[0].inputs.count(where: { $0 == .layer(index) }) == 1 else {
      return nil
    }
    return readers[0].operation
  }

  /// The row behind `index` if it is a ReLU that is the only reader of row `index`, so that both can
  /// be computed at once.
  func fusibleReLU(after index: Int) -> Int? {
    let next = index + 1
    guard next < plan.layers.count, plan.layers[next].inputs == [.layer(index)],
      soleReader(of: index) == .relu
    else { return nil }
    return next
  }

  func tensor(_ layout: Layout) -> Tensor {
    Tensor(buffer: program.planned(byteCount: layout.byteCount), layout: layout)
  }

  func tensor(like other: Tensor) -> Tensor { tensor(other.layout) }

  func resident(_ resident: Resident, _ layout: Layout) -> Tensor {
    Tensor(buffer: program.resident(resident), layout: layout)
  }

  func residentBuffer(_ resident: Resident) -> Buffer { program.resident(resident) }

  /// Working space of the call that runs, of at least `byteCount` bytes.
  func scratch(_ byteCount: Int) -> Buffer {
    scratchpadByteCount = max(scratchpadByteCount, byteCount)
    return scratchpad
  }

  func bytes(_ count: Int) -> Buffer { program.planned(byteCount: count) }

  /// `count` floats without a layout of their own.
  func vector(_ count: Int) -> Buffer { bytes(count * MemoryLayout<Float>.stride) }

  // MARK: Gradients

  /// Adds `contribution` to the gradient of `source`'s output. `isOwned` says that nothing else reads
  /// its memory.
  func contribute(
    _ contribution: Tensor, to source: LayerPlan.Source, isOwned: Bool
  ) throws(LibraryFailure) {
    guard case .layer(let index) = source else { return }
    let layout = pendingNorms[index]?.input.layout ?? output(of: source).layout
    let converted = try self.converted(contribution, to: layout)
    let term = Gradient(
      tensor: converted, isOwned: isOwned || converted.buffer != contribution.buffer)
    if let terms = gradients[index], terms.count == 2 {
      gradients[index] = [try sum(of: terms), term]
    } else {
      gradients[index, default: []].append(term)
    }
  }

  /// One or two terms as one gradient.
  func sum(of terms: [Gradient]) throws(LibraryFailure) -> Gradient {
    guard terms.count == 2 else { return terms[0] }
    let sum = terms.first(where: \.isOwned)?.tensor ?? tensor(like: terms[0].tensor)
    let (element, count) = (sum.layout.element, sum.layout.elementCount)
    kernel(.elementwise, [terms[0].tensor.buffer, terms[1].tensor.buffer, sum.buffer]) {
      addresses in
      let (a, b, out) = (addresses[0], addresses[1], addresses[2])
      return { rt_add(element, a, b, out, count) }
    }
    return Gradient(tensor: sum, isOwned: true)
  }

  // MARK: Calls

  func run(_ primitive: Primitive, _ buffers: [Primitive.Role: Buffer]) {
    var arguments = buffers.map { Call.Argument(role: $0.key, buffer: $0.value) }
    arguments.sort { $0.role.rawValue < $1.role.rawValue }
    if let needed = primitive.layout(RT_SCRATCHPAD) {
      arguments.append(Call.Argument(role: RT_SCRATCHPAD, buffer: scratch(needed.byteCount)))
    }
    append(primitive.operation, primitive.implementation, .primitive(primitive, arguments))
  }

  /// A kernel of our own; `implementation` names it where there are several.
  func kernel(
    _ operation: StepCall.Operation, _ buffers: [Buffer], implementation: String = "kernel",
    _ bind: @escaping ([UnsafeMutableRawPointer]) -> () -> Void
  ) {
    append(operation, implementation, .kernel(buffers: buffers, bind: bind))
  }

  private func append(_ operation: StepCall.Operation, _ implementation: String, _ work: Call.Work)
  {
    let summary = StepCall(layer: layer, operation: operation, implementation: implementation)
    program.calls.append(Call(summary: summary, work: work))
  }
}
