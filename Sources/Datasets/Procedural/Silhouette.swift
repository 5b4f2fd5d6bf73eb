/// The classes of the procedural set, in the order of their labels. Each is an outline within about
/// one unit of the origin, y downwards.
enum Silhouette: String, CaseIterable {
  case circle, square, triangle, cross, star, crescent, arrow, tee, zigzag, hourglass

  /// How far a point is from the outline, negative inside.
  enum Outline {
    case circle(radius: Float)
    /// A circle without another whose centre is `shift` to the right.
    case crescent(radius: Float, shift: Float, hole: Float)
    case polygon([SIMD2<Float>])
  }

  var outline: Outline {
    switch self {
    case .circle: .circle(radius: 0.9)
    case .square: .polygon([[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]])
    case .triangle: .polygon([[0, -1], [0.95, 0.75], [-0.95, 0.75]])
    case .cross:
      .polygon([
        [-0.3, -1], [0.3, -1], [0.3, -0.3], [1, -0.3], [1, 0.3], [0.3, 0.3],
        [0.3, 1], [-0.3, 1], [-0.3, 0.3], [-1, 0.3], [-1, -0.3], [-0.3, -0.3],
      ])
    case .star:
      .polygon([
        [0, -1.1], [0.2586, -0.356], [1.0462, -0.3399], [0.4185, 0.136], [0.6466, 0.8899],
        [0, 0.44], [-0.6466, 0.8899], [-0.4185, 0.136], [-1.0462, -0.3399], [-0.2586, -0.356],
      ])
    case .crescent: .crescent(radius: 1, shift: 0.5, hole: 0.8)
    case .arrow:
      .polygon([
        [0, -1.05], [0.8, -0.15], [0.28, -0.15], [0.28, 1], [-0.28, 1], [-0.28, -0.15],
        [-0.8, -0.15],
      ])
    case .tee:
      .polygon([
        [-0.9, -0.95], [0.9, -0.95], [0.9, -0.4], [0.28, -0.4], [0.28, 0.95], [-0.28, 0.95],
        [-0.28, -0.4], [-0.9, -0.4],
      ])
    case .zigzag:
      .polygon([
        [-1, 0.2], [-0.33, -0.75], [0.33, 0.15], [1, -0.75], [1, -0.1], [0.33, 0.8],
        [-0.33, -0.1], [-1, 0.8],
      ])
    case .hourglass:
      .polygon([
        [-0.8, -0.95], [0.8, -0.95], [0.15, 0], [0.8, 0.95], [-0.8, 0.95], [-0.15, 0],
      ])
    }
  }
}

extension Silhouette.Outline {
  /// The signed distance from the outline to each of `count` points, which start at (`x`, `y`) and
  /// go on by (`dx`, `dy`).
  ///
  /// Additions, multiplications, divisions and square roots alone, whose results IEEE 754 fixes: the
  /// same bits on every machine.
  func distances(
    x: Float, y: Float, dx: Float, dy: Float, count: Int,
    into distances: UnsafeMutablePointer<Float>, inside: UnsafeMutablePointer<Int32>
  ) {
    switch self {
    case .circle(let radius):
      for i in 0..<count {
        let (px, py) = (x + Float(i) * dx, y + Float(i) * dy)
        distances[i] = (px * px + py * py).squareRoot() - radius
      }
    case .crescent(let radius, let shift, let hole):
      for i in 0..<count {
        let (px, py) = (x + Float(i) * dx, y + Float(i) * dy)
        let disc = (px * px + py * py).squareRoot() - radius
        let cut = hole - ((px - shift) * (px - shift) + py * py).squareRoot()
        distances[i] = disc > cut ? disc : cut
      }
    case .polygon(let corners):
      for i in 0..<count {
        distances[i] = .greatestFiniteMagnitude
        inside[i] = 0
      }
      var a = corners[corners.count - 1]
      for b in corners {
        let (ex, ey) = (b.x - a.x, b.y - a.y)
        let (inverseLength, slope) = (1 / (ex * ex + ey * ey), ey == 0 ? 0 : ex / ey)
        for i in 0..<count {
          let (px, py) = (x + Float(i) * dx - a.x, y + Float(i) * dy - a.y)
          var along = (px * ex + py * ey) * inverseLength
          along = along < 0 ? 0 : along
          along = along > 1 ? 1 : along
          let (qx, qy) = (px - along * ex, py - along * ey)
          let squared = qx * qx + qy * qy
          distances[i] = squared < distances[i] ? squared : distances[i]
          // The ray to the right crosses the edge.
          let crosses = (py < 0) != (py < ey) && px < slope * py
          inside[i] ^= crosses ? 1 : 0
        }
        a = b
      }
      for i in 0..<count {
        let distance = distances[i].squareRoot()
        distances[i] = inside[i] == 1 ? -distance : distance
      }
    }
  }
}
