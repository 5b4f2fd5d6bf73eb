extension Checkpoint {
  /// The moments of `write` after which the machine may lose its power; tests stop at each.
  enum WriteMoment: CaseIterable {
    case beforeState, betweenFiles, afterWeights
  }

  /// Writes the pair of files into the run's folder: `.state` is renamed into place first and
  /// `.safetensors` last, so that the pair counts from that instant. The caller has flushed the log.
  @discardableResult
  public func write(to run: RunDirectory) throws(FileError) -> CheckpointFiles {
    try write(to: run) { _ in true }
  }

  /// As `write(to:)`; goes no further than a moment for which `goesOn` is false.
  @discardableResult
  func write(
    to run: RunDirectory, goesOn: (WriteMoment) -> Bool
  ) throws(FileError) -> CheckpointFiles {
    let files = CheckpointFiles(folder: try run.ownCheckpoints(), step: position.step)
    let weightBytes = weights.bytes()
    let state = CheckpointState(
      position: position, weightsDigest: CheckpointState.digest(weightBytes),
      optimizer: optimizer)
    guard goesOn(.beforeState) else { return files }
    try AtomicFile.write(state.bytes(), to: files.statePath)
    guard goesOn(.betweenFiles) else { return files }
    try AtomicFile.write(weightBytes, to: files.weightsPath)
    return files
  }

  /// The pairs of files in the run's folder by step. Whether they match is not looked into.
  public static func list(in run: RunDirectory) -> [CheckpointFiles] {
    let names = Set(Folder.names(in: run.checkpointsPath))
    return steps(in: run).map { CheckpointFiles(folder: run.checkpointsPath, step: $0) }
      .filter { names.contains($0.weightsName) && names.contains($0.name + ".state") }
  }

  /// The newest checkpoint at or before `step` whose files are whole and match; nil if there is none.
  public static func latest(in run: RunDirectory, upTo step: Int = .max) -> Checkpoint? {
    for files in list(in: run).reversed() where files.step <= step {
      if let checkpoint = try? files.load() { return checkpoint }
    }
    return nil
  }

  /// Removes all but the newest `keep` checkpoints and that of step `best`.
  public static func prune(
    in run: RunDirectory, keep: Int, best: Int? = nil
  ) throws(FileError) {
    try run.ownCheckpoints()
    for files in list(in: run).dropLast(max(1, keep)) where files.step != best {
      try files.remove()
    }
  }

  /// Removes those of later steps than one that is gone back to: they speak of a log that is no more.
  public static func remove(in run: RunDirectory, after step: Int) throws(FileError) {
    try run.ownCheckpoints()
    for files in list(in: run) where files.step > step { try files.remove() }
  }

  /// Removes what an interruption left: halves of pairs, pairs that do not match, files half
  /// written. Names that are not a checkpoint's are left alone, and pairs that cannot be read.
  public static func removeOrphans(in run: RunDirectory) throws(FileError) {
    try run.ownCheckpoints()
    for step in steps(in: run) {
      let files = CheckpointFiles(folder: run.checkpointsPath, step: step)
      if let damage = files.damage, !damage.isUnreadable { try files.remove() }
    }
    for name in Folder.names(in: run.checkpointsPath)
    where name.hasPrefix(".step-") && name.hasSuffix(AtomicFile.partialSuffix) {
      try Folder.remove("\(run.checkpointsPath)/\(name)")
    }
  }

  /// Every step of which a file is there, ascending.
  private static func steps(in run: RunDirectory) -> [Int] {
    Set(Folder.names(in: run.checkpointsPath).compactMap(CheckpointFiles.step)).sorted()
  }
}
