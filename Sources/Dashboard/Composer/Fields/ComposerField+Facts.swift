import Architecture
import Experiments

/// All that the composer knows of a field.
struct FieldFacts: Sendable {
  /// As the YAML key, with blanks.
  let label: String
  /// The key that problems name, with its path in an experiment.
  let key: String
  /// One or two sentences for somebody who meets it for the first time.
  let help: String
  let value: any FieldValue

  init(_ label: String, key: String, help: String, _ value: any FieldValue) {
    self.label = label
    self.key = key
    self.help = help
    self.value = value
  }
}

extension ComposerField {
  var facts: FieldFacts {
    switch self {
    case .name:
      FieldFacts(
        "name", key: "name", help: "The folder below experiments/ that keeps the runs.",
        NameValue())
    case .preset:
      FieldFacts(
        "preset", key: "network.preset",
        help: "A published network to start from; p searches them. A star: changed since.",
        PresetValue())
    case .line:
      FieldFacts(
        "as a line", key: "network",
        help:
          "The network's keys in one line: type or paste another one's. Every command takes it.",
        LineValue())
    case .input:
      FieldFacts(
        "input C×H×W", key: "network.input",
        help: "Channels, height and width of an image. MACs grow with height × width.",
        InputValue())
    case .classes:
      FieldFacts(
        "classes", key: "network.classes", help: "Outputs of the last linear layer.",
        WholeNumber(path: \.network.classes, range: 2...100_000))
    case .stem:
      FieldFacts(
        "stem", key: "network.stem",
        help: "Before the first stage. imagenet: 7×7 stride 2 and a pool, a quarter of the side. "
          + "cifar: 3×3, for small images.", StemValue())
    case .stemKernel, .stemStride, .stemChannels, .stemPool: stemFacts
    case .block:
      FieldFacts(
        "block", key: "network.block",
        help: "basic: two 3×3. bottleneck: 1×1, 3×3, 1×1, cheaper when wide; with groups, ResNeXt. "
          + "inception: four branches.",
        Choice<BlockKind>(path: \.network.block) { $0.network.dropForeignOptions() })
    case .stageCount:
      FieldFacts(
        "stages", key: "network.stages",
        help: "Runs of blocks at one resolution. a adds one, d doubles it, D removes it, J and K "
          + "move it.", StageCount())
    case .stageBlocks, .stageChannels, .stageStride: stageFacts
    case .grouping(let part, let stage): groupingFacts(part, stage: stage)
    case .expansion:
      FieldFacts(
        "expansion", key: "network.expansion",
        help: "A bottleneck's output channels ÷ the stage's; 4 in He et al. 2016.",
        WholeNumber(path: \.network.expansion, range: 1...16))
    case .groupingSpelling:
      FieldFacts(
        "inner width by", key: "network.width",
        help: "groups: cardinality and width, as torchvision. ratio: bottleneck ratio and group "
          + "width, as RegNet.", GroupingSpelling())
    case .strideAt, .preActivation, .shortcut, .shortcutNorm, .zeroInitResidual, .convBias,
      .padding, .head, .initialization, .batchNormEps, .batchNormMomentum:
      optionFacts
    case .optimizer, .learningRate, .momentum, .nesterov, .beta1, .beta2, .weightDecay, .decay,
      .ema, .labelSmoothing:
      optimizerFacts
    case .dataSet, .augment, .testTimeFlip, .batch, .epochs, .growth, .schedule, .stepSize,
      .gamma, .warmupEpochs, .precision, .seed:
      trainingFacts
    }
  }

  private var stemFacts: FieldFacts {
    switch self {
    case .stemKernel:
      FieldFacts(
        "  kernel", key: "network.stem.kernel", help: "Side of the stem's convolution.",
        WholeNumber(path: \.network.customStem.kernel, range: 1...15))
    case .stemStride:
      FieldFacts(
        "  stride", key: "network.stem.stride", help: "Divides the side of the map.",
        WholeNumber(path: \.network.customStem.stride, range: 1...8))
    case .stemChannels:
      FieldFacts(
        "  channels", key: "network.stem.channels", help: "What the first block reads.",
        WholeNumber(path: \.network.customStem.channels, range: 1...16_384, step: .channels))
    default:
      FieldFacts(
        "  pool", key: "network.stem.pool", help: "A 3×3 max pool of stride 2 behind it.",
        Flag(path: \.network.customStem.pool))
    }
  }

  private var stageFacts: FieldFacts {
    switch self {
    case .stageBlocks(let stage):
      FieldFacts(
        "layer\(stage + 1) blocks", key: "network.stages[\(stage)].blocks",
        help: "Blocks in this stage. More depth, more cost; the shortcuts keep it trainable.",
        WholeNumber(path: \.network.stages[stage].blocks, range: 1...512))
    case .stageChannels(let stage):
      FieldFacts(
        "  channels", key: "network.stages[\(stage)].channels",
        help: "Width of its blocks. Convolutions cost channels in × channels out.",
        WholeNumber(
          path: \.network.stages[stage].channels, range: 8...16_384, step: .channels))
    case .stageStride(let stage):
      FieldFacts(
        "  stride", key: "network.stages[\(stage)].stride",
        help: "Of its first block. 2 halves height and width, and with them the cost fourfold.",
        WholeNumber(path: \.network.stages[stage].stride, range: 1...8))
    default: preconditionFailure("\(self) is no field of a stage")
    }
  }

  private func groupingFacts(_ part: GroupingPart, stage: Int?) -> FieldFacts {
    let value = GroupingValue(part: part, stage: stage)
    let indent = stage == nil ? "" : "  "
    let path = stage.map { "network.stages[\($0)]." } ?? "network."
    let own = stage == nil ? "" : " Dim: the network's."
    return switch part {
    case .groups:
      FieldFacts(
        indent + "groups", key: path + "groups",
        help: "Cardinality g (Xie et al. 2017): the 3×3 in g groups, at 1/g of its cost." + own,
        value)
    case .widthPerGroup:
      FieldFacts(
        stage == nil ? "width per group" : "  width/group", key: path + "width_per_group",
        help: "Channels of a group at 64: ResNet 64, ResNeXt-50 32×4d 4, wide ResNet 128." + own,
        value)
    case .bottleneckRatio:
      FieldFacts(
        stage == nil ? "bottleneck ratio" : "  ratio", key: path + "bottleneck_ratio",
        help: "Inner width ÷ output channels." + own, value)
    case .groupWidth:
      FieldFacts(
        indent + "group width", key: path + "group_width",
        help: "Channels of a group of the 3×3; all: one group." + own, value)
    }
  }

  private var optionFacts: FieldFacts {
    switch self {
    case .strideAt:
      FieldFacts(
        "stride at", key: "network.stride_at",
        help: "Which convolution of a bottleneck strides: the 3×3 (v1.5) or the first 1×1 (v1).",
        Choice<StridePlacement>(path: \.network.strideAt))
    case .preActivation:
      FieldFacts(
        "pre-activation", key: "network.pre_activation",
        help: "BN–ReLU–convolution: a clean path for the identity (He et al. 2016b).",
        Flag(path: \.network.preActivation))
    case .shortcut:
      FieldFacts(
        "shortcut", key: "network.shortcut",
        help: "projection (B): 1×1 where the shape changes. identity_pad (A): zeros. "
          + "projection_all (C). none: plain.", Choice<ShortcutKind>(path: \.network.shortcut))
    case .shortcutNorm:
      FieldFacts(
        "shortcut norm", key: "network.shortcut_norm",
        help: "A batch norm behind the projection; the chapter's block has none.",
        Flag(path: \.network.shortcutNorm))
    case .zeroInitResidual:
      FieldFacts(
        "zero init", key: "network.zero_init_residual",
        help: "Each block starts as its shortcut alone (Goyal et al. 2017).",
        Flag(path: \.network.zeroInitResidual))
    case .convBias:
      FieldFacts(
        "conv bias", key: "network.conv_bias",
        help: "Convolutions have a bias; the norm behind them makes it idle.",
        Flag(path: \.network.convBias))
    case .padding:
      FieldFacts(
        "padding", key: "network.padding",
        help: "symmetric: PyTorch's. same: TensorFlow's and JAX's, uneven at stride 2.",
        Choice<PaddingRule>(path: \.network.padding))
    case .head:
      FieldFacts(
        "head", key: "network.head",
        help: "linear: mean over the map and a linear layer. none: to look at blocks alone.",
        Choice<Head>(path: \.network.head))
    case .initialization:
      FieldFacts(
        "init", key: "network.init", help: "The distribution that the weights start from.",
        Choice<WeightInitialization>(path: \.network.initialization))
    case .batchNormEps:
      FieldFacts(
        "BN eps", key: "network.batch_norm.eps", help: "Added to the variance.",
        RealNumber(
          path: \.network.batchNorm.eps, ladder: RealNumber.decades,
          rule: ("above 0 and below 1", { $0 > 0 && $0 < 1 })))
    default:
      FieldFacts(
        "BN momentum", key: "network.batch_norm.momentum",
        help: "Weight of the batch in the running statistics.",
        RealNumber(
          path: \.network.batchNorm.momentum, ladder: [0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1],
          rule: ("above 0, at most 1", { $0 > 0 && $0 <= 1 })))
    }
  }

  private var optimizerFacts: FieldFacts {
    switch self {
    case .optimizer:
      FieldFacts(
        "optimizer", key: "optimizer.name",
        help: "sgd with momentum, or adamw (Loshchilov and Hutter 2019), which wants a small rate.",
        Choice<OptimizerKind>(path: \.optimizer.name) { $0.optimizer.dropForeignOptions() })
    case .learningRate:
      FieldFacts(
        "learning rate", key: "optimizer.learning_rate", help: "The peak that the schedule scales.",
        RealNumber(
          path: \.optimizer.learningRate, ladder: RealNumber.decades,
          rule: (
            "above 0, at most 1000", { $0 > 0 && $0 <= OptimizerOptions.learningRateLimit }
          )))
    case .momentum:
      FieldFacts(
        "momentum", key: "optimizer.momentum", help: "Share of the last step in the next.",
        RealNumber(
          path: \.optimizer.momentum, ladder: [0, 0.5, 0.8, 0.9, 0.95, 0.99],
          rule: ("from 0 to below 1", { $0 < 1 })))
    case .nesterov:
      FieldFacts(
        "nesterov", key: "optimizer.nesterov", help: "Looks one step of the momentum ahead.",
        Flag(path: \.optimizer.nesterov))
    case .beta1, .beta2:
      FieldFacts(
        self == .beta1 ? "beta 1" : "beta 2", key: "optimizer.betas",
        help: self == .beta1
          ? "Memory of the gradient's mean." : "Memory of the gradient's mean square.",
        RealNumber(
          path: self == .beta1 ? \.optimizer.betas[0] : \.optimizer.betas[1],
          ladder: [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999],
          rule: ("from 0 to below 1", { $0 < 1 })))
    case .weightDecay:
      FieldFacts(
        "weight decay", key: "optimizer.weight_decay", help: "Pulls the weights towards zero.",
        RealNumber(
          path: \.optimizer.weightDecay, ladder: [0, 1e-5, 1e-4, 5e-4, 1e-3, 1e-2],
          rule: ("from 0 to 1", { OptimizerOptions.weightDecays.contains($0) })))
    case .decay:
      FieldFacts(
        "  acts on", key: "optimizer.decay",
        help: "all, as PyTorch; weights: no bias, no scale or shift of a norm.",
        Choice<DecayedParameters>(path: \.optimizer.decay))
    case .ema:
      FieldFacts(
        "weight average", key: "ema",
        help: "Decay of a moving average of the weights, which is what is validated and saved.",
        OptionalNumber(
          path: \.ema, ladder: [0.9, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999],
          rule: ("above 0 and below 1, or none", { $0 > 0 && $0 < 1 })))
    default:
      FieldFacts(
        "label smoothing", key: "loss.label_smoothing",
        help: "Share of the label spread over all classes (Szegedy et al. 2016).",
        RealNumber(
          path: \.loss.labelSmoothing, ladder: [0, 0.05, 0.1, 0.2],
          rule: ("from 0 to below 1", { $0 < 1 })))
    }
  }

  private var trainingFacts: FieldFacts {
    switch self {
    case .dataSet:
      FieldFacts(
        "data set", key: "data.set", help: "procedural is built in; the others are files.",
        Choice<DataSetKind>(path: \.data.set, settle: InputValue.takeImages))
    case .augment:
      FieldFacts(
        "augment", key: "data.augment", help: "Random changes to the training images.",
        AugmentValue())
    case .testTimeFlip:
      FieldFacts(
        "test-time flip", key: "data.test_time_flip",
        help: "Validate by the mean over an image and its mirror image.",
        Flag(path: \.data.testTimeFlip))
    case .batch:
      FieldFacts(
        "batch", key: "data.batch", help: "Images in one step; memory grows with it.",
        WholeNumber(path: \.data.batch, range: 1...65_536, step: .double, isStrict: true))
    case .epochs:
      FieldFacts(
        "epochs", key: "epochs", help: "Passes over the training images.",
        WholeNumber(path: \.epochs, range: 1...Experiment.epochLimit, isStrict: true))
    case .growth:
      FieldFacts(
        "growth", key: "grow",
        help:
          "Identity blocks that come while it is trained, as epoch:stage+blocks, such as 2:3+1. "
          + "none: never.", GrowthValue())
    case .schedule:
      FieldFacts(
        "schedule", key: "schedule.name", help: "How the learning rate moves over the run.",
        Choice<ScheduleKind>(path: \.schedule.name) { $0.schedule.dropForeignOptions() })
    case .stepSize:
      FieldFacts(
        "  step size", key: "schedule.step_size", help: "Epochs from one fall to the next.",
        WholeNumber(
          path: \.schedule.stepSize, range: 1...Experiment.epochLimit, isStrict: true))
    case .gamma:
      FieldFacts(
        "  gamma", key: "schedule.gamma", help: "What each fall multiplies the rate by.",
        RealNumber(
          path: \.schedule.gamma, ladder: [0.01, 0.1, 0.2, 0.5, 0.9, 0.97, 1],
          rule: ("above 0, at most 1", { $0 > 0 && $0 <= 1 })))
    case .warmupEpochs:
      FieldFacts(
        "warm-up epochs", key: "schedule.warmup_epochs",
        help: "Epochs of linear rise to the learning rate.",
        WholeNumber(path: \.schedule.warmupEpochs, range: 0...100_000, isStrict: true))
    case .precision:
      FieldFacts(
        "precision", key: "precision",
        help:
          "Of activations and convolutions: bf16 halves their memory, and saves time only on a "
          + "CPU with AMX.", Choice<Precision>(path: \.precision))
    default:
      FieldFacts(
        "seed", key: "seed", help: "Every random draw follows from it.", SeedValue())
    }
  }
}
