import Architecture
import COneDNN

/// Neighbouring groups of a convolution, joined to fewer and wider ones.
struct GroupPacking {
  let shape: rt_group_packing
  /// G×O/G×I/G×kH×kW of the joined groups, O×I×kH×kW where all are one.
  let dimensions: [Int]
  /// How many there are after joining.
  let groups: Int

  /// nil where the groups stay as they are.
  init?(_ convolution: ConvolutionPlan) {
    guard let factor = ConvolutionRule.groupFactor(convolution) else { return nil }
    let inputs = convolution.inputChannels / convolution.groups
    let outputs = convolution.outputChannels / convolution.groups
    let kernel = convolution.window.kernel
    shape = rt_group_packing(
      groups: Int64(convolution.groups), outputs: Int64(outputs), inputs: Int64(inputs),
      taps: Int64(kernel * kernel), factor: Int64(factor))
    groups = convolution.groups / factor
    let dense = [outputs * factor, inputs * factor, kernel, kernel]
    dimensions = groups == 1 ? dense : [groups] + dense
  }
}
