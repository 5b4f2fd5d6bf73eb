/// The names that other libraries' state_dicts give to the tensors of these networks.
///
/// ResNets have torchvision's names everywhere. torchvision's RegNets and timm's pre-activation
/// ResNets keep names of their own, which are known here and nowhere else.
public enum WeightNames {
  /// The name under which a network of this project has the tensor that a state_dict calls `name`;
  /// `name` itself where it is no foreign one.
  public static func own(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return regnet(parts) ?? resnetv2(parts) ?? name
  }

  /// Whether the tensor is state that no network here keeps: the number of batches that a norm has
  /// seen, which PyTorch only uses where there is no momentum.
  public static func isIgnored(_ name: String) -> Bool { name.hasSuffix(".num_batches_tracked") }

  /// torchvision/models/regnet.py: `stem.{0,1}`, `trunk_output.block1.block1-0.{proj,f.a,f.b,f.c}`
  /// with the convolution as `.0` and the norm as `.1`.
  private static func regnet(_ parts: [String]) -> String? {
    if parts.count == 3, parts[0] == "stem" {
      return ["0": "conv1.\(parts[2])", "1": "bn1.\(parts[2])"][parts[1]]
    }
    guard parts.count >= 6, parts[0] == "trunk_output", parts[1].hasPrefix("block"),
      let stage = Int(parts[1].dropFirst("block".count)),
      parts[2].hasPrefix("\(parts[1])-"), let block = Int(parts[2].dropFirst(parts[1].count + 1))
    else { return nil }
    let prefix = "layer\(stage).\(block)"
    if parts.count == 6, parts[3] == "proj" {
      return "\(prefix).downsample.\(parts[4]).\(parts[5])"
    }
    guard parts.count == 7, parts[3] == "f",
      let number = ["a": 1, "b": 2, "c": 3][parts[4]],
      let module = ["0": "conv", "1": "bn"][parts[5]]
    else { return nil }
    return "\(prefix).\(module)\(number).\(parts[6])"
  }

  /// timm/models/resnetv2.py: `stem.conv`, `stages.0.blocks.0.{norm1,conv1,…,downsample.conv}`,
  /// `head.fc`.
  private static func resnetv2(_ parts: [String]) -> String? {
    if parts.count == 3, parts[0] == "stem", parts[1] == "conv" { return "conv1.\(parts[2])" }
    if parts.count == 3, parts[0] == "head", parts[1] == "fc" { return "fc.\(parts[2])" }
    guard parts.count >= 6, parts[0] == "stages", parts[2] == "blocks", let stage = Int(parts[1])
    else { return nil }
    let prefix = "layer\(stage + 1).\(parts[3])"
    if parts.count == 7, parts[4] == "downsample", parts[5] == "conv" {
      return "\(prefix).downsample.0.\(parts[6])"
    }
    guard parts.count == 6 else { return nil }
    if parts[4].hasPrefix("norm") { return "\(prefix).bn\(parts[4].dropFirst(4)).\(parts[5])" }
    return parts[4].hasPrefix("conv") ? "\(prefix).\(parts[4]).\(parts[5])" : nil
  }
}
