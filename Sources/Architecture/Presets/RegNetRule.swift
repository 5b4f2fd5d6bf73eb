/// A network given by the line through its blocks' widths (Radosavovic et al. 2020, §3.3): block j
/// would have w0 + wa·j channels; each is rounded to a power of wm times w0, and blocks of one width
/// make a stage, whose width is then fitted to its groups.
public struct RegNetRule: Hashable, Sendable {
  /// Blocks in all.
  public var depth: Int
  /// Width of the first block, w_0; a multiple of 8.
  public var initialWidth: Int
  /// Growth of the width from block to block, w_a.
  public var slope: Double
  /// Ratio of the widths of neighbouring stages before they are rounded, w_m.
  public var multiplier: Double
  /// Channels of a group of the 3×3 convolutions.
  public var groupWidth: Int
  /// Inner width ÷ output channels.
  public var bottleneckRatio: Double

  public init(
    depth: Int, w0: Int, wa: Double, wm: Double, groupWidth: Int, bottleneckRatio: Double = 1
  ) {
    self.depth = depth
    initialWidth = w0
    slope = wa
    multiplier = wm
    self.groupWidth = groupWidth
    self.bottleneckRatio = bottleneckRatio
  }

  /// Nearer to 1, its powers would take for ever to reach a width; published networks have 2 and more.
  private static let multipliers = 1.01...64.0

  /// Why the rule gives no network; the keys are those of its mapping.
  public var problem: SpecError? {
    func error(_ key: String, _ reason: String) -> SpecError { SpecError(key: key, reason: reason) }
    if !(1...512).contains(depth) { return error("depth", "\(depth) is outside 1 to 512.") }
    if initialWidth < 8 || initialWidth > 16_384 || initialWidth % 8 != 0 {
      return error("w0", "\(initialWidth) is no multiple of 8 from 8 to 16384.")
    }
    if !(slope >= 0 && slope <= 16_384) { return error("wa", "\(slope) is outside 0 to 16384.") }
    if !Self.multipliers.contains(multiplier) {
      return error("wm", "\(multiplier) is outside 1.01 to 64.")
    }
    if !(1...16_384).contains(groupWidth) {
      return error("group_width", "\(groupWidth) is outside 1 to 16384.")
    }
    if !NetworkSpec.Limit.bottleneckRatio.contains(bottleneckRatio) {
      return error("bottleneck_ratio", "\(bottleneckRatio) is outside 0.001 to 64.")
    }
    return nil
  }

  /// The stages of a sound rule, each of stride 2.
  public var stages: [Stage] {
    var stages: [Stage] = []
    var before: Int?
    for block in 0..<depth {
      let width = width(ofBlock: block)
      // Stages of different widths may be equally wide once they are fitted to their groups.
      if width == before {
        stages[stages.count - 1].blocks += 1
      } else {
        stages.append(Stage(blocks: 1, channels: compatible(width), stride: 2))
      }
      before = width
    }
    return stages
  }

  /// w0·wm^s in multiples of 8, for the s whose power is nearest to the line.
  private func width(ofBlock block: Int) -> Int {
    let growth = (Double(initialWidth) + slope * Double(block)) / Double(initialWidth)
    var power = 1.0
    // Half-way to the next power, as rounding the logarithm has it.
    while growth > power * multiplier.squareRoot() { power *= multiplier }
    return Int((Double(initialWidth) * power / 8).rounded(.toNearestOrEven)) * 8
  }

  /// The width next to `width` whose inner channels the groups divide; less than a tenth is taken
  /// away.
  private func compatible(_ width: Int) -> Int {
    let inner = Int(Double(width) * bottleneckRatio)
    let group = max(1, min(groupWidth, inner))
    var divisible = max(group, (inner + group / 2) / group * group)
    if Double(divisible) < 0.9 * Double(inner) { divisible += group }
    return Int(Double(divisible) / bottleneckRatio)
  }
}

extension NetworkSpec {
  /// A RegNetX of `rule`, behind its 3×3 stride 2 stem of 32 channels.
  public init(name: String, input: ImageShape, classes: Int, rule: RegNetRule) {
    self.init(
      name: name, input: input, classes: classes,
      stem: .custom(StemConvolution(kernel: 3, stride: 2, channels: 32, pool: false)),
      block: .bottleneck,
      stages: rule.stages, expansion: 1,
      grouping: .ratio(bottleneckRatio: rule.bottleneckRatio, groupWidth: rule.groupWidth))
  }
}
