import COneDNN
import Randomness
import Testing

/// Batch norm's kernels: a team that shares channels does what one that shares images does.
@Suite struct NormTests {
  /// Blocks of 8 channels: less than a team's threads, as many, one that is not full, more.
  @Test(arguments: [8, 16, 21, 96], [false, true]) func threadsChangeNoBit(
    channels: Int, relu: Bool
  ) {
    let expected = Case(channels: channels, relu: relu).run(threads: 1)
    for threads in [2, 3, 5] {
      #expect(Case(channels: channels, relu: relu).run(threads: threads) == expected)
    }
  }

  /// All of it at once is statistics, norm and ReLU one after the other.
  @Test(arguments: [1, 2, 5], [false, true]) func forwardIsItsParts(threads: Int, relu: Bool) {
    let problem = Case(channels: 24, relu: relu)
    let whole = problem.run(threads: threads)
    var (mean, variance) = ([Float](repeating: 0, count: 24), [Float](repeating: 0, count: 24))
    var affine = [Float](repeating: 0, count: 48)
    var out = [Float](repeating: .nan, count: problem.x.count)
    withUnsafePointer(to: problem.shape) { n in
      var scratch = problem.scratch
      rt_norm_statistics(n, problem.x, &mean, &variance, &scratch)
      rt_norm_affine(n, mean, variance, problem.scale, problem.shift, &affine)
      rt_norm_apply(n, problem.x, affine, nil, nil, relu, &out)
    }
    #expect(whole.mean == mean)
    #expect(whole.variance == variance)
    #expect(whole.affine == affine)
    #expect(whole.out == out)
  }
}

private struct Case {
  let shape: rt_norm
  let relu: Bool
  let x, gradient, scale, shift: [Float]

  init(channels: Int, relu: Bool) {
    let padded = (channels + 7) / 8 * 8
    shape = rt_norm(
      batch: 7, channels: Int64(channels), area: 300, block: 8, epsilon: 1e-5, element: RT_FLOAT32)
    self.relu = relu
    var generator = Philox(seed: 1)
    /// Zeros in the channels that fill the last block.
    func floats(_ count: Int, blocks: Int, area: Int) -> [Float] {
      (0..<count).map { index in
        let channel = index / (8 * area) % blocks * 8 + index % 8
        return channel < channels ? Float(2 * generator.uniform() - 1) : 0
      }
    }
    x = floats(7 * padded * 300, blocks: padded / 8, area: 300)
    gradient = floats(7 * padded * 300, blocks: padded / 8, area: 300)
    scale = floats(padded, blocks: padded / 8, area: 1)
    shift = floats(padded, blocks: padded / 8, area: 1)
  }

  struct Results: Equatable {
    var mean, variance, affine, out, scaleGradient, shiftGradient, inputGradient: [Float]
  }

  var scratch: [Double] {
    withUnsafePointer(to: shape) { [Double](repeating: .nan, count: rt_norm_scratch($0) / 8 + 1) }
  }

  func run(threads: Int) -> Results {
    rt_set_threads(CInt(threads))
    defer { rt_set_threads(2) }
    let lanes = [Float](repeating: .nan, count: scale.count)
    let map = [Float](repeating: .nan, count: x.count)
    var r = Results(
      mean: lanes, variance: lanes, affine: lanes + lanes, out: map, scaleGradient: lanes,
      shiftGradient: lanes, inputGradient: map)
    withUnsafePointer(to: shape) { n in
      var scratch = scratch
      rt_norm_forward(
        n, x, scale, shift, relu, &r.mean, &r.variance, &r.affine, &r.out, &scratch)
      r.affine.withUnsafeBufferPointer { affine in
        rt_norm_backward(
          n, gradient, x, r.mean, r.variance, scale, relu ? affine.baseAddress : nil,
          &r.scaleGradient, &r.shiftGradient, &r.inputGradient, &scratch)
      }
    }
    return r
  }
}
