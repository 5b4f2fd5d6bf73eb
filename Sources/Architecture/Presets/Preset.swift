/// A published network under its customary name.
public struct Preset: Hashable, Sendable {
  public let spec: NetworkSpec
  /// One line for lists: where the numbers come from.
  public let source: String

  public var name: String { spec.name }

  /// The preset called `name`.
  public static func named(_ name: String) -> Preset? { all.first { $0.name == name } }

  /// Every preset, in the order that lists show.
  public static let all: [Preset] = [
    imagenet("resnet18", .basic, [2, 2, 2, 2]),
    imagenet("resnet34", .basic, [3, 4, 6, 3]),
    imagenet("resnet50", .bottleneck, [3, 4, 6, 3]),
    imagenet("resnet101", .bottleneck, [3, 4, 23, 3]),
    imagenet("resnet152", .bottleneck, [3, 8, 36, 3]),
    imagenet("resnext50_32x4d", .bottleneck, [3, 4, 6, 3], groups: 32, widthPerGroup: 4),
    imagenet("resnext101_32x8d", .bottleneck, [3, 4, 23, 3], groups: 32, widthPerGroup: 8),
    imagenet("resnext101_64x4d", .bottleneck, [3, 4, 23, 3], groups: 64, widthPerGroup: 4),
    imagenet("wide_resnet50_2", .bottleneck, [3, 4, 6, 3], widthPerGroup: 128),
    imagenet("wide_resnet101_2", .bottleneck, [3, 4, 23, 3], widthPerGroup: 128),
    regnet("regnet_x_400mf", depth: 22, w0: 24, wa: 24.48, wm: 2.54, groupWidth: 16),
    regnet("regnet_x_800mf", depth: 16, w0: 56, wa: 35.73, wm: 2.28, groupWidth: 16),
    regnet("regnet_x_1_6gf", depth: 18, w0: 80, wa: 34.01, wm: 2.25, groupWidth: 24),
    regnet("regnet_x_3_2gf", depth: 25, w0: 88, wa: 26.31, wm: 2.25, groupWidth: 48),
    regnet("regnet_x_8gf", depth: 23, w0: 80, wa: 49.56, wm: 2.88, groupWidth: 120),
    imagenet(
      "resnetv2_50", .bottleneck, [3, 4, 6, 3], preActivation: true,
      source: "timm; He et al. 2016b"),
    cifar("resnet20_cifar", .basic, 3, [16, 32, 64], shortcut: .identityPad),
    cifar("resnet32_cifar", .basic, 5, [16, 32, 64], shortcut: .identityPad),
    cifar("resnet44_cifar", .basic, 7, [16, 32, 64], shortcut: .identityPad),
    cifar("resnet56_cifar", .basic, 9, [16, 32, 64], shortcut: .identityPad),
    cifar("resnet110_cifar", .basic, 18, [16, 32, 64], shortcut: .identityPad),
    cifar(
      "preresnet164_cifar", .bottleneck, 18, [16, 32, 64], preActivation: true,
      strideAt: .conv1x1, source: "He et al. 2016b, table 4"),
    cifar(
      "wrn28_10", .basic, 4, [160, 320, 640], stem: 16, preActivation: true,
      source: "Zagoruyko and Komodakis 2016, table 1"),
    cifar(
      "wrn40_4", .basic, 6, [64, 128, 256], stem: 16, preActivation: true,
      source: "Zagoruyko and Komodakis 2016, table 1"),
    cifar(
      "resnext29_8x64d", .bottleneck, 3, [64, 128, 256], groups: 8,
      source: "Xie et al. 2017, table 7"),
    cifar(
      "resnext29_16x64d", .bottleneck, 3, [64, 128, 256], groups: 16,
      source: "Xie et al. 2017, table 7"),
    chapter("d2l_resnet18", .basic, shortcutNorm: false),
    chapter(
      "d2l_resnext18", .bottleneck, grouping: .ratio(bottleneckRatio: 1, groupWidth: 16),
      shortcutNorm: true),
  ]

  // MARK: Families

  /// On 3×224×224 images of 1000 classes, stages doubling from 64 channels (He et al. 2016a, table 1).
  private static func imagenet(
    _ name: String, _ block: BlockKind, _ blocks: [Int], groups: Int = 1, widthPerGroup: Int = 64,
    preActivation: Bool = false, source: String = "torchvision"
  ) -> Preset {
    Preset(
      spec: NetworkSpec(
        name: name, input: ImageShape(channels: 3, height: 224, width: 224), classes: 1000,
        block: block, stages: doubling(blocks),
        grouping: .cardinality(groups: groups, widthPerGroup: widthPerGroup),
        preActivation: preActivation),
      source: source)
  }

  private static func regnet(
    _ name: String, depth: Int, w0: Int, wa: Double, wm: Double, groupWidth: Int
  ) -> Preset {
    Preset(
      spec: NetworkSpec(
        name: name, input: ImageShape(channels: 3, height: 224, width: 224), classes: 1000,
        rule: RegNetRule(depth: depth, w0: w0, wa: wa, wm: wm, groupWidth: groupWidth)),
      source: "torchvision; Radosavovic et al. 2020, figure 15")
  }

  /// On 3×32×32 images of 10 classes, three stages of `blocks` blocks.
  private static func cifar(
    _ name: String, _ block: BlockKind, _ blocks: Int, _ channels: [Int], stem: Int? = nil,
    groups: Int = 1, preActivation: Bool = false, shortcut: ShortcutKind = .projection,
    strideAt: StridePlacement = .conv3x3, source: String = "He et al. 2016a, table 6"
  ) -> Preset {
    Preset(
      spec: NetworkSpec(
        name: name, input: ImageShape(channels: 3, height: 32, width: 32), classes: 10,
        stem: stem.map {
          .custom(StemConvolution(kernel: 3, stride: 1, channels: $0, pool: false))
        } ?? .cifar,
        block: block,
        stages: channels.enumerated().map { index, channels in
          Stage(blocks: blocks, channels: channels, stride: Stage.defaultStride(at: index))
        },
        grouping: .cardinality(groups: groups, widthPerGroup: 64), preActivation: preActivation,
        shortcut: shortcut, strideAt: strideAt),
      source: source)
  }

  /// On 1×96×96 images of 10 classes, with Xavier's weights and biases in the convolutions.
  private static func chapter(
    _ name: String, _ block: BlockKind, grouping: Grouping = .dense, shortcutNorm: Bool
  ) -> Preset {
    Preset(
      spec: NetworkSpec(
        name: name, input: ImageShape(channels: 1, height: 96, width: 96), classes: 10,
        block: block, stages: doubling([2, 2, 2, 2]), expansion: block == .basic ? 4 : 1,
        grouping: grouping, convBias: true, shortcutNorm: shortcutNorm,
        initialization: .xavierUniform),
      source: "Dive into Deep Learning, section 8.6")
  }

  /// Stages of doubling width from 64 channels.
  private static func doubling(_ blocks: [Int]) -> [Stage] {
    blocks.enumerated().map { index, count in
      Stage(blocks: count, channels: 64 << index, stride: Stage.defaultStride(at: index))
    }
  }
}
