import Experiments
import Glibc

/// A block of the disk that a run keeps for what has to be written where there is no other room.
///
/// A crash leaves its file as it leaves those that are half written.
struct RoomReserve {
  private let path: String

  /// The block of most file systems; a status fits into it.
  private static let content = [UInt8](repeating: 0x20, count: 4096)

  init(in run: RunDirectory) { path = "\(run.path)/.reserve.partial" }

  /// Takes the room, if there is any.
  func keep() { try? AtomicFile.write(Self.content, to: path) }

  func giveUp() { unlink(path) }
}
