import Architecture
import Experiments
import Testing

@Suite struct WeightNamesTests {
  @Test(arguments: [
    // torchvision's RegNets.
    ("stem.0.weight", "conv1.weight"), ("stem.1.running_var", "bn1.running_var"),
    ("trunk_output.block2.block2-0.proj.0.weight", "layer2.0.downsample.0.weight"),
    ("trunk_output.block2.block2-0.proj.1.bias", "layer2.0.downsample.1.bias"),
    ("trunk_output.block4.block4-11.f.a.0.weight", "layer4.11.conv1.weight"),
    ("trunk_output.block4.block4-11.f.b.1.running_mean", "layer4.11.bn2.running_mean"),
    ("trunk_output.block4.block4-11.f.c.1.weight", "layer4.11.bn3.weight"),
    // timm's pre-activation ResNets.
    ("stem.conv.weight", "conv1.weight"), ("head.fc.bias", "fc.bias"),
    ("stages.0.blocks.2.norm3.weight", "layer1.2.bn3.weight"),
    ("stages.3.blocks.0.conv2.weight", "layer4.0.conv2.weight"),
    ("stages.1.blocks.0.downsample.conv.weight", "layer2.0.downsample.0.weight"),
    ("norm.running_mean", "norm.running_mean"),
    // Names that only look like theirs.
    ("trunk_output.block2.block3-0.proj.0.weight", "trunk_output.block2.block3-0.proj.0.weight"),
    ("stages.x.blocks.0.conv2.weight", "stages.x.blocks.0.conv2.weight"), ("", ""), (".", "."),
    (
      "trunk_output.block9223372036854775808.b.f.a.0.w",
      "trunk_output.block9223372036854775808.b.f.a.0.w"
    ),
  ])
  func foreignNames(name: String, own: String) { #expect(WeightNames.own(name) == own) }

  /// Our own names are nobody else's.
  @Test(arguments: Preset.all) func ownNamesStay(preset: Preset) throws {
    let plan = try NetworkPlan(preset.spec)
    for name in plan.parameters.map(\.name) + plan.buffers.map(\.name) {
      #expect(WeightNames.own(name) == name)
      #expect(!WeightNames.isIgnored(name))
    }
    #expect(WeightNames.isIgnored("layer1.0.bn1.num_batches_tracked"))
  }
}
