/// A published network under its customary name.
public struct Preset: Hashable, Sendable {
  public let spec: NetworkSpec
  /// One line for lists: the source of the numbers.
  public let source: String

  public var name: String { spec.name }

  /// Every preset, in the order that lists show.
  public static let all: [Preset] =
    [18, 34, 50, 101, 152].map { torchvisionResNet(depth: $0) } + [
      torchvision("resnext50_32x4d", .bottleneck, [3, 4, 6, 3], groups: 32, widthPerGroup: 4),
      torchvision("resnext101_32x8d", .bottleneck, [3, 4, 23, 3], groups: 32, widthPerGroup: 8),
      torchvision("resnext101_64x4d", .bottleneck, [3, 4, 23, 3], groups: 64, widthPerGroup: 4),
      torchvision("wide_resnet50_2", .bottleneck, [3, 4, 6, 3], widthPerGroup: 128),
      torchvision("wide_resnet101_2", .bottleneck, [3, 4, 23, 3], widthPerGroup: 128),
      Preset(
        spec: NetworkSpec(
          name: "d2l_resnet18", input: ImageShape(channels: 1, height: 96, width: 96), classes: 10,
          block: .basic, stages: stages([2, 2, 2, 2]), convBias: true, shortcutNorm: false,
          initialization: .xavierUniform),
        source: "Dive into Deep Learning, section 8.6"),
    ]

  /// The preset called `name`.
  public static func named(_ name: String) -> Preset? { all.first { $0.name == name } }

  /// He et al. 2016a, table 1.
  private static func torchvisionResNet(depth: Int) -> Preset {
    let blocks =
      switch depth {
      case 18: [2, 2, 2, 2]
      case 34, 50: [3, 4, 6, 3]
      case 101: [3, 4, 23, 3]
      default: [3, 8, 36, 3]
      }
    return torchvision("resnet\(depth)", depth < 50 ? .basic : .bottleneck, blocks)
  }

  private static func torchvision(
    _ name: String, _ block: BlockKind, _ blocks: [Int], groups: Int = 1, widthPerGroup: Int = 64
  ) -> Preset {
    Preset(
      spec: NetworkSpec(
        name: name, input: ImageShape(channels: 3, height: 224, width: 224), classes: 1000,
        block: block, stages: stages(blocks), groups: groups, widthPerGroup: widthPerGroup),
      source: "torchvision")
  }

  /// Stages of doubling width from 64 channels.
  private static func stages(_ blocks: [Int]) -> [Stage] {
    blocks.enumerated().map { index, count in
      Stage(blocks: count, channels: 64 << index, stride: Stage.defaultStride(at: index))
    }
  }
}
