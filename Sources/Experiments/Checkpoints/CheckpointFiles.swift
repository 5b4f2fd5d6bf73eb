/// The pair of files of the checkpoint of one step.
public struct CheckpointFiles: Hashable, Sendable {
  /// The run's `checkpoints` folder.
  public let folder: String
  public let step: Int

  public init(folder: String, step: Int) {
    self.folder = folder
    self.step = step
  }

  static let weightsSuffix = ".safetensors"
  static let stateSuffix = ".state"

  /// `step-NNNNNNNN`
  public var name: String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
  public var weightsName: String { name + Self.weightsSuffix }
  public var weightsPath: String { "\(folder)/\(weightsName)" }
  public var statePath: String { "\(folder)/\(name)\(Self.stateSuffix)" }

  /// The step of a file name that this type gives; nil for every other name.
  static func step(of fileName: String) -> Int? {
    guard let suffix = [weightsSuffix, stateSuffix].first(where: fileName.hasSuffix),
      fileName.hasPrefix("step-"),
      let step = Int(fileName.dropFirst(5).dropLast(suffix.count)), step >= 0,
      CheckpointFiles(folder: "", step: step).name + suffix == fileName
    else { return nil }
    return step
  }

  /// Reads and checks both files.
  ///
  /// - Throws: One is missing or damaged, or they do not belong together.
  public func load() throws(FileError) -> Checkpoint {
    let state = try CheckpointState(
      bytes: BoundedFile.read(statePath, limit: Safetensors.fileLimit), file: statePath)
    let bytes = try BoundedFile.read(weightsPath, limit: Safetensors.fileLimit)
    guard state.position.step == step, state.weightsDigest == CheckpointState.digest(bytes) else {
      throw FileError(
        path: weightsPath, reason: "does not match its .state; an older checkpoint may serve.")
    }
    return Checkpoint(
      position: state.position, weights: try Safetensors(bytes: bytes, file: weightsPath),
      optimizer: state.optimizer)
  }

  /// Why the pair is none; nil where both files are there, whole, and belong together.
  public var damage: FileError? {
    do throws(FileError) {
      _ = try load()
      return nil
    } catch {
      return error
    }
  }

  public var isWhole: Bool { damage == nil }

  /// Removes the pair, weights first: the other half alone counts for nothing.
  func remove() throws(FileError) {
    try Folder.remove(weightsPath)
    try Folder.remove(statePath)
  }
}
