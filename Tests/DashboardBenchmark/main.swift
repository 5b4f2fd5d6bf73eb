import Architecture
import Cells
import Dashboard
import Experiments
import Foundation

/// Prints how long an edit of ResNet-152 takes from the key to the frame: the draft is changed,
/// checked, lowered and compared with the one before, and the whole screen is drawn anew.
///
///     swift run -c release dashboard-benchmark
///
/// The bound is 2 ms; a busy machine may take half as long again before this fails.
let bound = 2.0
let slack = 1.5
let rounds = 400

func milliseconds(_ duration: Duration) -> Double {
  Double(duration.components.attoseconds) * 1e-15 + Double(duration.components.seconds) * 1e3
}

var isWithinBound = true
for size in [
  Size(width: 80, height: 24), Size(width: 160, height: 50), Size(width: 200, height: 60),
] {
  var experiment = Experiment.standard
  var network = Preset.named("resnet152")!.spec
  (network.input, network.classes) = (experiment.network.input, experiment.network.classes)
  experiment.network = network
  var state = State(size: size, appearance: Appearance(), now: 0, experiment: experiment)
  func press(_ key: Key) { _ = update(&state, .input(.key(key))) }
  // The first stage's channels: every layer behind the stem changes.
  while state.composer.fieldLabel != "  channels" { press(.down) }
  let clock = ContinuousClock()
  var times: [Double] = []
  var cells = 0
  for round in 0..<rounds {
    let time = clock.measure {
      press(round.isMultiple(of: 2) ? .right : .left)
      cells += view(state).size.height
    }
    times.append(milliseconds(time))
  }
  times.sort()
  let (median, worst) = (times[rounds / 2], times[rounds * 99 / 100])
  let rows = state.composer.plan?.layers.count ?? 0
  print(
    "edit resnet152 (\(rows) rows) at \(size.width)x\(size.height): median "
      + "\(NumberText.fixed(median, decimals: 2)) ms, 99 % below "
      + "\(NumberText.fixed(worst, decimals: 2)) ms (\(cells / size.height) frames)")
  if median > bound * slack { isWithinBound = false }
}
exit(isWithinBound ? 0 : 1)
