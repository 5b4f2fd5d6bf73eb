import Pictures

extension FuzzTarget {
  /// Pictures of logs, as they are and with the checksums of their chunks set right: what is decoded
  /// has the size that its header says, and comes back from its own PNG.
  static let png = FuzzTarget(
    name: "png", lengthLimit: 2048, shortRun: 150_000,
    dictionary: [
      "IHDR", "IDAT", "IEND", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "zTXt",
      "iTXt", "bKGD", "pHYs", "cICP", "eXIf",
    ],
    bytes: [
      [0, 0, 0, 0], [0, 0, 0x10, 0], [0, 0, 0x10, 1], [8, 3], [16, 6], [4, 3], [1, 0],
    ],
    seeds: pngSeeds
  ) { bytes throws(FuzzFailure) in
    for bytes in [bytes, withRightChecksums(bytes)] {
      guard let picture = Picture(png: bytes) else { continue }
      try require(
        (1...Picture.sideLimit).contains(picture.width)
          && (1...Picture.sideLimit).contains(picture.height), "no side is too long")
      let header = bytes[16..<24].map { Int($0) }
      try require(
        header[..<4].reduce(0, { $0 << 8 | $1 }) == picture.width
          && header[4...].reduce(0, { $0 << 8 | $1 }) == picture.height,
        "the picture is of the size that its header says")
      // Larger ones take too long.
      guard picture.pixels.count <= 1 << 14 else { continue }
      try require(Picture(png: picture.png) == picture, "the picture comes back")
      let small = picture.reduced(toFit: 7)
      try require(max(small.width, small.height) <= max(7, 1), "it is reduced")
    }
  }

  private static let signatureLength = 8

  private static func withRightChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var mended = bytes
    var at = signatureLength
    // Length, type, data, checksum.
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 12 else { break }
      let end = at + 8 + length
      let checksum = Checksum.iso.of(bytes[at + 4..<end])
      for index in 0..<4 { mended[end + index] = UInt8(checksum >> (24 - 8 * index) & 0xFF) }
      at = end + 4
    }
    return mended
  }

  private static var pngSeeds: [[UInt8]] {
    func picture(_ width: Int, _ height: Int, _ channels: Int) -> [UInt8] {
      Picture(
        width: width, height: height, channels: channels,
        pixels: (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 * 37) }
      ).png
    }
    let gray = picture(8, 8, 1)
    // Kinds of PNG that the project does not write: depth, colour type, interlacing.
    let kinds: [(UInt8, UInt8, UInt8)] = [
      (16, 0, 0), (8, 2, 1), (8, 3, 0), (4, 3, 1), (8, 4, 0), (16, 6, 1), (1, 0, 1),
    ]
    return [gray, picture(3, 5, 3), picture(1, 1, 1)]
      + kinds.map { depth, color, interlacing in
        var bytes = gray
        bytes.replaceSubrange(24..<29, with: [depth, color, 0, 0, interlacing])
        let palette: [UInt8] = [0, 0, 0, 6] + Array("PLTE".utf8) + [1, 2, 3, 4, 5, 6, 0, 0, 0, 0]
        if color == 3 { bytes.insert(contentsOf: palette, at: 33) }
        return withRightChecksums(bytes)
      }
  }
}
