import Pictures
import TestSupport
import Testing

@Suite struct PictureTests {
  private func random(_ seed: UInt64) -> Picture {
    var random = SeededGenerator(state: seed)
    let (width, height) = (
      Int.random(in: 1...40, using: &random), Int.random(in: 1...40, using: &random)
    )
    let channels = Bool.random(using: &random) ? 1 : 3
    return Picture(
      width: width, height: height, channels: channels,
      pixels: (0..<width * height * channels).map { _ in UInt8.random(in: 0...255, using: &random) }
    )
  }

  @Test(arguments: 0..<50)
  func comesBackAsItWentIn(seed: UInt64) {
    let picture = random(seed)
    #expect(picture.png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    // A picture in which every colour is grey may come back as a grey one.
    #expect(Picture(png: picture.png) == picture)
  }

  /// A PNG that ends early, or in which a bit has changed, is no picture or one of the same size as its
  /// header says; whatever it is, nothing crashes.
  @Test func damageIsFound() {
    let png = random(3).png
    for count in 0..<png.count - 12 { #expect(Picture(png: Array(png[..<count])) == nil) }
    var decoded = 0
    for index in png.indices {
      for bit in 0..<8 {
        var damaged = png
        damaged[index] ^= 1 << UInt8(bit)
        if Picture(png: damaged) != nil { decoded += 1 }
      }
    }
    // Of a chunk that nobody needs.
    #expect(decoded < png.count)
    #expect(Picture(png: []) == nil && Picture(png: Array("no picture".utf8)) == nil)
  }

  /// A header that promises more pixels than the limit is refused before room is made for them.
  @Test func hugeSizesAreRefused() {
    var png = Picture(width: 1, height: 1, channels: 1, pixels: [7]).png
    // Width in the header; its checksum is wrong then, so that the header itself is made anew.
    png.replaceSubrange(16..<20, with: [0x7F, 0xFF, 0xFF, 0xFF])
    #expect(Picture(png: png) == nil)
    let wide = Picture(
      width: Picture.sideLimit + 1, height: 1, channels: 1,
      pixels: Array(repeating: 9, count: Picture.sideLimit + 1))
    #expect(Picture(png: wide.png) == nil)
  }

  /// A chunk that asks for more than a gigabyte, and has none of it, is refused before room is made for
  /// it; one that says nothing of the pixels is passed over.
  @Test func chunksAreBounded() {
    let picture = Picture(width: 2, height: 1, channels: 1, pixels: [7, 9])
    let png = picture.png
    let end = png.count - 12
    for type in ["iTXt", "zTXt", "iCCP", "tEXt", "IDAT"] {
      let chunk: [UInt8] = [0x54, 0, 0, 0] + Array(type.utf8) + [1, 2, 3, 4]
      #expect(Picture(png: png[..<33] + chunk + png[33...]) == nil)
      #expect(Picture(png: png[..<end] + chunk) == nil)
    }
    // Its checksum is not looked at either.
    let text: [UInt8] = [0, 0, 0, 1] + Array("tEXt".utf8) + [1, 2, 3, 4, 5]
    #expect(Picture(png: png[..<33] + text + png[33...]) == picture)
  }

  @Test func resizing() {
    let picture = Picture(
      width: 4, height: 2, channels: 1, pixels: [0, 12, 20, 32, 40, 52, 60, 72])
    #expect(picture.resized(width: 2, height: 1).pixels == [26, 46])
    #expect(picture.resized(width: 1, height: 1).pixels == [36])
    #expect(
      picture.resized(width: 8, height: 2).pixels
        == [0, 0, 12, 12, 20, 20, 32, 32, 40, 40, 52, 52, 60, 60, 72, 72])
    // Three quarters of one pixel and one quarter of the next; halves in the middle.
    #expect(picture.resized(width: 3, height: 2).pixels == [3, 16, 29, 43, 56, 69])
    let color = Picture(width: 2, height: 1, channels: 3, pixels: [0, 100, 200, 100, 0, 100])
    #expect(color.resized(width: 1, height: 1).pixels == [50, 50, 150])
    #expect(color[1, 0] == (100, 0, 100))
  }

  @Test func reducing() {
    let picture = random(5)
    #expect(picture.reduced(toFit: 40) == picture)
    let long = Picture(
      width: 100, height: 3, channels: 1, pixels: Array(repeating: 8, count: 300))
    let reduced = long.reduced(toFit: 10)
    #expect((reduced.width, reduced.height) == (10, 1))
    #expect(reduced.pixels.allSatisfy { $0 == 8 })
  }

  /// Data that go on for long behind the last row are refused, and soon: a hundred of these pictures would
  /// inflate to hundreds of megabytes each.
  @Test func bombsAreRefused() {
    // As long a picture of zeros, called a small one: its header is that of a picture of 8×8.
    let long = Picture(
      width: 4000, height: 4000, channels: 1, pixels: Array(repeating: 0, count: 16_000_000)
    ).png
    let small = Picture(
      width: 8, height: 8, channels: 1, pixels: Array(repeating: 0, count: 64)
    ).png
    let bomb = Array(small[..<33]) + long[33...]
    #expect(Picture(png: Array(small[..<33]) + small[33...]) != nil)
    #expect(Picture(png: bomb) == nil)
    #expect(Picture(png: long) != nil)
  }
}
