import Architecture
import Experiments

/// What the composer does to a network beyond changing one value.
extension NetworkSpec {
  /// The stem's convolution, to be changed: a stem of another kind becomes a custom one.
  var customStem: StemConvolution {
    get { stemConvolution ?? StemConvolution(kernel: 3, stride: 1, channels: 16, pool: false) }
    set { stem = .custom(newValue) }
  }

  /// The preset that the network is called after, for its images and classes.
  var untouchedPreset: NetworkSpec? {
    Preset.named(name)?.spec.forImages(of: self)
  }

  // MARK: Stages

  var canAddStage: Bool { stages.count < Self.stageCounts.upperBound }

  /// A stage of twice the channels at half the resolution.
  mutating func addStage(after index: Int) {
    guard canAddStage else { return }
    var added = stages[index]
    added.channels = min(added.channels.clamped(to: 1...16_384) * 2, 16_384)
    added.stride = 2
    stages.insert(added, at: index + 1)
  }

  /// The same stage again, at its own resolution.
  mutating func duplicateStage(_ index: Int) {
    guard canAddStage else { return }
    var copy = stages[index]
    copy.stride = 1
    stages.insert(copy, at: index + 1)
  }

  mutating func removeStage(_ index: Int) {
    guard stages.count > 1 else { return }
    stages.remove(at: index)
  }

  mutating func moveStage(_ index: Int, by direction: Int) {
    guard stages.indices.contains(index + direction) else { return }
    stages.swapAt(index, index + direction)
  }

  // MARK: Options

  /// Takes away what the kind of block cannot have.
  mutating func dropForeignOptions() {
    if block != .bottleneck {
      grouping = .dense
      for stage in stages.indices { stages[stage].grouping = nil }
    }
    if block == .inception {
      preActivation = false
      shortcut = .projection
      zeroInitResidual = false
    }
  }
}

extension Experiment {
  /// Another network for the same images.
  mutating func choose(preset name: String) {
    guard let spec = Preset.named(name)?.spec else { return }
    network = spec.forImages(of: network)
    self.name = name
  }
}
