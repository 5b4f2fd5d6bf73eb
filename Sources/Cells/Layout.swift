/// How much of a row or column of rectangles one of them takes, in cells.
public enum Extent: Hashable, Sendable {
  /// Exactly so many cells, while there is room.
  case fixed(Int)
  /// At least so many cells, and one share of what is left.
  case minimum(Int)
  /// So many shares of what is left.
  case proportion(Int)
}

extension Rect {
  /// Cuts the rectangle into rows from top to bottom, `spacing` cells apart.
  ///
  /// Fixed and minimum heights are served first, in order; when they do not fit, the last ones
  /// come short. Every row lies inside the rectangle.
  public func rows(_ extents: [Extent], spacing: Int = 0) -> [Rect] {
    divide(height, extents, spacing: spacing).map {
      Rect(x: x, y: y + $0.start, width: width, height: $0.length)
    }
  }

  /// Cuts the rectangle into columns from left to right, by the rules of `rows`.
  public func columns(_ extents: [Extent], spacing: Int = 0) -> [Rect] {
    divide(width, extents, spacing: spacing).map {
      Rect(x: x + $0.start, y: y, width: $0.length, height: height)
    }
  }

  /// A rectangle of at most `size` in the middle of this one.
  public func centered(_ size: Size) -> Rect {
    let width = min(size.width, self.width)
    let height = min(size.height, self.height)
    return Rect(
      x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width,
      height: height)
  }
}

private func divide(
  _ total: Int, _ extents: [Extent], spacing: Int
) -> [(start: Int, length: Int)] {
  guard !extents.isEmpty else { return [] }
  var left = max(0, total - spacing * (extents.count - 1))
  var lengths: [Int] = []
  var shares: [Int] = []
  for extent in extents {
    let (wanted, share) =
      switch extent {
      case .fixed(let length): (max(0, length), 0)
      case .minimum(let length): (max(0, length), 1)
      case .proportion(let share): (0, max(0, share))
      }
    lengths.append(min(wanted, left))
    shares.append(share)
    left -= lengths.last ?? 0
  }
  // Each gets the difference of rounded running sums, so that no cell is lost or given twice.
  let allShares = shares.reduce(0, +)
  var sharesBefore = 0
  var start = 0
  return lengths.indices.map { index in
    var length = lengths[index]
    if allShares > 0 {
      let after = sharesBefore + shares[index]
      length += left * after / allShares - left * sharesBefore / allShares
      sharesBefore = after
    }
    let part = (start: min(start, total), length: max(0, min(length, total - start)))
    start += length + spacing
    return part
  }
}
