import Randomness

/// Inputs near those of a corpus. Each follows from the seed and its number alone.
public struct Mutator: Sendable {
  public let target: FuzzTarget
  public let corpus: [[UInt8]]
  public let seed: UInt64

  /// Numbers at which parsers go wrong.
  private static let interesting: [UInt64] = [
    0, 1, 7, 8, 16, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF,
    0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 1 << 62, 1 << 63 - 1, 1 << 63, .max,
  ]

  public init(target: FuzzTarget, corpus: [[UInt8]], seed: UInt64) {
    self.target = target
    self.corpus = corpus.isEmpty ? [[]] : corpus
    self.seed = seed
  }

  /// The input number `number`: an entry of the corpus with one to sixteen changes.
  public func input(_ number: Int) -> [UInt8] {
    var random = Philox(seed: seed, purpose: "mutation", UInt64(number))
    var bytes = corpus[Int.random(in: corpus.indices, using: &random)]
    for _ in 0..<1 << Int.random(in: 0...4, using: &random) { change(&bytes, &random) }
    if bytes.count > target.lengthLimit { bytes.removeLast(bytes.count - target.lengthLimit) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ random: inout Philox) {
    let kind = Int.random(in: 0..<11, using: &random)
    guard !bytes.isEmpty else { return insert(&bytes, &random) }
    let index = Int.random(in: bytes.indices, using: &random)
    let length = Int.random(in: 1...min(32, bytes.count - index), using: &random)
    let piece = index..<index + length
    switch kind {
    case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[index] = .random(in: 0...255, using: &random)
    case 2: putNumber(&bytes, at: index, &random)
    case 3: insert(&bytes, &random)
    case 4: bytes.removeSubrange(piece)
    case 5: bytes.insert(contentsOf: bytes[piece], at: index)
    case 6: splice(&bytes, at: index, &random)
    case 7: bytes.removeSubrange(index...)
    case 8, 9: putWord(&bytes, at: index, &random)
    default: changeDigit(&bytes, near: index, &random)
    }
  }

  private func insert(_ bytes: inout [UInt8], _ random: inout Philox) {
    let index = Int.random(in: 0...bytes.count, using: &random)
    let count = Int.random(in: 1...16, using: &random)
    let isRun = Bool.random(using: &random)
    let first = UInt8.random(in: 0...255, using: &random)
    let new = (0..<count).map { _ in isRun ? first : .random(in: 0...255, using: &random) }
    bytes.insert(contentsOf: new, at: index)
  }

  /// Overwrites 1, 2, 4 or 8 bytes with a number of either byte order.
  private func putNumber(_ bytes: inout [UInt8], at index: Int, _ random: inout Philox) {
    let number = Self.interesting.randomElement(using: &random)!
    let width = min(1 << Int.random(in: 0...3, using: &random), bytes.count - index)
    let isBig = Bool.random(using: &random)
    for offset in 0..<width {
      let shift = 8 * (isBig ? width - 1 - offset : offset)
      bytes[index + offset] = UInt8(truncatingIfNeeded: number >> UInt64(shift))
    }
  }

  /// Ends the input as another one of the corpus ends.
  private func splice(_ bytes: inout [UInt8], at index: Int, _ random: inout Philox) {
    let other = corpus.randomElement(using: &random)!
    let start = Int.random(in: 0...other.count, using: &random)
    bytes.replaceSubrange(index..., with: other[start...])
  }

  /// Inserts a word of the format, or overwrites with it.
  private func putWord(_ bytes: inout [UInt8], at index: Int, _ random: inout Philox) {
    guard let word = target.dictionary.randomElement(using: &random) else { return }
    let end = Bool.random(using: &random) ? index : min(bytes.count, index + word.count)
    bytes.replaceSubrange(index..<end, with: word)
  }

  /// Changes, repeats or removes the next decimal digit.
  private func changeDigit(_ bytes: inout [UInt8], near index: Int, _ random: inout Philox) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let found = bytes[index...].firstIndex(where: digits.contains) else { return }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[found] = .random(in: digits, using: &random)
    case 1: bytes.insert(.random(in: digits, using: &random), at: found)
    case 2: bytes.insert(UInt8(ascii: "-"), at: found)
    default: bytes.remove(at: found)
    }
  }
}
