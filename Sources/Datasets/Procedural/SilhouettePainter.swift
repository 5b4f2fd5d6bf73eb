import Randomness

/// Paints silhouettes of 28×28 grey pixels: a shape in a random pose over a shaded ground, with
/// distracting strokes, a bar that may cover part of it, and noise.
struct SilhouettePainter {
  static let side = 28

  /// How hard the images are. All lengths in pixels, shades on 0..1.
  private enum Range {
    static let radius: ClosedRange<Float> = 6.5...10.5
    /// Of height to width.
    static let aspect: ClosedRange<Float> = 0.75...1.333
    /// Tangent of half the angle: ±40°.
    static let halfTurn: ClosedRange<Float> = -0.364...0.364
    static let stroke: ClosedRange<Float> = 1.4...2.6
    static let contrast: ClosedRange<Float> = 0.35...0.9
    static let shading: ClosedRange<Float> = -0.12...0.12
    static let noise: ClosedRange<Float> = 0.02...0.12
  }
  private static let outlinedShare = 0.35
  private static let invertedShare = 0.2
  private static let occludedShare = 0.3
  private static let mostStrokes = 3

  private let outlines = Silhouette.allCases.map(\.outline)
  private var shades = [Float](repeating: 0, count: side * side)
  private var distances = [Float](repeating: 0, count: side)
  private var inside = [Int32](repeating: 0, count: side)

  /// Appends one image of `silhouette` to `pixels`.
  mutating func paint(
    _ silhouette: Int, using generator: inout Philox, into pixels: inout [UInt8]
  ) {
    let side = SilhouettePainter.side
    let middle = Float(side) / 2
    // The ground and the shape's shade; inverted images are dark on light.
    let contrast = generator.draw(Range.contrast)
    var ground = generator.draw(0...1) * (1 - contrast)
    var ink = ground + contrast
    if generator.uniform() < SilhouettePainter.invertedShare {
      (ground, ink) = (1 - ground, 1 - ink)
    }
    let (shadeX, shadeY) = (
      generator.draw(Range.shading) / middle, generator.draw(Range.shading) / middle
    )
    for y in 0..<side {
      for x in 0..<side {
        shades[y * side + x] = ground + (Float(x) - middle) * shadeX + (Float(y) - middle) * shadeY
      }
    }
    for _ in 0..<generator.draw(below: SilhouettePainter.mostStrokes + 1) {
      paintStroke(shade: ground + (ink - ground) * generator.draw(0.2...0.8), using: &generator)
    }
    paintShape(outlines[silhouette], ink: ink, using: &generator)
    if generator.uniform() < SilhouettePainter.occludedShare {
      paintBar(shade: ground, using: &generator)
    }
    appendNoisy(amplitude: generator.draw(Range.noise), using: &generator, to: &pixels)
  }

  private mutating func paintShape(
    _ outline: Silhouette.Outline, ink: Float, using generator: inout Philox
  ) {
    let side = SilhouettePainter.side
    let radius = generator.draw(Range.radius)
    let aspect = generator.draw(Range.aspect).squareRoot()
    let (cosine, sine) = generator.drawRotation(Range.halfTurn)
    let room = Float(side) / 2 - radius
    let centreX = Float(side) / 2 - 0.5 + generator.draw(-room...room) * 0.8
    let centreY = Float(side) / 2 - 0.5 + generator.draw(-room...room) * 0.8
    let stroke: Float? =
      generator.uniform() < SilhouettePainter.outlinedShare
      ? generator.draw(Range.stroke) / radius : nil
    // Pixels to the shape's coordinates: rotation, then scaling along the shape's own axes.
    let (scaleX, scaleY) = (aspect / radius, 1 / (aspect * radius))
    for y in 0..<side {
      let (px, py) = (-centreX, Float(y) - centreY)
      distances.withUnsafeMutableBufferPointer { distances in
        inside.withUnsafeMutableBufferPointer { inside in
          outline.distances(
            x: (cosine * px + sine * py) * scaleX, y: (cosine * py - sine * px) * scaleY,
            dx: cosine * scaleX, dy: -sine * scaleY, count: side, into: distances.baseAddress!,
            inside: inside.baseAddress!)
        }
      }
      for x in 0..<side {
        var distance = distances[x]
        if let stroke { distance = max(distance, -distance - stroke) }
        let cover = min(max(0.5 - distance * radius, 0), 1)
        let shade = shades[y * side + x]
        shades[y * side + x] = shade + (ink - shade) * cover
      }
    }
  }

  /// A straight stroke of 1 to 2 pixels across part of the image.
  private mutating func paintStroke(shade: Float, using generator: inout Philox) {
    let extent = Float(SilhouettePainter.side)
    let (ax, ay) = (generator.draw(0...extent), generator.draw(0...extent))
    let (ex, ey) = (
      generator.draw(-0.5...0.5) * extent, generator.draw(-0.5...0.5) * extent
    )
    let halfWidth = generator.draw(0.5...1)
    let inverseLength = 1 / max(ex * ex + ey * ey, 1)
    blend(shade) { x, y in
      let (px, py) = (x - ax, y - ay)
      let along = min(max((px * ex + py * ey) * inverseLength, 0), 1)
      let (qx, qy) = (px - along * ex, py - along * ey)
      return (qx * qx + qy * qy).squareRoot() - halfWidth
    }
  }

  /// A bar of 2 to 4 pixels across the whole image.
  private mutating func paintBar(shade: Float, using generator: inout Philox) {
    let extent = Float(SilhouettePainter.side)
    let (cosine, sine) = generator.drawRotation(-1...1)
    let (ax, ay) = (generator.draw(0.25...0.75) * extent, generator.draw(0.25...0.75) * extent)
    let halfWidth = generator.draw(1...2)
    blend(shade) { x, y in
      let across = (x - ax) * sine - (y - ay) * cosine
      return (across < 0 ? -across : across) - halfWidth
    }
  }

  /// Covers with `shade` where `distance` (x, y, in pixels) is negative, with a soft edge.
  private mutating func blend(_ shade: Float, distance: (Float, Float) -> Float) {
    let side = SilhouettePainter.side
    for y in 0..<side {
      for x in 0..<side {
        let cover = min(max(0.5 - distance(Float(x), Float(y)), 0), 1)
        let old = shades[y * side + x]
        shades[y * side + x] = old + (shade - old) * cover
      }
    }
  }

  /// Adds noise with a triangular distribution to the shades, and rounds them to bytes.
  private func appendNoisy(
    amplitude: Float, using generator: inout Philox, to pixels: inout [UInt8]
  ) {
    var bits: UInt64 = 0
    for (index, shade) in shades.enumerated() {
      if index % 4 == 0 { bits = generator.next() }
      let noise = Float(Int(bits & 0xff) + Int(bits >> 8 & 0xff) - 255) / 255
      bits >>= 16
      pixels.append(UInt8(min(max((shade + amplitude * noise) * 255 + 0.5, 0), 255)))
    }
  }
}

extension Philox {
  /// A number from `range`, uniformly.
  fileprivate mutating func draw(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * Float(uniform())
  }

  /// The cosine and sine of an angle with the tangent of its half in `range`, without a library's
  /// trigonometry, whose last bits differ between machines.
  fileprivate mutating func drawRotation(
    _ range: ClosedRange<Float>
  ) -> (cosine: Float, sine: Float) {
    let t = draw(range)
    let scale = 1 / (1 + t * t)
    return ((1 - t * t) * scale, 2 * t * scale)
  }
}
