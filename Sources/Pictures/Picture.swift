/// A small picture of 8 bits a channel: what a log's image summaries hold, and what a terminal shows
/// in half-block cells.
public struct Picture: Sendable, Equatable {
  public let width, height: Int
  /// 1: grey; 3: red, green, blue.
  public let channels: Int
  /// height×width×channels.
  public let pixels: [UInt8]

  /// `pixels` holds height×width×channels values; `channels` is 1 or 3.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && (channels == 1 || channels == 3))
    precondition(pixels.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let index = (y * width + x) * channels
    return channels == 1
      ? (pixels[index], pixels[index], pixels[index])
      : (pixels[index], pixels[index + 1], pixels[index + 2])
  }

  /// The picture in another size: each new pixel is the mean of what it covers of the old ones.
  public func resized(width newWidth: Int, height newHeight: Int) -> Picture {
    guard newWidth != width || newHeight != height else { return self }
    let columns = Self.shares(of: width, among: newWidth)
    let rows = Self.shares(of: height, among: newHeight)
    var resized: [UInt8] = []
    resized.reserveCapacity(newWidth * newHeight * channels)
    for row in rows {
      for column in columns {
        for channel in 0..<channels {
          var sum = 0.0
          for (y, rowShare) in row {
            for (x, columnShare) in column {
              sum += rowShare * columnShare * Double(pixels[(y * width + x) * channels + channel])
            }
          }
          resized.append(UInt8(max(0, min(255, sum.rounded()))))
        }
      }
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, pixels: resized)
  }

  /// The picture in its own size, or reduced so that neither side is longer than `side`.
  public func reduced(toFit side: Int) -> Picture {
    guard max(width, height) > side else { return self }
    let scale = Double(side) / Double(max(width, height))
    return resized(
      width: max(1, Int(Double(width) * scale)), height: max(1, Int(Double(height) * scale)))
  }

  /// Of each of `count` equal parts of `length` pixels, the pixels and their shares of the part.
  private static func shares(of length: Int, among count: Int) -> [[(index: Int, share: Double)]] {
    let extent = Double(length) / Double(count)
    return (0..<count).map { part in
      let (start, end) = (Double(part) * extent, Double(part + 1) * extent)
      let indices = Int(start)...max(Int(start), min(length - 1, Int(end.rounded(.up)) - 1))
      return indices.map { index in
        let covered = min(end, Double(index + 1)) - max(start, Double(index))
        return (index, max(0, covered) / extent)
      }
    }
  }
}
