import Architecture

/// Trained weights, and the experiment that they belong to.
public struct TrainedWeights: Sendable {
  public var experiment: Experiment
  public var weights: Safetensors
  /// The file that they are read from.
  public var file: String
  /// The step of a run's checkpoint; nil for other files.
  public var step: Int?

  /// Looks up what `source` names: a run directory, whose newest checkpoint is meant, or a file of
  /// weights.
  ///
  /// - Parameter experiment: the file of the experiment, or the folder of a run that it is of; nil for
  ///   that of the run that the weights stand in.
  /// - Throws: `FileError` or `ExperimentError` where there are no weights, or nothing says whose they are.
  public init(_ source: String, experiment: String? = nil) throws {
    if Folder.exists(source) {
      let run = RunDirectory(path: source)
      guard run.occupant != nil, RunDirectory.suggestion(inPlaceOf: source) == nil else {
        throw FileError(
          path: source,
          reason: RunDirectory.suggestion(inPlaceOf: source)
            ?? "holds no run; name a run directory or a file of weights.")
      }
      guard !Checkpoint.list(in: run).isEmpty else {
        throw FileError(path: source, reason: "has no checkpoint; name a file of weights.")
      }
      guard let checkpoint = Checkpoint.latest(in: run) else {
        throw FileError(path: source, reason: "has no checkpoint that is whole; train it again.")
      }
      step = checkpoint.position.step
      weights = checkpoint.weights
      file =
        CheckpointFiles(folder: run.checkpointsPath, step: checkpoint.position.step).weightsPath
      self.experiment = try Experiment.load(experiment ?? run.experimentPath)
      try grow(as: checkpoint.position)
      return
    }
    weights = try Safetensors.read(source)
    file = source
    let (folder, name) = Folder.split(source)
    let run = RunDirectory(path: "\(folder)/..")
    step = CheckpointFiles.step(of: name)
    var position: Checkpoint.Position?
    if let step {
      let files = CheckpointFiles(folder: folder, step: step)
      if Folder.holdsAnything(at: files.statePath) { position = try files.load().position }
    }
    guard
      let path = experiment
        ?? (Folder.holdsAnything(at: run.experimentPath) ? run.experimentPath : nil)
    else {
      throw FileError(
        path: source, reason: "stands in no run; name its experiment with --experiment.")
    }
    self.experiment = try Experiment.load(path)
    if let position {
      try grow(as: position)
    } else {
      // What is named as the experiment may be a file.
      let run = experiment.map { RunDirectory(path: $0) } ?? run
      guard Folder.exists(run.path) else { return }
      self.experiment.network = try run.grown(self.experiment.network, upTo: step)
      self.experiment.grow = []
    }
  }

  /// The weights are those of what the network has become.
  private mutating func grow(as position: Checkpoint.Position) throws(FileError) {
    do throws(SpecError) {
      experiment.network = try experiment.network.grown(by: position.growths ?? [])
    } catch {
      throw FileError(path: file, reason: "belongs to another experiment: network.\(error)")
    }
    experiment.grow = []
  }
}
