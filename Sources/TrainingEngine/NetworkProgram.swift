public import Architecture

/// A network compiled for a batch size and a thread count: primitives chosen, buffers planned, no
/// memory allocated yet.
public struct NetworkProgram {
  public let plan: NetworkPlan
  /// Images in a batch, N.
  public let batch: Int
  public let threads: Int
  public let convolution: ConvolutionAlgorithm
  public let precision: Precision
  public let state: OptimizerState
  public let purpose: Purpose

  public enum Purpose: Sendable {
    /// Training steps, and evaluation between them.
    case training
    /// The forward pass with running statistics alone, in less memory and on any batch.
    case evaluation
  }

  let context: Context
  let parameters: Parameters
  let loss: SoftmaxCrossEntropy
  let training: Program
  let evaluation: Program
  let scratchpadByteCount: Int

  /// What running the program will allocate, in bytes.
  public struct Memory: Hashable, Sendable {
    /// Activations, their gradients and copies, after sharing.
    public var activations: Int
    /// Parameters, and of the same size each their gradients and what the optimizer keeps.
    public var parameters: Int
    public var scratchpad: Int

    public var total: Int { activations + parameters + scratchpad }
  }

  public let memory: Memory
  /// What a training step does, in order of execution.
  public var trainingCalls: [StepCall] { training.calls.map(\.summary) }

  /// Compiles `plan`.
  ///
  /// - Throws: `EngineError.noHead` if the network has no classes, `EngineError.batch` if a batch
  ///   norm would see a single value a channel, `EngineError.library` if oneDNN refuses an
  ///   operation.
  public init(
    _ plan: NetworkPlan, for purpose: Purpose = .training, batch: Int, threads: Int,
    convolution: ConvolutionAlgorithm = .auto, precision: Precision = .fp32,
    state: OptimizerState = OptimizerState()
  ) throws(EngineError) {
    guard plan.spec.head == .linear else { throw .noHead }
    guard batch >= 1, batch <= 65_536 else {
      throw .batch(batch, reason: "must be from 1 to 65536")
    }
    for layer in plan.layers where purpose == .training && !layer.buffers.isEmpty {
      guard batch * layer.output.height * layer.output.width > 1 else {
        throw .batch(
          batch,
          reason: "\(layer.name) would see one value a channel; use at least 2 images")
      }
    }
    self.plan = plan
    self.batch = batch
    self.threads = threads
    self.convolution = convolution
    self.precision = precision
    self.state = purpose == .training ? state : OptimizerState()
    self.purpose = purpose
    let loss = SoftmaxCrossEntropy(batch: batch, classes: plan.spec.classes)
    self.loss = loss
    let builders = try Self.builders(
      plan, batch: batch, threads: threads, algorithm: convolution, precision: precision)
    context = builders.training.context
    parameters = builders.training.parameters
    // Training comes first: its primitives choose how the parameters lie.
    if purpose == .training { try builders.training.build(loss: loss) }
    try builders.evaluation.build(loss: loss)
    training = builders.training.program
    evaluation = builders.evaluation.program
    scratchpadByteCount = max(
      builders.training.scratchpadByteCount, builders.evaluation.scratchpadByteCount)
    let arena = max(training.arena().plan.byteCount, evaluation.arena().plan.byteCount)
    let ends = batch * (plan.spec.input.count + plan.spec.classes) * MemoryLayout<Float>.stride
    memory = Memory(
      activations: arena + ends,
      parameters: (purpose == .training ? state.blocks.count : 1) * parameters.byteCount,
      scratchpad: scratchpadByteCount)
  }

  private static func builders(
    _ plan: NetworkPlan, batch: Int, threads: Int, algorithm: ConvolutionAlgorithm,
    precision: Precision
  ) throws(EngineError) -> (training: ProgramBuilder, evaluation: ProgramBuilder) {
    do throws(LibraryFailure) {
      let context = try Context(threads: threads)
      let parameters = Parameters(context: context)
      return (
        try ProgramBuilder(
          plan: plan, batch: batch, mode: .training, algorithm: algorithm, precision: precision,
          context: context, parameters: parameters),
        try ProgramBuilder(
          plan: plan, batch: batch, mode: .evaluation, algorithm: algorithm, precision: precision,
          context: context, parameters: parameters)
      )
    } catch {
      throw .library(operation: error.operation, layer: "-", reason: error.reason)
    }
  }
}
