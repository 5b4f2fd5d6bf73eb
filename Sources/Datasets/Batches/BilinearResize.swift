/// One axis of a bilinear resize as PyTorch's `interpolate(mode="bilinear", align_corners=False,
/// antialias=False)` does it: output pixel centres are mapped to the input, clamped at its edge.
struct BilinearAxis: Sendable {
  /// For each output position: the input positions on either side, and the weight of the second.
  let first, second: [Int]
  let weight: [Float]

  init(from input: Int, to output: Int) {
    let scale = Float(input) / Float(output)
    let source = (0..<output).map { max(0, scale * (Float($0) + 0.5) - 0.5) }
    first = source.map { min(Int($0), input - 1) }
    second = first.map { min($0 + 1, input - 1) }
    weight = zip(source, first).map { $0 - Float($1) }
  }
}

/// A bilinear resize of single planes from H×W to another H×W.
struct BilinearResize: Sendable {
  let input, output: ImageExtent
  private let rows, columns: BilinearAxis

  init(from input: ImageExtent, to output: ImageExtent) {
    self.input = input
    self.output = output
    rows = BilinearAxis(from: input.height, to: output.height)
    columns = BilinearAxis(from: input.width, to: output.width)
  }

  /// Elements that `scratch` must have room for.
  var scratchCount: Int { input.height * output.width }

  /// Resizes `source` (H×W of `input`) into `destination` (H×W of `output`).
  func callAsFunction(
    _ source: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let width = output.width
    columns.first.withUnsafeBufferPointer { first in
      columns.second.withUnsafeBufferPointer { second in
        columns.weight.withUnsafeBufferPointer { weight in
          for y in 0..<input.height {
            let from = source + y * input.width
            let to = scratch + y * width
            for x in 0..<width {
              to[x] = (1 - weight[x]) * from[first[x]] + weight[x] * from[second[x]]
            }
          }
        }
      }
    }
    for y in 0..<output.height {
      let upper = scratch + rows.first[y] * width
      let lower = scratch + rows.second[y] * width
      let (a, b) = (1 - rows.weight[y], rows.weight[y])
      let to = destination + y * width
      for x in 0..<width { to[x] = a * upper[x] + b * lower[x] }
    }
  }
}
