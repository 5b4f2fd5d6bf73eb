import Architecture
public import Datasets
import EventLog
public import Experiments
import Foundation
import Glibc
public import TrainingEngine

/// One training of an experiment, from reading its data to its last checkpoint.
///
/// Everything that anybody sees of it goes through its run directory; a `ProgressSink` is told
/// besides. It runs on the calling thread, which must not change between two calls.
public final class TrainingRun {
  public struct Options: Sendable {
    /// Threads that oneDNN computes with.
    public var threads: Int
    public var convolution: ConvolutionAlgorithm
    /// Ends the run after this step; the schedule stays as it is.
    public var maxSteps: Int?
    public var start: Start
    /// The version of the program, for the resolved experiment.
    public var version: String

    public init(
      threads: Int, convolution: ConvolutionAlgorithm = .auto, maxSteps: Int? = nil,
      start: Start = .anew, version: String
    ) {
      self.threads = threads
      self.convolution = convolution
      self.maxSteps = maxSteps
      self.start = start
      self.version = version
    }
  }

  /// What a training begins with.
  public enum Start: Sendable {
    /// Weights that are drawn, in a directory without a run.
    case anew
    /// The last checkpoint of the run that the directory holds.
    case resumed
    /// What another run has learned, in a directory without a run.
    case forked(Fork)
  }

  let experiment: Experiment
  let directory: RunDirectory
  let options: Options
  let data: TrainingData
  var network: Network
  let recorder: RunRecorder
  let progress: any ProgressSink
  let clock: WorkerClock
  let signal: () -> Int32
  let control: ControlMailbox?

  var lifecycle: RunLifecycle
  let schedule: LearningRateSchedule
  var meter: StepMeter
  var best: Checkpoint.Best?
  /// What the network has become since the run began.
  var growths: [GrowthRecord] = []
  /// The steps after which the optimizer began with what it did not have from the start: modules or
  /// tensors.
  var births: [String: Int] = [:]
  /// Where the last checkpoint stands, and how many growths it has.
  private var saved: (step: Int, growths: Int)?
  /// The step after which this process begins.
  private let firstStep: Int
  /// The last step after which the network was validated, as far as this process knows.
  var validatedStep: Int?
  /// An earlier process was asked to stop, and did not wait for the validation that belongs to its last
  /// step.
  private let owesValidation: Bool
  /// A checkpoint is to follow the next step.
  private(set) var owesCheckpoint = false
  var lastValidation: Network.Result?
  private var lastLoss: Double?
  /// What it begins with, in words.
  var beginning: String?
  /// What a message has made of the schedule's rates.
  var rateScale = 1.0
  var isPaused = false
  var isAskedToStop = false

  /// Reads the data, compiles the network, checks the memory, and creates the run directory; nothing
  /// is written before all of that has succeeded.
  ///
  /// - Parameters:
  ///   - control: where messages come in; looked at after every step.
  ///   - signal: the signal that asks to stop, 0 for none; looked at after every step.
  public init(
    _ experiment: Experiment, directory: RunDirectory, location: DatasetLocation,
    options: Options, progress: any ProgressSink, clock: WorkerClock = .system,
    control: ControlMailbox? = nil, signal: @escaping () -> Int32 = { 0 }
  ) throws(WorkerError) {
    self.experiment = experiment
    self.directory = directory
    self.options = options
    self.progress = progress
    self.clock = clock
    self.signal = signal
    self.control = control
    if let problem = experiment.problems.first { throw .input("\(problem)") }
    let resumption: Resumption?
    let checkpoint: Checkpoint?
    switch options.start {
    case .anew: (resumption, checkpoint) = (nil, nil)
    case .resumed:
      resumption = try Resumption(of: directory, experiment: experiment)
      checkpoint = resumption?.checkpoint
    case .forked(let fork): (resumption, checkpoint) = (nil, try fork.checkpoint())
    }
    let growths = resumption?.checkpoint?.position.growths ?? []
    self.growths = growths
    births = checkpoint?.position.births ?? [:]
    let plan: NetworkPlan
    do throws(SpecError) {
      plan = try NetworkPlan(experiment.network.grown(by: growths))
    } catch {
      throw .input("network.\(error)")
    }
    data = try TrainingData(experiment, location: location)

    let batch = experiment.data.batch
    lifecycle = RunLifecycle(
      stepsPerEpoch: data.train.count / batch, epochs: experiment.epochs,
      maxSteps: options.maxSteps, checkpointEpochs: experiment.checkpoint.everyEpochs,
      checkpointSteps: experiment.checkpoint.everySteps,
      log: experiment.log,
      growthEpochs: Set(experiment.grow.map(\.epoch)), step: checkpoint?.position.step ?? 0)
    schedule = LearningRateSchedule(
      experiment.schedule, learningRate: experiment.optimizer.learningRate,
      stepsPerEpoch: lifecycle.stepsPerEpoch, totalSteps: lifecycle.totalSteps)
    let position = resumption?.checkpoint?.position
    meter = StepMeter(
      totalSteps: lifecycle.lastStep, step: lifecycle.step, interval: position?.interval)
    firstStep = lifecycle.step
    if let position, position.wasValidated == true { validatedStep = position.step }
    owesValidation =
      position?.wasValidated == false
      && (firstStep.isMultiple(of: lifecycle.stepsPerEpoch) || firstStep >= lifecycle.lastStep)
    best = position?.best
    rateScale = position?.rateScale ?? 1
    try Self.check(lifecycle, experiment, directory, options.start, resumption)

    network = try Self.compile(plan, experiment, options)
    try Self.checkGrowth(of: network.program, experiment, lifecycle, options)
    let info = RunInfo(
      stepsPerEpoch: lifecycle.stepsPerEpoch, totalSteps: lifecycle.totalSteps, batch: batch,
      trainingImages: data.train.count, validationImages: data.validation.count,
      threads: options.threads, convolution: options.convolution.rawValue,
      isa: Library.instructionSet, processor: Processor.name, onednn: Library.version,
      version: options.version)
    if let resumption, let checkpoint, let position, let log = resumption.log {
      // Before anything is cut.
      try network.restore(checkpoint, file: directory.path)
      Self.setBirths(births, of: network)
      saved = (position.step, growths.count)
      recorder = try RunRecorder(
        directory, after: position, log: log, keeping: resumption.annotations,
        lock: resumption.lock, totalSteps: lifecycle.totalSteps, clock: clock)
    } else {
      do throws(FileError) {
        if resumption != nil { try directory.clear() }
      } catch {
        throw .failed("\(error)")
      }
      recorder = try RunRecorder(
        directory, experiment: experiment.yaml(resolved: info.resolved), lock: resumption?.lock,
        totalSteps: lifecycle.totalSteps, clock: clock)
    }
    recorder.waiter = self
    do throws(WorkerError) {
      if position == nil { try describe(plan, info, resumption?.annotations ?? []) }
      try begin(with: checkpoint, resumption, info)
    } catch {
      leave(because: error)
      throw error
    }
  }

  /// Whether there is anything left to be trained.
  private static func check(
    _ lifecycle: RunLifecycle, _ experiment: Experiment, _ directory: RunDirectory, _ start: Start,
    _ resumption: Resumption?
  ) throws(WorkerError) {
    guard lifecycle.step >= lifecycle.lastStep else { return }
    if case .forked = start {
      throw .input(
        "epochs: \(experiment.epochs) end at step \(lifecycle.lastStep), and the fork begins after step "
          + "\(lifecycle.step); raise epochs")
    }
    // Else the test images, and the last word in its status, may be missing.
    if resumption?.hasEnded == true {
      throw .complete(
        "\(directory.path): is at step \(lifecycle.step) already; nothing is left to be done")
    }
  }

  /// The network in memory, with the weights that its seed draws.
  static func compile(
    _ plan: NetworkPlan, _ experiment: Experiment, _ options: Options
  ) throws(WorkerError) -> Network {
    let program: NetworkProgram
    do throws(EngineError) {
      program = try NetworkProgram(
        plan, batch: experiment.data.batch, threads: options.threads,
        convolution: options.convolution, precision: experiment.precision,
        state: OptimizerState(
          hasSquares: experiment.optimizer.name == .adamW, hasAverage: experiment.ema != nil))
    } catch {
      throw .input("\(error)")
    }
    // The data set is in memory already.
    try MemoryBudget(program).check(available: MemoryBudget.available())
    do throws(EngineError) {
      return try Network(program, seed: experiment.seed)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Writes what a log begins with.
  ///
  /// - Parameter annotations: what the user wrote about the run before it began anew.
  private func describe(
    _ plan: NetworkPlan, _ info: RunInfo, _ annotations: [RunAnnotation]
  ) throws(WorkerError) {
    for annotation in annotations { try recorder.describe(annotation.tag, annotation.text) }
    try recorder.describe("run/experiment", experiment.yaml(resolved: info.resolved))
    try recorder.describe("run/layers", JSONText.encode(plan))
    try recorder.describe(RunInfo.tag, info.text)
    try recorder.show(
      (0..<min(data.validation.count, experiment.log.images)).map {
        (Predictions.imageTag($0), data.validation.picture($0))
      }, step: 0)
  }

  /// Takes the weights that it begins with, and says so.
  private func begin(
    with checkpoint: Checkpoint?, _ resumption: Resumption?, _ info: RunInfo
  ) throws(WorkerError) {
    switch (options.start, checkpoint) {
    case (.anew, _), (.forked, nil): break
    case (.resumed, nil): beginning = "no checkpoint to resume from: it begins anew"
    case (.resumed, .some):
      try recorder.describe("run/control", Standstill.resumed.rawValue, step: lifecycle.step)
      let caution = resumption?.caution(info)
      if let caution { try recorder.describe("run/control", caution, step: lifecycle.step) }
      beginning = "resumed after step \(lifecycle.step)" + (caution.map { "; \($0)" } ?? "")
    case (.forked(let fork), let checkpoint?): try begin(with: checkpoint, of: fork)
    }
  }

  // MARK: Running

  /// Trains to the end of the run, or until a signal asks to stop.
  ///
  /// - Throws: `WorkerError.diverged`, or `.failed` where writing fails; `status.json` says so too.
  public func run() throws(WorkerError) -> RunSummary {
    do {
      let summary = try train()
      recorder.close()
      progress.ended(summary)
      return summary
    } catch {
      leave(because: error)
      throw error
    }
  }

  /// Has the run's status say why it has come to nothing.
  private func leave(because error: WorkerError) {
    recorder.stopWaiting()
    let isInterrupted = if case .interrupted = error { true } else { false }
    try? recorder.update {
      $0.state = isInterrupted ? .stopped : .failed
      $0.exitCode = Int(error.exitCode)
      $0.error = directory.withoutPaths(error.description)
    }
    recorder.close()
    progress.gaveUp()
  }

  private func train() throws(WorkerError) -> RunSummary {
    let spec = experiment.network
    try recorder.update {
      $0.state = .running
      $0.bestCheckpoint = bestCheckpointName
    }
    progress.began(
      RunDescription(
        run: directory.path, network: spec.name,
        parameters: network.program.plan.total.parameters, trainingImages: data.train.count,
        validationImages: data.validation.count, stepsPerEpoch: lifecycle.stepsPerEpoch,
        epochs: experiment.epochs, batch: experiment.data.batch, threads: options.threads,
        memory: network.program.memory.total, step: lifecycle.step, beginning: beginning))
    meter.start(at: clock.monotonic())
    if owesValidation {
      try validate()
      try saveCheckpoint()
    }
    // The earlier process wrote its last checkpoint, and came no further.
    if lifecycle.step >= lifecycle.lastStep { return try end(.finished) }
    let loader = try loader(data.train, mode: .training(epoch: 0, batch: lifecycle.step))
    defer { loader.stop() }
    meter.start(at: clock.monotonic())
    while true {
      let actions = try step(loader)
      for action in actions {
        switch action {
        case .record(let details, let layers): try record(details: details, layers: layers)
        case .validate: try validate()
        case .grow: try growAsPlanned()
        case .checkpoint: try saveCheckpoint()
        case .end(let ending): return try end(ending)
        }
      }
      if owesCheckpoint || bestIsUnsaved { try saveCheckpoint() }
      try obey()
    }
  }

  private func step(_ loader: BatchLoader) throws(WorkerError) -> [RunLifecycle.Action] {
    let rate = rateScale * schedule.rate(step: lifecycle.step + 1)
    if lifecycle.inspectsNextStep { network.inspectNextStep() }
    let start = clock.monotonic()
    let result = loader.withNextBatch { batch in
      meter.waited(for: clock.monotonic() - start)
      network.images.copy(from: batch.images)
      return network.computeGradients(
        labels: batch.labels, mixture: batch.mixture,
        labelSmoothing: experiment.loss.labelSmoothing)
    }
    guard let result else { preconditionFailure("training batches never end") }
    guard result.loss.isFinite else {
      // The step that diverged is on record, as the not-a-number that it is.
      try recorder.record(step: lifecycle.step + 1, [("loss/train", Float(result.loss))])
      throw .diverged(step: lifecycle.step + 1, loss: result.loss)
    }
    update(learningRate: rate)
    lastLoss = result.loss
    let epoch = lifecycle.epoch
    let arrived = signal()
    let actions = lifecycle.stepped(signal: arrived == 0 && isAskedToStop ? SIGTERM : arrived)
    meter.stepped(result, learningRate: rate, at: clock.monotonic())
    progress.stepped(meter.progress(step: lifecycle.step, epoch: epoch, epochs: experiment.epochs))
    return actions
  }

  private func update(learningRate: Double) {
    let optimizer = experiment.optimizer
    let step = lifecycle.step + 1
    switch optimizer.name {
    case .sgd:
      network.update(
        SGD(
          learningRate: learningRate, momentum: optimizer.momentum,
          weightDecay: optimizer.weightDecay, nesterov: optimizer.nesterov,
          decaysWeightsOnly: optimizer.decay == .weights))
    case .adamW:
      network.update(
        AdamW(
          learningRate: learningRate, beta1: optimizer.betas[0], beta2: optimizer.betas[1],
          epsilon: optimizer.eps, weightDecay: optimizer.weightDecay,
          decaysWeightsOnly: optimizer.decay == .weights, step: step))
    }
    guard let decay = experiment.ema else { return }
    // A young average would remember the initial weights for long.
    network.updateAverage(weight: 1 - min(decay, Double(1 + step) / Double(10 + step)))
  }

  private func record(details: Bool, layers: Bool) throws(WorkerError) {
    var scalars: [(tag: String, value: Float)] = [("loss/train", Float(meter.loss))]
    if details {
      scalars += [
        ("accuracy/train", Float(meter.accuracy)), ("learning_rate", Float(meter.learningRate)),
        ("throughput/images_per_second", Float(meter.imagesPerSecond)),
        ("throughput/data_wait", Float(meter.waitFraction)),
      ]
    }
    if layers, let inspection = network.inspection {
      scalars += inspection.scalars(of: network.program.plan)
    }
    try recorder.record(step: lifecycle.step, scalars)
    if details { meter.beginInterval() }
  }

  // MARK: Checkpoints

  /// Writes a checkpoint. One of this step that has other parameters stays as it is, and the next step is
  /// followed by one: to replace a pair of files is no single moment.
  func saveCheckpoint() throws(WorkerError) {
    if let saved, saved.step == lifecycle.step, saved.growths != growths.count {
      owesCheckpoint = true
      return
    }
    owesCheckpoint = false
    meter.beginPause(at: clock.monotonic())
    defer { meter.endPause(at: clock.monotonic()) }
    let length = try recorder.synchronize()
    let checkpoint: Checkpoint
    do {
      checkpoint = try network.checkpoint(at: position(logLength: length))
    } catch {
      throw .failed("\(error)")
    }
    try recorder.keep(checkpoint)
    saved = (lifecycle.step, growths.count)
    // One that cannot be removed is in nobody's way.
    try? Checkpoint.prune(in: directory, keep: experiment.checkpoint.keep, best: best?.step)
    try recorder.update {
      $0.step = lifecycle.step
      $0.epoch = lifecycle.epoch
      $0.bestCheckpoint = bestCheckpointName
    }
  }

  /// A validation has just found the best weights so far: they are kept, whenever checkpoints are due.
  private var bestIsUnsaved: Bool {
    best?.step == lifecycle.step && saved?.step != lifecycle.step
  }

  /// The file of the best weights so far; nil before the first validation.
  private var bestCheckpointName: String? {
    guard let best else { return nil }
    return Checkpoint.list(in: directory).first { $0.step == best.step }?.weightsName
  }

  /// Where the training stands.
  ///
  /// - Parameter logLength: bytes of the log so far.
  func position(logLength: Int) -> Checkpoint.Position {
    Checkpoint.Position(
      step: lifecycle.step, epoch: lifecycle.step / lifecycle.stepsPerEpoch,
      batchIndex: lifecycle.step % lifecycle.stepsPerEpoch, logLength: logLength,
      seed: experiment.seed, best: best, rateScale: rateScale == 1 ? nil : rateScale,
      interval: meter.interval, growths: growths.isEmpty ? nil : growths,
      births: births.isEmpty ? nil : births,
      wasValidated: lifecycle.step == firstStep && validatedStep == nil
        ? nil : validatedStep == lifecycle.step)
  }

  private func end(_ ending: RunLifecycle.Ending) throws(WorkerError) -> RunSummary {
    let state: RunStatus.State
    let exitCode: Int
    switch ending {
    case .finished:
      state = .finished
      exitCode = 0
      try test()
    case .stopped(let signal):
      state = .stopped
      exitCode = 128 + Int(signal)
    }
    _ = try recorder.synchronize()
    try recorder.update {
      $0.state = state
      $0.exitCode = exitCode
      $0.step = lifecycle.step
      $0.epoch = lifecycle.epoch
    }
    return RunSummary(
      run: directory.path, state: state.rawValue, step: lifecycle.step, loss: lastLoss,
      accuracy: lastValidation?.accuracy, bestAccuracy: best?.accuracy,
      seconds: meter.elapsed(at: clock.monotonic()))
  }
}

extension UnsafeMutableBufferPointer {
  /// Replaces the elements by those of `source`, which has as many.
  func copy(from source: UnsafeBufferPointer<Element>) {
    precondition(source.count == count)
    _ = update(fromContentsOf: source)
  }
}
