import Architecture
import Cells
import Dashboard
import Experiments

/// How long an edit of ResNet-152 takes from the key to the frame: the draft is changed, checked,
/// lowered and compared with the one before, and the whole screen is drawn anew.
enum EditBenchmark {
  private static let rounds = 400

  static func run() -> Bool {
    let sizes = [(80, 24), (160, 50), (200, 60)]
    return sizes.map { run(Size(width: $0, height: $1)) }.allSatisfy { $0 }
  }

  private static func run(_ size: Size) -> Bool {
    var experiment = Experiment.standard
    var network = Preset.named("resnet152")!.spec
    (network.input, network.classes) = (experiment.network.input, experiment.network.classes)
    experiment.network = network
    var state = State(size: size, appearance: Appearance(), now: 0, experiment: experiment)
    func press(_ key: Key) { _ = update(&state, .input(.key(key))) }
    // The first stage's channels: every layer behind the stem changes.
    while state.composer.fieldLabel != "  channels" { press(.down) }
    var timing = Timing()
    for round in 0..<rounds {
      timing.measure {
        press(round.isMultiple(of: 2) ? .right : .left)
        _ = view(state)
      }
    }
    let rows = state.composer.plan?.layers.count ?? 0
    return timing.report(
      "edit of resnet152 (\(rows) rows) at \(size.width)x\(size.height)", bound: 2)
  }
}
