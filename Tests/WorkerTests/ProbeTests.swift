import Architecture
import Experiments
import TestSupport
import Testing
import TrainingEngine

@testable import Worker

@Suite struct ProbeTests {
  private static let spec = NetworkSpec(
    name: "small", input: ImageShape(channels: 1, height: 6, width: 5), classes: 3, stem: .cifar,
    block: .basic, stages: [Stage(blocks: 1, channels: 8, stride: 1)])

  private static func batch(
    images: [Int] = [2, 1, 6, 5], labels: [Int64] = [2, 0]
  ) -> Safetensors {
    Safetensors([
      "images": .init(
        floats: (0..<images.reduce(1, *)).map { Float($0 % 7) / 7 }, shape: images),
      "labels": .init(integers: labels, shape: [labels.count]),
    ])
  }

  /// Calls `body` with files of weights and of a batch, and a function that runs the probe on them.
  private func withFiles(
    _ change: (inout Safetensors) -> Void = { _ in }, batch: Safetensors = Self.batch(),
    _ body: (Network, (Probe.Mode) throws -> Safetensors) throws -> Void
  ) throws {
    try withScratchFolder { folder in
      let network = try Network(
        try NetworkProgram(try NetworkPlan(Self.spec), batch: 2, threads: 1), seed: 4)
      var weights = try network.weights()
      change(&weights)
      try weights.write(to: "\(folder)/w")
      try batch.write(to: "\(folder)/b")
      try body(network) { mode in
        try Probe.run(
          Self.spec, weights: "\(folder)/w", batch: "\(folder)/b", mode: mode, threads: 1,
          convolution: .auto, precision: .fp32)
      }
    }
  }

  @Test func saysWhatTheNetworkComputes() throws {
    let asPyTorchHasThem: (inout Safetensors) -> Void = {
      $0["bn1.num_batches_tracked"] = .init(integers: [7], shape: [])
    }
    try withFiles(asPyTorchHasThem) { network, probe in
      _ = try network.images.update(fromContentsOf: #require(Self.batch()["images"]?.floats))
      let labels: [Int32] = [2, 0]
      _ = labels.withUnsafeBufferPointer { network.evaluate(labels: $0) }
      let evaluated = try probe(.evaluation)
      #expect(evaluated.names == ["logits", "loss"])
      #expect(evaluated["logits"] == .init(floats: network.logits, shape: [2, 3]))

      let result = labels.withUnsafeBufferPointer { network.computeGradients(labels: $0) }
      let trained = try probe(.training)
      #expect(trained["loss"]?.floats == [Float(result.loss)])
      #expect(try trained["grad.conv1.weight"]?.floats == network.gradient("conv1.weight"))
      #expect(try trained["state.bn1.running_var"]?.floats == network.statistic("bn1.running_var"))
      let plan = network.program.plan
      #expect(trained.names.count == 2 + plan.parameters.count + plan.buffers.count)
    }
  }

  @Test func refusesOtherWeights() throws {
    let changes: [(String, (inout Safetensors) -> Void)] = [
      ("fc.bias is missing", { $0["fc.bias"] = nil }),
      (
        "conv1.weight is 1×8×3×3",
        { $0["conv1.weight"] = .init(floats: Array(repeating: 0, count: 72), shape: [1, 8, 3, 3]) }
      ),
      (
        "fc.bias is 4 where the network has 3",
        { $0["fc.bias"] = .init(floats: [0, 0, 0, 0], shape: [4]) }
      ),
      ("the network has no layer9.bias", { $0["layer9.bias"] = .init(floats: [0], shape: [1]) }),
      ("fc.bias holds no F32", { $0["fc.bias"] = .init(integers: [0, 0, 0], shape: [3]) }),
      ("are both conv1.weight", { $0["stem.0.weight"] = $0["conv1.weight"] }),
    ]
    for (message, change) in changes {
      try withFiles(change) { _, probe in
        let error = #expect(throws: WorkerError.self) { try probe(.evaluation) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
      }
    }
  }

  @Test(arguments: [
    (batch(images: [2, 1, 5, 6]), "images are"), (batch(labels: [0]), "labels [1]"),
    (batch(labels: [3, 0]), "label 3"), (batch(labels: [0, -1]), "label -1"),
    (batch(images: [0, 1, 6, 5], labels: []), "images are"), (Safetensors(), "has no images"),
    (Safetensors(["images": .init(floats: [0], shape: [1])]), "has no labels"),
  ])
  func refusesOtherBatches(batch: Safetensors, message: String) throws {
    try withFiles(batch: batch) { _, probe in
      let error = #expect(throws: WorkerError.self) { try probe(.training) }
      #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }
  }
}
