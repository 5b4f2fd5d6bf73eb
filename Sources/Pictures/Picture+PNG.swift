import CPNG

extension Picture {
  /// Longest side of a PNG that is decoded.
  public static let sideLimit = 4096

  /// Decodes a PNG of any kind, on black where it is transparent; nil where it is damaged, or longer
  /// or higher than `sideLimit`.
  public init?(png bytes: [UInt8]) {
    var header = rt_png_header()
    guard rt_png_read_header(bytes, bytes.count, &header), header.width > 0, header.height > 0,
      header.width <= UInt32(Self.sideLimit), header.height <= UInt32(Self.sideLimit)
    else { return nil }
    let (width, height) = (Int(header.width), Int(header.height))
    let channels = header.is_gray ? 1 : 3
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    guard rt_png_decode(bytes, bytes.count, header.is_gray, &pixels, pixels.count) else {
      return nil
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// As a PNG of 8 bits a channel.
  public var png: [UInt8] {
    let header = rt_png_header(
      width: UInt32(width), height: UInt32(height), is_gray: channels == 1)
    var count = rt_png_bound(header)
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
      // There is room for the longest, and nothing else can go wrong.
      guard rt_png_encode(pixels, header, buffer.baseAddress!, &count) else {
        preconditionFailure("libpng wrote more than it announces")
      }
      length = count
    }
    return bytes
  }
}
