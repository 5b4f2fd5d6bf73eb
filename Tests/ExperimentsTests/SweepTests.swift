import Architecture
import TestSupport
import Testing

@testable import Experiments

@Suite struct SweepTests {
  static let base = """
    name: base
    network: {preset: resnet20_cifar, input: [1, 28, 28], classes: 10}
    data: {set: fashion-mnist}
    optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9}
    epochs: 3
    """

  static func sweep(_ yaml: String, base: String = base) throws(ExperimentError) -> Sweep {
    try Sweep(yaml: yaml, file: "sweep.yaml") { (name) throws(ExperimentError) in
      (base, "folder/\(name)")
    }
  }

  static func error(_ yaml: String) -> String {
    do {
      _ = try sweep(yaml)
      return "no error"
    } catch {
      return error.description
    }
  }

  /// Every combination, the last key changing first.
  @Test func grids() throws {
    let sweep = try Self.sweep(
      """
      grid:
        optimizer.learning_rate: [0.1, 0.01]
        network.stages[1].channels: [32, 48]
        seed: [0, 1]
      """,
      base: Self.base.replacing(
        "preset: resnet20_cifar, ",
        with:
          "block: basic, stem: cifar, stages: [{blocks: 1, channels: 16}, {blocks: 1, channels: 32}], "
      ))
    #expect(sweep.runs.count == 8)
    #expect(
      sweep.runs.prefix(3).map(\.id) == [
        "learning_rate-0.1_channels-32_seed-0", "learning_rate-0.1_channels-32_seed-1",
        "learning_rate-0.1_channels-48_seed-0",
      ])
    let last = try #require(sweep.runs.last?.experiment)
    #expect(last.optimizer.learningRate == 0.01 && last.optimizer.momentum == 0.9)
    #expect(last.network.stages.map(\.channels) == [16, 48] && last.seed == 1)
    #expect(last.name == "base" && last.epochs == 3)
    #expect(sweep.keys == ["optimizer.learning_rate", "network.stages[1].channels", "seed"])
  }

  /// Variants by their names, each with every combination of the grid; one may change nothing, and a whole
  /// mapping can be replaced.
  @Test func variants() throws {
    let sweep = try Self.sweep(
      """
      variants:
        residual:
        plain: {network.shortcut: none}
        deep: {network: {preset: resnet56_cifar, input: [1, 28, 28], classes: 10}, epochs: 2}
      grid: {seed: [3, 4]}
      """)
    #expect(
      sweep.runs.map(\.id) == [
        "residual_seed-3", "residual_seed-4", "plain_seed-3", "plain_seed-4", "deep_seed-3",
        "deep_seed-4",
      ])
    #expect(sweep.runs[0].experiment.network.shortcut == .identityPad)
    #expect(sweep.runs[2].experiment.network.shortcut == .none)
    #expect(sweep.runs[5].experiment.network.name == "resnet56_cifar")
    #expect(sweep.runs[5].experiment.epochs == 2 && sweep.runs[5].experiment.seed == 4)
    #expect(
      sweep.runs[4].settings[0].value == "{preset: resnet56_cifar, input: [1, 28, 28], classes: 10}"
    )
    #expect(sweep.problem == nil)
    #expect(sweep.runs.map(\.group) == ["residual", "residual", "plain", "plain", "deep", "deep"])
  }

  /// Runs that differ in their seeds alone have a group even where that is all there is.
  @Test func seedsAlone() throws {
    #expect(
      try Self.sweep("grid: {seed: [1, 2, 3]}").runs.map(\.group) == ["base", "base", "base"])
  }

  private static let space = """
    random:
      samples: SAMPLES
      seed: 7
      space:
        network.regnet.depth: {min: 4, max: 12}
        network.regnet.w0: {min: 8, max: 48, step: 8}
        network.regnet.wa: {min: 4.0, max: 32.0, scale: log}
        network.regnet.wm: {min: 2.0, max: 3.0}
        network.regnet.group_width: [4, 8, 16]
        epochs: {min: 1, max: 64, scale: log}
      accept: {macs: {max: 4.0e+6}, stages: {min: 2, max: 4}}
    """
  private static let regnet = base.replacing(
    "preset: resnet20_cifar",
    with: "regnet: {depth: 6, w0: 16, wa: 16, wm: 2.5, group_width: 8}")

  /// Samples follow from the seed, are of the wanted costs and within their bounds; more of them leave the
  /// first as they are.
  @Test func randomSamples() throws {
    let few = try Self.sweep(Self.space.replacing("SAMPLES", with: "9"), base: Self.regnet)
    let many = try Self.sweep(Self.space.replacing("SAMPLES", with: "200"), base: Self.regnet)
    #expect(few.runs.map(\.id).first == "sample-001" && many.runs.map(\.id).first == "sample-001")
    #expect(few.runs == Array(many.runs.prefix(9)))
    #expect(Set(many.runs.map(\.settings)).count == 200)
    var widths: Set<Int> = []
    for run in many.runs {
      let plan = try NetworkPlan(run.experiment.network)
      #expect(plan.total.macs <= 4_000_000 && (2...4).contains(plan.spec.stages.count))
      func number(_ key: String) throws -> Double {
        try #require(run.settings.first { $0.key.hasSuffix(key) }.flatMap { Double($0.value) })
      }
      #expect(try (4...12).contains(number("depth")))
      #expect(try (4.0...32).contains(number("wa")) && (2.0...3).contains(number("wm")))
      #expect(try number("w0").truncatingRemainder(dividingBy: 8) == 0)
      widths.insert(Int(try number("w0")))
      #expect((1...64).contains(run.experiment.epochs))
    }
    #expect(widths.count > 3)
    // As many below the geometric mean as above it.
    let short = many.runs.count { $0.experiment.epochs < 8 }
    #expect((60...140).contains(short))
  }

  /// One run is a sweep too: the others may be yet to come.
  @Test(arguments: ["variants: {a: {}}", "grid: {seed: [5]}", "variants: {a: {seed: 1}}"])
  func oneRunIsEnough(text: String) { #expect(Self.error(text) == "no error") }

  /// Of one run too, what is wrong is said.
  @Test(arguments: ["variants: {a: {sed: 1}}", "grid: {sed: [5]}"])
  func oneRunIsRead(text: String) { #expect(Self.error(text).contains("did you mean seed?")) }

  /// What is wrong is said in one line, with the file, the run and the key.
  @Test func errors() {
    let texts = [
      "", "grid: {}", "variants: {}\ngrid: {seed: [1, 2]}",
      "grid:\n  ? \(String(repeating: "a.", count: 100_000))a\n  : [1, 2]",
      "grid: {\((0..<65).map { "a\($0): [1]" }.joined(separator: ", "))}",
      "grid: {network.init: [\(String(repeating: "x", count: 250)), y]}",
      "variants: {\(String(repeating: "a", count: 70)): {seed: 1}, b: {}}\n"
        + "grid: {network.init: [lecun_normal], network.padding: [same], loss.label_smoothing: [0.10000000000000000000000000000000000000000000000000000000000000000000], data.limit: [300]}",
      "grid: 3", "grid: {seed: 3}", "grid: {seed: []}", "grids: {seed: [1]}",
      "variants: {a: 3, b: 4}", "variants: {a/b: {seed: 1}, c: {seed: 2}}",
      "grid: {epochs: [1, none]}", "grid: {epoch: [1, 2]}", "grid: {network.preset.x: [1, 2]}",
      "grid: {network.stages[9].blocks: [1, 2]}", "grid: {network..x: [1, 2]}",
      "grid: {seed: [1, 1]}",
      "variants: {a: {seed: 1}, b: {seed: 2}}\nrandom: {samples: 2, space: {seed: [1, 2]}}",
      "random: {space: {seed: [1, 2]}}", "random: {samples: 2}",
      "random: {samples: 2, space: {seed: 3}}",
      "random: {samples: 2, space: {seed: {min: 3, max: 1}}}",
      "random: {samples: 2, space: {seed: {min: 0, max: 9, scale: log}}}",
      "random: {samples: 2, space: {ema: {min: 0.1, max: 0.2, step: 1}}}",
      "random: {samples: 2, space: {seed: {min: 0, max: 9}}, accept: {macs: {max: 1}}}",
      "random: {samples: 2, space: {seed: {min: 0, max: 9}}, accept: {depth: {max: 1}}}",
      "random: {samples: 2, space: {epochs: {min: -9, max: 0}}}",
      "experiment: 3\ngrid: {seed: [1, 2]}",
      "variants: {a: {seed: 1}, b: {}}\ngrid: {seed: [1, 2]}", "variants: {'': {seed: 1}, b: {}}",
      "random: {samples: 2, space: {seed: {min: 0, max: 9999999999999999}}}",
      "random: {samples: 2, space: {ema: {min: .nan, max: 0.2}}}",
      "random: {samples: 2, space: {ema: {min: 1.0e-300, max: 1.0e+300, scale: log}}}",
      "grid: {seed: [\((0..<200).map(String.init).joined(separator: ","))], epochs: [\((1...200).map(String.init).joined(separator: ","))]}",
    ]
    let lines = texts.map { text in
      "\(text.replacing("\n", with: "⏎").prefix(120))\n    \(Self.error(text))"
    }
    expectSnapshot(lines.joined(separator: "\n") + "\n", named: "sweep-errors")
    for text in texts {
      let error = Self.error(text)
      #expect(error != "no error" || text.hasPrefix("experiment"), "\(text)")
      #expect(error.count < 300 && !error.contains("\n"))
    }
  }

  /// An experiment that is wrong by itself is said so with its own line.
  @Test func theVariedExperimentHasItsOwnErrors() {
    do {
      _ = try Self.sweep("grid: {seed: [1, 2]}", base: "network: {preset: resnet18}\nepoch: 3")
      Issue.record("no error")
    } catch {
      #expect(error.description.hasPrefix("folder/experiment.yaml:2: epoch"))
    }
    // One that cannot be trained is named.
    let sweep = try? Self.sweep("grid: {data.batch: [64, 128], data.limit: [100]}")
    #expect(sweep?.problem?.key == "batch-128_limit-100: data.batch")
  }
}

@Suite struct SweepReportTests {
  private func row(
    _ id: String, _ accuracy: Double?, macs: Int = 1, seed: String? = nil, isFinished: Bool = true
  ) -> SweepReport.Row {
    var settings = [Sweep.Setting(key: "network.shortcut", value: String(id.prefix(1)))]
    if let seed { settings.append(Sweep.Setting(key: "seed", value: seed)) }
    return SweepReport.Row(
      id: seed.map { "\(id)_seed-\($0)" } ?? id, group: id, settings: settings,
      isFinished: isFinished,
      parameters: 1, macs: macs, steps: 10, validationAccuracy: accuracy)
  }

  @Test func errorsAndFront() {
    let report = SweepReport([
      row("a", 0.90, macs: 10), row("b", 0.95, macs: 30), row("c", 0.92, macs: 20),
      row("d", 0.91, macs: 25), row("e", nil), row("f", 0.99, isFinished: false),
    ])
    #expect(report.rows.map(\.id) == ["b", "c", "d", "a", "e", "f"])
    #expect(report.finished.map(\.id) == ["b", "c", "d", "a"])
    #expect(report.front.map(\.id) == ["a", "c", "b"])
    #expect(report.share(ofErrorsUpTo: 0.06) == 0.25 && report.share(ofErrorsUpTo: 0.5) == 1)
    #expect(report.share(ofErrorsUpTo: 0.01) == 0)
    #expect(abs((report.error(ofShare: 0.5) ?? 0) - 0.08) < 1e-12)
    #expect(abs((report.error(ofShare: 1) ?? 0) - 0.10) < 1e-12)
    #expect(report.means.isEmpty)
    #expect(SweepReport([]).error(ofShare: 0.5) == nil && SweepReport([]).front.isEmpty)
  }

  @Test func meansOverSeeds() throws {
    let report = SweepReport([
      row("p", 0.90, seed: "0"), row("p", 0.92, seed: "1"), row("q", 0.95, seed: "0"),
      row("q", 0.93, seed: "1"), row("q", 0.97, seed: "2", isFinished: false),
    ])
    #expect(report.means.map(\.id) == ["q", "p"] && report.means.map(\.count) == [2, 2])
    let mean = try #require(report.means.first?.validationAccuracy)
    // One lucky seed makes no front.
    let lucky = SweepReport([
      row("p", 0.90, macs: 2, seed: "0"), row("p", 0.96, macs: 2, seed: "1"),
      row("q", 0.95, seed: "0"), row("q", 0.93, seed: "1"),
    ])
    #expect(lucky.front.map(\.id) == ["q"] && lucky.front.first?.macs == 1)
    #expect(
      abs(mean.mean - 0.94) < 1e-12 && abs((mean.deviation ?? 0) - 0.02 / 2.0.squareRoot()) < 1e-9)
  }

  @Test func frontOfCosts() {
    #expect(ParetoFront.indices(costs: [], values: []) == [])
    #expect(ParetoFront.indices(costs: [2, 1, 1, 3], values: [5, 4, 4.5, 5]) == [2, 0])
  }
}
