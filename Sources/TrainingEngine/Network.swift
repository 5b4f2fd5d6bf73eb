import Architecture
import COneDNN
import Randomness

/// A network with its memory: trains and evaluates batches.
///
/// All memory for numbers is allocated once. Used from the one thread that compiled its
/// program; with the same program, seed and thread count every step repeats bit for bit.
public final class Network {
  public let program: NetworkProgram
  /// The batch to work on: row-major N×C×H×W, already normalised.
  public let images: UnsafeMutableBufferPointer<Float>

  let parameters: Parameters
  private let loss: SoftmaxCrossEntropy
  private let arena: UnsafeMutableRawPointer
  private let arenaByteCount: Int
  let scratchpad: UnsafeMutableRawPointer
  /// Row-major N×classes.
  private let outputs: UnsafeMutableBufferPointer<Float>
  private let statistics: [String: UnsafeMutableBufferPointer<Float>]
  /// Moving averages of the statistics; empty without an average.
  private let averageStatistics: [String: UnsafeMutableBufferPointer<Float>]
  private(set) var trainingCalls: [() -> Void] = []
  /// Addresses of the outputs that an inspection looks at, in the order of the program's hooks.
  private(set) var forwardHooks: [UnsafeMutableRawPointer] = []
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
    arenaByteCount = max(1, training.byteCount, evaluation.byteCount)
    arena = .allocate(byteCount: arenaByteCount, alignment: ArenaPlan.alignment)
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

    let trainingAddress = addresses(program.training, trainingOffsets)
    forwardHooks = program.training.forwardHooks.map { trainingAddress($0.output) }
    do throws(LibraryFailure) {
      trainingCalls = try Self.bind(program.training, trainingAddress)
      evaluationCalls = try Self.bind(
        program.evaluation, addresses(program.evaluation, evaluationOffsets))
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

  /// Where a program's buffers are.
  private func addresses(
    _ program: Program, _ offsets: [Int: Int]
  ) -> (Buffer) -> UnsafeMutableRawPointer {
    { [arena, images, outputs, scratchpad, parameters, statistics] buffer in
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
  }

  private static func bind(
    _ program: Program, _ address: (Buffer) -> UnsafeMutableRawPointer
  ) throws(LibraryFailure) -> [() -> Void] {
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
    if inspectsNext { return inspectTraining() }
    guard timing != nil else {
      for call in trainingCalls { call() }
      return
    }
    let seconds = timedTraining { _ in }
    for (index, time) in seconds.enumerated() { timing!.seconds[index] += time }
    timing!.steps += 1
  }

  /// Runs the calls of a training step, and gives the seconds that each took. `after` is told how
  /// many have run; what it does is not timed.
  func timedTraining(_ after: (Int) -> Void) -> [Double] {
    let clock = ContinuousClock()
    return trainingCalls.enumerated().map { index, call in
      let start = clock.now
      call()
      let time = (clock.now - start) / .seconds(1)
      after(index + 1)
      return time
    }
  }

  /// Moves the parameters along the last gradients.
  public func update(_ optimizer: SGD) { inspecting { parameters.update(optimizer) } }

  /// Moves the parameters along the last gradients. The program's state must have squares.
  public func update(_ optimizer: AdamW) { inspecting { parameters.update(optimizer) } }

  // MARK: Inspection

  /// What the last inspected step did; nil before the first.
  public internal(set) var inspection: StepInspection?
  /// The next step is to be inspected.
  private(set) var inspectsNext = false

  /// Has the next step, gradients and update, looked at; `inspection` then tells of it. The step gives
  /// the same numbers as any other, and takes a little longer.
  public func inspectNextStep() { inspectsNext = true }

  private func inspecting(_ update: () -> Void) {
    guard inspectsNext else { return update() }
    inspectsNext = false
    // The activations of the step are not needed any more.
    let isRoomy = arenaByteCount >= parameters.byteCount
    let copy =
      isRoomy
      ? arena : .allocate(byteCount: parameters.byteCount, alignment: ArenaPlan.alignment)
    defer { if !isRoomy { copy.deallocate() } }
    inspectUpdate(copy: copy, update)
  }

  /// Moves the average of parameters and statistics towards them, by `weight` (0 to 1) of the way.
  public func updateAverage(weight: Double) {
    parameters.average(weight: weight)
    for (name, average) in averageStatistics {
      rt_average(
        average.baseAddress!, statistics[name]!.baseAddress!, average.count, Float(weight))
    }
  }

  /// Does `body` with the average in the place of parameters and statistics.
  public func withAverage<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
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

  /// What an image is taken for.
  public struct Prediction: Sendable {
    /// The class of the largest probability.
    public var label: Int
    /// That probability, 0 to 1.
    public var confidence: Double
  }

  /// What the last pass took each image for that counted.
  public var predictions: ArraySlice<Prediction> {
    loss.predictions[..<loss.count]
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
  public enum Moment: String, Sendable {
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
