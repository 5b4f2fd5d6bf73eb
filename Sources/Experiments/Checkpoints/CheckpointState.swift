import Crypto
import Foundation

/// The `.state` file of a checkpoint: a safetensors file with the optimizer's state, and in its metadata
/// the position, the digest of the weight file it belongs to, and its own.
package struct CheckpointState {
  package var position: Checkpoint.Position
  /// SHA-256 of the bytes of the weight file.
  package var weightsDigest: String
  package var optimizer: Safetensors

  package static func digest(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).hexadecimal
  }

  /// What the state's own digest covers: everything in the file but that digest.
  private static func ownDigest(_ file: Safetensors) -> String {
    var file = file
    file.metadata["sha256"] = nil
    return digest(file.bytes())
  }

  package func bytes() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let json = try? encoder.encode(position) else {
      preconditionFailure("a position is a few numbers: \(position)")
    }
    var file = optimizer
    file.metadata = [
      "position": String(decoding: json, as: UTF8.self), "weights_sha256": weightsDigest,
    ]
    file.metadata["sha256"] = Self.ownDigest(file)
    return file.bytes()
  }

  package init(position: Checkpoint.Position, weightsDigest: String, optimizer: Safetensors) {
    self.position = position
    self.weightsDigest = weightsDigest
    self.optimizer = optimizer
  }

  /// - Throws: The file is damaged.
  package init(bytes: [UInt8], file path: String) throws(FileError) {
    let file = try Safetensors(bytes: bytes, file: path)
    guard file.metadata["sha256"] == Self.ownDigest(file),
      let weightsDigest = file.metadata["weights_sha256"],
      let json = file.metadata["position"],
      let position = try? JSONDecoder().decode(Checkpoint.Position.self, from: Data(json.utf8)),
      position.isSound
    else { throw FileError(path: path, reason: "is damaged; an older checkpoint may serve.") }
    self.position = position
    self.weightsDigest = weightsDigest
    optimizer = Safetensors(
      Dictionary(uniqueKeysWithValues: file.names.map { ($0, file[$0]!) }))
  }
}
