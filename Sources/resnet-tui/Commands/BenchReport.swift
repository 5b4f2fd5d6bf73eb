import Architecture
import Cells
import Foundation
import TrainingEngine
import Worker

/// What `bench` measured; times in milliseconds a step.
struct BenchReport: Encodable {
  struct Spread: Encodable {
    var min, median, max: Double
  }

  struct Layer: Encodable {
    struct Pass: Encodable {
      var pass: String
      var ms: Double
      var gflops: Double?
      var implementation: String
    }

    var name, kind: String
    var ms, reorderMs: Double
    var passes: [Pass]
  }

  var network: String
  var input: [Int]
  var batch, threads, steps: Int
  var step: String
  var precision: String
  var imagesPerSecond: Double
  var stepMs: Spread
  /// nil for evaluation, as `stepToConvolution` is.
  var convolutionMs: Double?
  /// The whole step over its convolutions.
  var stepToConvolution: Double?
  /// Billions of floating-point operations a second, over the whole step.
  var gflops: Double
  var peakRssMb: Double
  var isa, onednn: String
  var layers: [Layer]?

  init(_ benchmark: Benchmark, seconds: [Double], isEvaluation: Bool, withLayers: Bool) {
    let program = benchmark.network.program
    let sorted = seconds.sorted().map { $0 * 1e3 }
    let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    network = program.plan.spec.name
    input = program.plan.spec.input.dimensions
    batch = program.batch
    threads = program.threads
    steps = seconds.count
    precision = program.precision.rawValue
    step = isEvaluation ? "evaluation" : "training"
    imagesPerSecond = Double(batch) / median * 1e3
    stepMs = Spread(min: sorted[0], median: median, max: sorted[sorted.count - 1])
    let passes = isEvaluation ? 1 : 3
    gflops = Double(2 * passes * program.plan.total.macs * batch) / median / 1e6
    peakRssMb = Double(Benchmark.peakMemory) / 0x1p20
    isa = Library.instructionSet
    onednn = Library.version
    guard let timing = benchmark.network.timing else { return }
    let rows = BenchmarkLayer.all(timing, of: program)
    let convolution = BenchmarkLayer.convolutions(in: rows) * 1e3
    convolutionMs = convolution
    // Means on both sides: the calls are summed over all steps.
    stepToConvolution = sorted.reduce(0, +) / Double(sorted.count) / convolution
    guard withLayers else { return }
    layers = rows.map { row in
      Layer(
        name: row.name, kind: row.kind, ms: row.seconds * 1e3, reorderMs: row.reorderSeconds * 1e3,
        passes: row.passes.map {
          Layer.Pass(
            pass: $0.pass.rawValue, ms: $0.seconds * 1e3, gflops: $0.gigaflops,
            implementation: $0.implementation)
        })
    }
  }

  func text() -> String {
    func number(_ value: Double, _ digits: Int = 1) -> String {
      String(format: "%.\(digits)f", value)
    }
    var lines = [
      "\(network), input \(input.map(String.init).joined(separator: "×")) (C×H×W), batch \(batch), "
        + "\(step) step, \(precision), \(threads) thread\(threads == 1 ? "" : "s"), \(isa), oneDNN \(onednn)",
      "",
      "step          \(number(stepMs.median)) ms (min \(number(stepMs.min)), "
        + "max \(number(stepMs.max)), \(steps) steps)",
      "images        \(number(imagesPerSecond)) a second, \(number(gflops)) GFLOP/s",
    ]
    if let convolutionMs, let stepToConvolution {
      lines.append(
        "convolutions  \(number(convolutionMs)) ms; the whole step is "
          + "\(number(stepToConvolution, 2)) times that")
    }
    lines.append("peak memory   \(number(peakRssMb, 0)) MB")
    return lines.joined(separator: "\n") + "\n" + (layers.map { "\n" + Self.table($0) } ?? "")
  }

  private static func table(_ layers: [Layer]) -> String {
    let rows = layers.flatMap { layer in
      // A line a pass; the first bears the row's name and whole time.
      let passes: [Layer.Pass?] = layer.passes.isEmpty ? [nil] : layer.passes
      return passes.enumerated().map { index, pass in
        [
          index == 0 ? layer.name : "", index == 0 ? String(format: "%.2f", layer.ms) : "",
          index == 0 && layer.reorderMs > 0 ? String(format: "%.2f", layer.reorderMs) : "",
          pass?.pass ?? layer.kind, pass.map { String(format: "%.2f", $0.ms) } ?? "",
          pass?.gflops.map { String(format: "%.0f", $0) } ?? "", pass?.implementation ?? "",
        ]
      }
    }
    return TextTable(
      columns: [
        .init("layer"), .init("ms", .trailing), .init("copies", .trailing), .init("pass"),
        .init("ms", .trailing), .init("GFLOP/s", .trailing), .init("implementation"),
      ],
      rows: rows
    ).text()
  }
}
