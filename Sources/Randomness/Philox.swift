/// Philox4x32-10, a counter-based generator (Salmon et al. 2011, "Parallel random numbers: as easy
/// as 1, 2, 3"): block `i` of stream (`seed`, `stream`) is a pure function of these three, so any
/// position can be reproduced without drawing what came before it.
public struct Philox: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private let stream: UInt64
  private var block: UInt64 = 0
  private var pending: UInt64?

  /// The stream number `stream` of `seed`.
  public init(seed: UInt64, stream: UInt64 = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream
  }

  /// A stream for a purpose and its coordinates, such as `("shuffle", epoch)` or
  /// `("augment", epoch, sample)`. Different purposes and coordinates give unrelated streams.
  public init(seed: UInt64, purpose: StaticString, _ coordinates: UInt64...) {
    // FNV-1a over the purpose's bytes and the coordinates'.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func absorb(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    purpose.withUTF8Buffer { $0.forEach(absorb) }
    for coordinate in coordinates {
      withUnsafeBytes(of: coordinate.littleEndian) { $0.forEach(absorb) }
    }
    self.init(seed: seed, stream: hash)
  }

  public mutating func next() -> UInt64 {
    if let word = pending {
      pending = nil
      return word
    }
    let (a, b, c, d) = Philox.rounds(
      counter: (
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)
      ), key: key)
    block &+= 1
    pending = UInt64(d) << 32 | UInt64(c)
    return UInt64(b) << 32 | UInt64(a)
  }

  /// A number from the uniform distribution over [0, 1).
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// The ten rounds of the bijection, on one counter block.
  static func rounds(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = UInt64(0xd251_1f53) &* UInt64(c0)
      let p1 = UInt64(0xcd9e_8d57) &* UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 &+= 0x9e37_79b9
      k1 &+= 0xbb67_ae85
    }
    return (c0, c1, c2, c3)
  }
}
