import Architecture
public import TrainingEngine

/// Where the time of training steps went, row by row; times in seconds a step.
public struct BenchmarkLayer: Sendable {
  /// One of a convolution's or a linear layer's passes.
  public struct Pass: Sendable {
    public var pass: StepCall.Pass
    public var seconds: Double
    public var implementation: String
    /// Billions of floating-point operations a second, two a MAC; nil without MACs.
    public var gigaflops: Double?
  }

  public var name: String
  public var kind: String
  /// Everything that serves the row.
  public var seconds: Double
  /// Copies into other layouts.
  public var reorderSeconds: Double
  public var passes: [Pass]

  /// The rows that anything was done for. ReLUs that are part of the row before have none.
  public static func all(_ timing: StepTiming, of program: NetworkProgram) -> [BenchmarkLayer] {
    var calls: [Int: [(call: StepCall, seconds: Double)]] = [:]
    let steps = Double(max(1, timing.steps))
    for (call, seconds) in zip(timing.calls, timing.seconds) {
      calls[call.layer, default: []].append((call, seconds / steps))
    }
    return program.plan.layers.indices.compactMap { index in
      guard let own = calls[index] else { return nil }
      let layer = program.plan.layers[index]
      let operations = Double(2 * layer.macs * program.batch)
      return BenchmarkLayer(
        name: layer.name, kind: layer.kind, seconds: own.reduce(0) { $0 + $1.seconds },
        reorderSeconds: own.reduce(0) {
          $0 + ($1.call.operation == .reorder ? $1.seconds : 0)
        },
        passes: own.compactMap { call, seconds in
          guard let pass = call.operation.pass else { return nil }
          return Pass(
            pass: pass, seconds: seconds, implementation: call.implementation,
            gigaflops: operations > 0 && seconds > 0 ? operations / seconds / 1e9 : nil)
        })
    }
  }

  /// Seconds a step inside the convolutions, with the copies that they need.
  public static func convolutions(in layers: [BenchmarkLayer]) -> Double {
    layers.reduce(0) { sum, layer in
      guard layer.kind == "conv2d" else { return sum }
      return sum + layer.reorderSeconds + layer.passes.reduce(0) { $0 + $1.seconds }
    }
  }
}
