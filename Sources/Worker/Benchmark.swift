public import Architecture
import Foundation
import Glibc
import Randomness
public import TrainingEngine

/// Steps of a network on a batch that stays in memory, timed.
///
/// A training step is forward, loss, backward and SGD with momentum 0.9 and weight decay 1e-4; an
/// evaluation step is forward with the running statistics. Images and labels are drawn from a seed.
public final class Benchmark {
  public enum Mode: Sendable {
    case training, evaluation
  }

  public let network: Network
  private let mode: Mode
  private let labels: [Int32]
  private let optimizer = SGD(learningRate: 0.01, momentum: 0.9, weightDecay: 1e-4)

  /// Steps that are done and forgotten first, as caches and page tables fill.
  public static let warmUpSteps = 2

  /// Compiles the network and does the steps that warm it up.
  ///
  /// - Throws: `WorkerError.input` where the engine refuses the network, `.memory` where it would not
  ///   fit.
  public init(
    _ plan: NetworkPlan, batch: Int, threads: Int, convolution: ConvolutionAlgorithm,
    precision: Precision, mode: Mode
  ) throws(WorkerError) {
    let program: NetworkProgram
    do throws(EngineError) {
      program = try NetworkProgram(
        plan, for: mode == .training ? .training : .evaluation, batch: batch, threads: threads,
        convolution: convolution, precision: precision)
    } catch {
      throw .input("\(error)")
    }
    try MemoryBudget(
      perBatch: program.memory.activations,
      fixed: program.memory.parameters + program.memory.scratchpad, batch: batch
    ).check(available: MemoryBudget.available(), batchSetting: "--batch")
    do throws(EngineError) {
      network = try Network(program, seed: 0)
    } catch {
      throw .failed("\(error)")
    }
    self.mode = mode
    labels = (0..<batch).map { Int32($0 % plan.spec.classes) }
    var generator = Philox(seed: 0, purpose: "benchmark")
    for index in network.images.indices {
      network.images[index] = Float(2 * generator.uniform() - 1)
    }
    for _ in 0..<Self.warmUpSteps { step() }
    if mode == .training { network.startTiming() }
  }

  /// Does one step and returns its duration in seconds.
  @discardableResult
  public func step() -> Double {
    let start = ContinuousClock.now
    labels.withUnsafeBufferPointer { labels in
      switch mode {
      case .training:
        _ = network.computeGradients(labels: labels)
        network.update(optimizer)
      case .evaluation:
        _ = network.evaluate(labels: labels)
      }
    }
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// Largest resident memory of this process so far, in bytes.
  public static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }
}
