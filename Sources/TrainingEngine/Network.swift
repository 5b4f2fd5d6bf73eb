import Architecture
import COneDNN
import Randomness

/// A network with its memory: trains and evaluates batches.
///
/// All memory is allocated once, and no step allocates. Used from the one thread that compiled its
/// program; with the same program, seed and thread count every step repeats bit for bit.
public final class Network {
  public let program: NetworkProgram
  /// The batch to work on: row-major N×C×H×W, already normalised.
  public let images: UnsafeMutableBufferPointer<Float>

  private let parameters: Parameters
  private let loss: SoftmaxCrossEntropy
  private let arena: UnsafeMutableRawPointer
  private let scratchpad: UnsafeMutableRawPointer
  /// Row-major N×classes.
  private let outputs: UnsafeMutableBufferPointer<Float>
  private let statistics: [String: UnsafeMutableBufferPointer<Float>]
  /// Moving averages of the statistics; empty without an average.
  private let averageStatistics: [String: UnsafeMutableBufferPointer<Float>]
  private var trainingCalls: [() -> Void] = []
  private var evaluationCalls: [() -> Void] = []

  /// What a batch gave.
  public struct Result: Hashable, Sendable {
    /// Images that counted.
    public var count: Int
    /// Sum of their cross-entropies, in nats.
    public var lossSum: Double
    /// How many had their label as the largest logit.
    public var correct: Int

    public init(count: Int, lossSum: Double, correct: Int) {
      self.count = count
      self.lossSum = lossSum
      self.correct = correct
    }

    public var loss: Double { lossSum / Double(count) }
    public var accuracy: Double { Double(correct) / Double(count) }
  }

  /// Allocates the memory of `program` and draws the parameters from `seed`.
  ///
  /// - Throws: `EngineError.library` if oneDNN refuses the memory.
  public init(_ program: NetworkProgram, seed: UInt64) throws(EngineError) {
    self.program = program
    let plan = program.plan
    parameters = program.parameters
    loss = program.loss
    parameters.allocate(program.purpose == .training ? program.state.blocks : [.value])

    let (training, trainingOffsets) = program.training.arena()
    let (evaluation, evaluationOffsets) = program.evaluation.arena()
    arena = .allocate(
      byteCount: max(1, training.byteCount, evaluation.byteCount), alignment: ArenaPlan.alignment)
    scratchpad = .allocate(
      byteCount: max(1, program.scratchpadByteCount), alignment: ArenaPlan.alignment)
    images = Self.floats(program.batch * plan.spec.input.count)
    outputs = Self.floats(program.batch * plan.spec.classes)
    statistics = Dictionary(
      uniqueKeysWithValues: plan.buffers.map { ($0.name, Self.floats($0.count)) })
    averageStatistics =
      program.state.hasAverage
      ? Dictionary(uniqueKeysWithValues: plan.buffers.map { ($0.name, Self.floats($0.count)) })
      : [:]

    do throws(LibraryFailure) {
      trainingCalls = try bind(program.training, trainingOffsets)
      evaluationCalls = try bind(program.evaluation, evaluationOffsets)
    } catch {
      throw .library(operation: error.operation, layer: "-", reason: error.reason)
    }
    for (index, parameter) in plan.parameters.enumerated() {
      var generator = Philox(seed: seed, purpose: "initialize", UInt64(index))
      try setParameter(parameter.name, parameter.initializer.draw(parameter.count, &generator))
    }
    for buffer in plan.buffers { statistics[buffer.name]!.update(repeating: buffer.initialValue) }
    if program.state.hasAverage { updateAverage(weight: 1) }
  }

  deinit {
    arena.deallocate()
    scratchpad.deallocate()
    images.deallocate()
    outputs.deallocate()
    for memory in statistics.values { memory.deallocate() }
    for memory in averageStatistics.values { memory.deallocate() }
  }

  private static func floats(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
    // Whole vectors: kernels read and write to the end of the last.
    let byteCount = ArenaPlan.aligned(max(1, count) * MemoryLayout<Float>.stride)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: ArenaPlan.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Float.self, capacity: count), count: count)
  }

  private func bind(
    _ program: Program, _ offsets: [Int: Int]
  ) throws(LibraryFailure) -> [() -> Void] {
    func address(_ buffer: Buffer) -> UnsafeMutableRawPointer {
      switch program.storage[buffer.index] {
      case .planned: arena + offsets[buffer.index]!
      case .resident(.images): UnsafeMutableRawPointer(images.baseAddress!)
      case .resident(.logits): UnsafeMutableRawPointer(outputs.baseAddress!)
      case .resident(.scratchpad): scratchpad
      case .resident(.parameter(let name)):
        parameters.address(of: parameters.slot(name)!, in: .value)
      case .resident(.gradient(let name)):
        parameters.address(of: parameters.slot(name)!, in: .gradient)
      case .resident(.statistic(let name)):
        UnsafeMutableRawPointer(statistics[name]!.baseAddress!)
      }
    }
    var calls: [() -> Void] = []
    calls.reserveCapacity(program.calls.count)
    for call in program.calls { calls.append(try call.bound(address)) }
    return calls
  }

  // MARK: Steps

  /// Forward with batch statistics, loss and backward on `images`; gradients stay for `update`.
  ///
  /// - Parameters:
  ///   - labels: one class an image of the batch.
  ///   - mixture: the classes that were mixed in, and the share of the others, 0 to 1. An image
  ///     counts as right where the larger share's class has the largest logit.
  public func computeGradients(
    labels: UnsafeBufferPointer<Int32>,
    mixture: (labels: UnsafeBufferPointer<Int32>, shares: UnsafeBufferPointer<Float>)? = nil,
    labelSmoothing: Double = 0
  ) -> Result {
    precondition(program.purpose == .training && labels.count == program.batch)
    loss.take(labels, mixture: mixture)
    loss.labelSmoothing = labelSmoothing
    runTraining()
    return Result(count: labels.count, lossSum: loss.lossSum, correct: loss.correct)
  }

  /// How long the calls took since `startTiming`; nil before.
  public private(set) var timing: StepTiming?

  /// Begins to time the calls of training steps.
  public func startTiming() { timing = StepTiming(calls: program.trainingCalls) }

  private func runTraining() {
    guard timing != nil else {
      for call in trainingCalls { call() }
      return
    }
    var last = ContinuousClock.now
    for (index, call) in trainingCalls.enumerated() {
      call()
      let now = ContinuousClock.now
      timing!.seconds[index] += (now - last) / .seconds(1)
      last = now
    }
    timing!.steps += 1
  }

  /// Moves the parameters along the last gradients.
  public func update(_ optimizer: SGD) { parameters.update(optimizer) }

  /// Moves the parameters along the last gradients. The program's state must have squares.
  public func update(_ optimizer: AdamW) { parameters.update(optimizer) }

  /// Moves the average of parameters and statistics towards them, by `weight` (0 to 1) of the way.
  public func updateAverage(weight: Double) {
    parameters.average(weight: weight)
    for (name, average) in averageStatistics {
      rt_average(
        average.baseAddress!, statistics[name]!.baseAddress!, average.count, Float(weight))
    }
  }

  /// Does `body` with the average in the place of parameters and statistics.
  public func withAverage<Result>(_ body: () throws -> Result) rethrows -> Result {
    swapAverage()
    defer { swapAverage() }
    return try body()
  }

  private func swapAverage() {
    parameters.swapAverage()
    for (name, average) in averageStatistics {
      rt_swap(average.baseAddress!, statistics[name]!.baseAddress!, average.count)
    }
  }

  /// Forward with running statistics on `images`, of which the first `labels.count` count.
  ///
  /// - Parameter averagesMirrored: takes the mean of the probabilities of each image and its mirror
  ///   image; the logits are then its logarithms.
  public func evaluate(
    labels: UnsafeBufferPointer<Int32>, averagesMirrored: Bool = false
  ) -> Result {
    precondition(labels.count <= program.batch)
    loss.take(labels)
    loss.labelSmoothing = 0
    for call in evaluationCalls { call() }
    if averagesMirrored {
      let first = logits
      mirrorImages()
      for call in evaluationCalls { call() }
      SoftmaxCrossEntropy.averageProbabilities(
        first, outputs, classes: program.plan.spec.classes)
    }
    loss.run(logits: outputs.baseAddress!, gradient: nil)
    return Result(count: labels.count, lossSum: loss.lossSum, correct: loss.correct)
  }

  /// Turns every image left to right.
  private func mirrorImages() {
    let width = program.plan.spec.input.width
    for row in stride(from: 0, to: images.count, by: width) {
      images[row..<row + width].reverse()
    }
  }

  /// The last pass's output: row-major N×classes.
  public var logits: [Float] { Array(outputs) }

  // MARK: State

  /// A parameter's elements in row-major order, by its state_dict name.
  public func parameter(_ name: String) throws(EngineError) -> [Float] {
    try read(name, .value)
  }

  /// The last gradient of a parameter.
  public func gradient(_ name: String) throws(EngineError) -> [Float] {
    try read(name, .gradient)
  }

  /// What the optimizer keeps for a parameter.
  public enum Moment: String, CaseIterable, Sendable {
    /// SGD's velocity, AdamW's mean of the gradient.
    case mean
    /// AdamW's mean of the gradient's square.
    case square

    fileprivate var block: Parameters.Block { self == .mean ? .momentum : .square }
  }

  /// The moments that the optimizer keeps.
  public var moments: [Moment] { program.state.hasSquares ? [.mean, .square] : [.mean] }

  public func moment(_ moment: Moment, of name: String) throws(EngineError) -> [Float] {
    try read(name, moment.block)
  }

  public func setParameter(_ name: String, _ values: [Float]) throws(EngineError) {
    try write(name, values, .value)
  }

  public func setMoment(
    _ moment: Moment, of name: String, _ values: [Float]
  ) throws(EngineError) {
    try write(name, values, moment.block)
  }

  /// A running statistic, by its state_dict name.
  public func statistic(_ name: String) throws(EngineError) -> [Float] {
    guard let values = statistics[name] else {
      throw .tensor(name: name, reason: "the network has no such statistic")
    }
    return Array(values)
  }

  public func setStatistic(_ name: String, _ values: [Float]) throws(EngineError) {
    guard let memory = statistics[name] else {
      throw .tensor(name: name, reason: "the network has no such statistic")
    }
    guard values.count == memory.count else {
      throw .tensor(
        name: name, reason: "has \(values.count) elements where the network has \(memory.count)")
    }
    _ = memory.update(fromContentsOf: values)
  }

  private func slot(_ name: String) throws(EngineError) -> Parameters.Slot {
    guard let slot = parameters.slot(name) else {
      throw .tensor(name: name, reason: "the network has no such parameter")
    }
    return slot
  }

  private func read(_ name: String, _ block: Parameters.Block) throws(EngineError) -> [Float] {
    let slot = try slot(name)
    do throws(LibraryFailure) {
      return try parameters.read(slot, from: block)
    } catch {
      throw .tensor(name: name, reason: error.reason)
    }
  }

  private func write(
    _ name: String, _ values: [Float], _ block: Parameters.Block
  ) throws(EngineError) {
    let slot = try slot(name)
    let count = slot.shape.reduce(1, *)
    guard values.count == count else {
      throw .tensor(
        name: name, reason: "has \(values.count) elements where the network has \(count)")
    }
    do throws(LibraryFailure) {
      try parameters.write(values, to: slot, in: block)
    } catch {
      throw .tensor(name: name, reason: error.reason)
    }
  }
}
