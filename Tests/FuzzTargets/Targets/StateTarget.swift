import Experiments

extension FuzzTarget {
  /// The other half of a checkpoint: a safetensors file with a position in its metadata. Its own
  /// digest, which no mutation would hit, is set right. What is accepted is a position that a run can
  /// have, and reads back.
  static let state = FuzzTarget(
    name: "state", lengthLimit: 2048, shortRun: 80_000,
    dictionary: tensorWords + [
      "position", "sha256", "weights_sha256", #"\"step\":"#, #"\"epoch\":"#, #"\"batch_index\":"#,
      #"\"log_length\":"#, #"\"best\":{\"accuracy\":1,\"step\":2}"#, #"\"rate_scale\":"#,
      #"\"interval\":{\"correct\":1,\"images\":2}"#, #"\"seed\":"#,
    ], seeds: stateSeeds
  ) { bytes throws(FuzzFailure) in
    for bytes in [bytes, sealed(bytes)] {
      let state = try accepted { () throws(FileError) in
        try CheckpointState(bytes: bytes, file: "s")
      }
      if let state { try checkAccepted(state) }
    }
  }

  private static func checkAccepted(_ state: CheckpointState) throws(FuzzFailure) {
    let position = state.position
    try require(
      position.step >= 0 && position.epoch >= 0 && position.batchIndex >= 0
        && position.logLength >= 0,
      "\(position) counts something")
    if let interval = position.interval {
      try require(
        (0...interval.images).contains(interval.correct), "\(interval) are images and right ones")
    }
    let copy = try unfailing("a state that was written is read") { () throws(FileError) in
      try CheckpointState(bytes: state.bytes(), file: "copy")
    }
    try require(
      copy.position == position && copy.weightsDigest == state.weightsDigest
        && copy.optimizer == state.optimizer, "the state reads back")
  }

  /// The file with the digest of all else in it.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard var file = try? Safetensors(bytes: SafetensorsSamples.mended(bytes), file: "s") else {
      return bytes
    }
    file.metadata["sha256"] = nil
    file.metadata["sha256"] = CheckpointState.digest(file.bytes())
    return file.bytes()
  }

  private static var stateSeeds: [[UInt8]] {
    let optimizer = Safetensors(["momentum_buffer.w": .init(floats: [0.5, -1], shape: [2])])
    let positions = [
      Checkpoint.Position(step: 7, epoch: 1, batchIndex: 2, logLength: 700, seed: 1 << 63),
      Checkpoint.Position(
        step: 7, epoch: 1, batchIndex: 2, logLength: 700, seed: 3,
        best: .init(step: 1, accuracy: 0.1), rateScale: 0.5,
        interval: .init(images: 5, correct: 3)),
    ]
    return positions.map {
      CheckpointState(position: $0, weightsDigest: "ab", optimizer: optimizer).bytes()
    }
  }
}
