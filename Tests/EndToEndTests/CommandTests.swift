import Architecture
import EventLog
import Experiments
import Foundation
import TestSupport
import Testing

/// The commands without a terminal: what they print, and how they fail.
@Suite(.serialized) struct CommandTests {
  /// One line on standard error, nothing on standard output, the exit code of bad input.
  private func expectRefusal(
    _ arguments: [String], in folder: String, code: Int32 = 65, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let outcome = try await Program.run(arguments, in: folder)
    #expect(outcome.code == code && outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(
      outcome.error.split(separator: "\n").count == 1, "\(outcome.error)",
      sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.error.contains(word), "\(outcome.error)", sourceLocation: sourceLocation)
    }
  }

  private struct BenchReport: Decodable {
    struct Layer: Decodable {
      struct Pass: Decodable {
        var implementation: String
        var ms: Double
      }
      var name: String
      var ms: Double
      var passes: [Pass]
    }
    struct Spread: Decodable {
      var min, median, max: Double
    }
    var imagesPerSecond, peakRssMb: Double
    var stepMs: Spread
    var convolutionMs: Double?
    var layers: [Layer]?
  }

  private static let tiny =
    "{input: [1, 12, 12], classes: 10, stem: cifar, block: basic, stages: [{blocks: 1, channels: 16}]}"

  @Test func benchTimesSteps() async throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let trained = try await Program.run(
      ["bench", Self.tiny, "--batch", "8", "--steps", "3", "--layers", "--json"], in: "/")
    #expect(trained.code == 0, "\(trained.error)")
    let report = try decoder.decode(BenchReport.self, from: Data(trained.output.utf8))
    #expect(report.stepMs.min <= report.stepMs.median && report.stepMs.median <= report.stepMs.max)
    #expect(report.stepMs.min > 0 && report.peakRssMb > 1)
    #expect(abs(report.imagesPerSecond - 8000 / report.stepMs.median) < 1e-6)
    let layers = try #require(report.layers)
    let convolution = try #require(layers.first { $0.name == "layer1.0.conv1" })
    #expect(convolution.passes.count == 3)
    #expect(convolution.passes.allSatisfy { $0.implementation.hasPrefix("winograd_") })
    // The parts are measured within the same steps.
    #expect(try #require(report.convolutionMs) <= report.stepMs.max)
    #expect(layers.reduce(0) { $0 + $1.ms } <= report.stepMs.max)

    let evaluated = try await Program.run(
      ["bench", Self.tiny, "--batch", "8", "--evaluate", "--convolution", "direct"], in: "/")
    #expect(evaluated.code == 0 && evaluated.output.contains("evaluation step"))
    #expect(!evaluated.output.contains("convolutions"))
    let refused = try await Program.run(["bench", Self.tiny, "--serve", "--json"], in: "/")
    #expect(refused.code == 64)
  }

  /// torchvision 0.28's parameter counts, and multiply-accumulates by PyTorch's FlopCounterMode.
  @Test(
    arguments: [
      ("resnet18", 11_689_512, 1_814_073_344), ("resnet34", 21_797_672, nil),
      ("resnet50", 25_557_032, 4_089_184_256), ("resnet101", 44_549_160, nil),
      ("resnet152", 60_192_808, nil), ("resnext50_32x4d", 25_028_904, 4_230_479_872),
      ("resnext101_32x8d", 88_791_336, nil), ("resnext101_64x4d", 83_455_272, nil),
      ("wide_resnet50_2", 68_883_240, nil), ("wide_resnet101_2", 126_886_696, nil),
    ] as [(String, Int, Int?)])
  func summaryCountsAsTorchvisionDoes(name: String, parameters: Int, macs: Int?) async throws {
    let outcome = try await Program.run(
      ["summary", name, "--input", "3x224x224", "--classes", "1000", "--json"], in: "/")
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    let summary = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
    #expect(summary.total.parameters == parameters)
    if let macs { #expect(summary.total.macs == macs) }
    #expect(summary.input == [3, 224, 224] && summary.layers.last?.name == "fc")
    #expect(summary.layers.last?.output == [1000])
  }

  private struct Summary: Decodable {
    var network: String
    var input: [Int]
    var layers: [Layer]
    var total: Total
    struct Layer: Decodable {
      var name: String
      var kind: String
      var output: [Int]
    }
    struct Total: Decodable {
      var parameters: Int
      var macs: Int
      var activations: Int
    }
  }

  /// The shapes that the chapter prints for a 96×96 image.
  @Test func summaryTracesTheChaptersShapes() async throws {
    let outcome = try await Program.run(
      ["summary", "d2l_resnet18", "--input", "1x96x96", "--json"], in: "/")
    let layers = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8)).layers
    func output(_ name: String) -> [Int]? { layers.last { $0.name.hasPrefix(name) }?.output }
    #expect(output("maxpool") == [64, 24, 24] && output("layer1") == [64, 24, 24])
    #expect(output("layer2") == [128, 12, 12] && output("layer3") == [256, 6, 6])
    #expect(output("layer4") == [512, 3, 3] && output("fc") == [10])
  }

  @Test func versionAndCompletions() async throws {
    let version = try await Program.run(["--version"], in: "/")
    #expect(version.code == 0 && version.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    for shell in ["bash", "zsh", "fish"] {
      let script = try await Program.run(["--generate-completion-script", shell], in: "/")
      #expect(script.code == 0 && script.output.contains("summary"))
    }
  }

  /// Options take the place of what the experiment says, in the run's own experiment too.
  @Test func optionsAreKept() async throws {
    try await withAsyncScratchFolder { folder in
      try put(Array(Program.experiment(name: "demo", epochs: 2).utf8), at: "\(folder)/demo.yaml")
      let trained = try await Program.run(
        [
          "train", "demo.yaml", "--epochs", "1", "--precision", "bf16", "--seed", "5", "--run",
          "run", "--progress", "none",
        ], in: folder)
      #expect(trained.code == 0, "\(trained.error)")
      let ran = try Experiment.load("\(folder)/run/experiment.yaml")
      #expect(ran.epochs == 1 && ran.precision == .bf16 && ran.seed == 5)
      #expect(try RunStatus.read(from: RunDirectory(path: "\(folder)/run")).step == 50)
    }
  }

  /// A line of standard input for a step, a line of output for its time.
  @Test func benchServes() async throws {
    try await withAsyncScratchFolder { folder in
      let line = "printf '\\n\\n' | \"$0\" bench '\(Self.tiny)' --batch 4 --serve > out"
      #expect(try await Program.shell(line, in: folder) == 0)
      let lines = String(decoding: try bytes(of: "\(folder)/out"), as: UTF8.self)
        .split(separator: "\n")
      #expect(lines.first == "ready" && lines.count == 3)
      #expect(lines.dropFirst().allSatisfy { Double($0).map { $0 > 0 } == true })
    }
  }

  /// Each row of a summary has every key, null where it does not apply.
  @Test func summariesHaveEveryKey() async throws {
    try await withAsyncScratchFolder { folder in
      let text = try await Program.run(["summary", "resnet18", "--json"], in: folder).output
      let summary = try #require(
        JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let layers = try #require(summary["layers"] as? [[String: Any]])
      func row(_ name: String) throws -> [String: Any] {
        try #require(layers.first { $0["name"] as? String == name })
      }
      let conv = try row("layer1.0.conv1")
      #expect(conv["kernel"] as? [Int] == [3, 3] && conv["stride"] as? [Int] == [1, 1])
      #expect(conv["groups"] as? Int == 1 && conv["parameters"] as? Int == 36_864)
      #expect(conv["macs"] as? Int == 115_605_504)
      let relu = try row("layer1.0.relu1")
      for key in ["kernel", "stride", "groups"] { #expect(relu[key] is NSNull, "\(key)") }
    }
  }

  /// A run is gone on with as it was computed, unless something else is asked for, which its log says.
  @Test func resumesComputeAsBefore() async throws {
    try await withAsyncScratchFolder { folder in
      try put(Array(Program.experiment(name: "demo", epochs: 2).utf8), at: "\(folder)/demo.yaml")
      func train(_ steps: Int, _ options: [String]) async throws -> String {
        let arguments = [
          "train", "demo.yaml", "--run", "run", "--max-steps", "\(steps)", "--progress", "plain",
        ]
        let outcome = try await Program.run(arguments + options, in: folder)
        #expect(outcome.code == 0, "\(outcome.error)")
        return outcome.error
      }
      _ = try await train(2, ["--threads", "1", "--convolution", "direct"])
      let same = try await train(4, ["--resume"])
      #expect(same.contains("resumed after step 2") && !same.contains("bit for bit"), "\(same)")
      let other = try await train(6, ["--resume", "--convolution", "auto"])
      #expect(other.contains("convolution auto, was direct"), "\(other)")
      let log = try #require(EventFile.files(in: "\(folder)/run").first)
      let remarks = try EventFile.texts(of: log).filter { $0.tag == "run/control" }
      #expect(remarks.count == 3 && remarks[2].text.contains("convolution auto, was direct"))
    }
  }

  /// Trains, lists, exports and replays one run.
  @Test func aRunFromBeginningToEnd() async throws {
    try await withAsyncScratchFolder { folder in
      try FileManager.default.createDirectory(
        atPath: "\(folder)/experiments/demo", withIntermediateDirectories: true)
      try put(
        Array(Program.experiment(name: "demo", epochs: 2).utf8),
        at: "\(folder)/experiments/demo/experiment.yaml")
      let run = "experiments/demo/runs/one"
      let train = try await Program.run(
        ["train", "demo", "--run", run, "--progress", "plain", "--threads", "1"], in: folder)
      #expect(train.code == 0 && train.error.contains("epoch 2/2  step 100/100"))
      #expect(train.output.contains("finished at step 100") && train.output.contains(run))

      let runs = try await Program.run(["runs", "--json"], in: folder)
      #expect(runs.code == 0 && runs.output.contains("\"state\" : \"finished\""))
      // What the network costs, and how long it took.
      let costs = try await Program.run(["summary", run, "--json"], in: folder).output
      let total = try #require(costs.split(separator: "\"total\"").last)
      let macs = try #require(total.firstMatch(of: /"macs" : \d+/)).0
      #expect(runs.output.contains(macs) && runs.output.contains("\"seconds\" : "))
      let table = try await Program.run(["runs"], in: folder)
      #expect(table.output.contains("MACs") && table.output.contains("time"))

      let csv = try await Program.run(["export", run, "--format", "csv"], in: folder)
      let lines = csv.output.split(separator: "\n")
      #expect(csv.code == 0 && lines[0] == "tag,step,wall_time,value")
      #expect(lines.count { $0.hasPrefix("loss/train,") } == 100)
      #expect(lines.count { $0.hasPrefix("accuracy/val,") } == 2)
      struct Row: Decodable {
        var tag: String
        var step: Int
        var wallTime: Double
        var value: Float
      }
      let json = try await Program.run(["export", run, "--format", "json"], in: folder)
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let rows = try decoder.decode([Row].self, from: Data(json.output.utf8))
      #expect(json.code == 0 && rows.count == lines.count - 1)
      for (row, line) in zip(rows, lines.dropFirst()) {
        #expect(line == "\(row.tag),\(row.step),\(row.wallTime),\(row.value)")
      }

      // Same input, same bytes, with no environment at all.
      for arguments in [
        ["--size", "80x24"], ["--size", "120x40", "--at-fraction", "0.5", "--format", "ansi"],
        ["--pane", "layers", "--at-step", "10"], ["--keys", "3XXXXX"],
      ] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/config/resnet-tui", withIntermediateDirectories: true)
        try put(
          Array("theme: light\n".utf8), at: "\(folder)/config/resnet-tui/settings.yaml")
        let first = try await Program.run(["replay", run] + arguments, in: folder)
        let second = try await Program.run(
          ["replay", run] + arguments, in: folder,
          environment: [
            "TERM": "dumb", "LANG": "C", "COLUMNS": "10", "NO_COLOR": "1", "TZ": "Asia/Tokyo",
            "HOME": folder, "XDG_CONFIG_HOME": "\(folder)/config",
          ])
        #expect(first.code == 0 && !first.output.isEmpty && first.output == second.output)
      }
      let half = try await Program.run(["replay", run, "--at-fraction", "0.5"], in: folder)
      #expect(half.output.contains("step 50/100") && half.output.contains("running"))

      // Where it stands may not hold another run, nor an experiment.
      try await expectRefusal(["train", "demo", "--run", run], in: folder, run, "--run")
      try await expectRefusal(
        ["train", "demo", "--run", "experiments/demo"], in: folder, "experiments/demo", "--run")
      try await expectRefusal(
        ["replay", run, "--output", "\(run)/status.json"], in: folder, "status.json", "elsewhere")
      // Runs that begin in the same second find a place each.
      async let first = Program.run(["train", "demo", "--max-steps", "1"], in: folder)
      async let second = Program.run(["train", "demo", "--max-steps", "1"], in: folder)
      let codes = try await [first.code, second.code]
      #expect(codes == [0, 0])
      #expect(try names(in: "\(folder)/experiments/demo/runs").count == 3)

      // A torn log is shown as far as it goes.
      let name = try #require(
        names(in: "\(folder)/\(run)").first { $0.contains("tfevents") })
      let log = "\(folder)/\(run)/\(name)"
      try put(Array(bytes(of: log).dropLast(7)), at: log)
      let torn = try await Program.run(["replay", run], in: folder)
      #expect(torn.code == 0 && torn.output.contains("the log is damaged"))
      var damaged = try bytes(of: log)
      damaged[damaged.count / 2] ^= 0xFF
      try put(damaged, at: log)
      let replay = try await Program.run(["replay", run], in: folder)
      #expect(replay.code == 0 && replay.output.contains("the log is damaged"))
      for command in [["runs"], ["compare", "--all", run]] {
        let outcome = try await Program.run(command, in: folder)
        #expect(outcome.code == 0 && outcome.error.contains("the log is damaged"), "\(command)")
      }
    }
  }

  /// A foreign log may tell any step: fractions and intervals of it are still moments of the log.
  @Test func largeStepsAreReplayed() async throws {
    try await withAsyncScratchFolder { folder in
      try FileManager.default.createDirectory(
        atPath: "\(folder)/log", withIntermediateDirectories: true)
      let writer = try EventLogWriter(
        creating: "\(folder)/log/events.out.tfevents.1.host", wallTime: 1)
      for step in [0, 5, 12, .max] {
        try writer.append(step: step, wallTime: 2, scalars: [("loss", 1)])
      }
      writer.close()
      for options in [["--at-fraction", "1"], ["--at-fraction", "0.5"], ["--every", "10"]] {
        let replay = try await Program.run(
          ["replay", "log", "--format", "json"] + options, in: folder)
        #expect(replay.code == 0, "\(replay.error)")
        let screens = replay.output.split(separator: "\n").count { $0.contains("\"screen\"") }
        #expect(screens == (options[0] == "--every" ? 3 : 1), "\(options)")
      }
    }
  }

  /// A result that cannot be written is a failure, and a closed stream is no other file.
  @Test func lostOutputIsAFailure() async throws {
    try await withAsyncScratchFolder { folder in
      try put(Array(Program.experiment(name: "demo", epochs: 1).utf8), at: "\(folder)/demo.yaml")
      for line in [
        "\"$0\" summary resnet18 > /dev/full", "\"$0\" summary resnet18 >&-",
        "\"$0\" summary --list --json > /dev/full", "\"$0\" --help > /dev/full",
        "\"$0\" --version >&-",
      ] {
        #expect(try await Program.shell(line, in: folder) == 1, "\(line)")
      }
      #expect(
        try await Program.shell("\"$0\" train demo.yaml --max-steps 3 --run run 2>&-", in: folder)
          == 0)
      let output = try await Program.run(["replay", "run", "--output", "/dev/full"], in: folder)
      #expect(output.code == 1 && output.error.contains("the disk is full"))
      let export = try await Program.run(["export", "run"], in: folder)
      #expect(export.code == 0 && export.error.isEmpty)
    }
  }

  /// What a name or a file holds cannot move the cursor of who reads the message.
  @Test func messagesHoldNoEscapeSequences() async throws {
    for arguments in [
      ["\u{1b}[31mred"], ["replay", "\u{1b}]0;x\u{7}"], ["--no-\u{1b}[2J"], ["export", "a\u{9b}b"],
      ["summary", "--input", "\u{1b}[31m", "resnet18"], ["runs", "--experiments", "\u{1b}[31m"],
    ] {
      let outcome = try await Program.run(arguments, in: "/")
      #expect(outcome.code != 0 && !outcome.error.isEmpty)
      #expect(
        !(outcome.error + outcome.output).unicodeScalars.contains {
          "\u{1b}\u{7}\u{9b}".unicodeScalars.contains($0)
        })
    }
  }

  /// With no terminal the session trains its experiment and prints the last screen.
  @Test func theSessionWithoutATerminal() async throws {
    try await withAsyncScratchFolder { folder in
      try put(Array(Program.experiment(name: "demo", epochs: 2).utf8), at: "\(folder)/demo.yaml")
      let outcome = try await Program.run(["demo.yaml"], in: folder)
      #expect(outcome.code == 0 && outcome.error.contains("step 100/100"))
      #expect(outcome.output.contains("✓ finished") && outcome.output.contains("3 loss"))
      #expect(outcome.output.contains("kept in experiments/demo/runs/"))
      // What cannot be trained is told with its file, and leaves nothing.
      var wrong = Program.experiment(name: "wrong", epochs: 2)
      wrong.replace("batch: 32", with: "batch: 20000")
      try put(Array(wrong.utf8), at: "\(folder)/wrong.yaml")
      try await expectRefusal(["wrong.yaml"], in: folder, "wrong.yaml: data.batch: 20000 is more")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/experiments/wrong"))
    }
  }

  @Test func comparesSpecs() async throws {
    let json = try await Program.run(
      ["compare", "resnet18", "{preset: resnet18, conv_bias: true}", "--json"], in: "/")
    #expect(json.code == 0 && json.output.contains("\"key\" : \"network.conv_bias\""))
    #expect(json.output.contains("11689512") && !json.output.contains("network.stages"))
    let same = try await Program.run(["compare", "resnet18", "resnet18"], in: "/")
    #expect(same.code == 0 && same.output.hasSuffix("no difference\n"))
    try await expectRefusal(["compare", "resnet18", "nowhere"], in: "/", "nowhere")
    try await expectRefusal(
      ["compare", "resnet18", "./nowhere"], in: "/", "./nowhere: no such run")
    try await expectRefusal(["control", "./nowhere", "pause"], in: "/", "no such run directory")
    #expect(try await Program.run(["compare", "resnet18"], in: "/").code == 64)
  }

  /// A run as it was at a step has the values that its log had then.
  @Test func comparesRunsAtAStep() async throws {
    struct Report: Decodable {
      struct Row: Decodable {
        var key: String
        var values: [Double?]
      }
      var metrics: [Row]
    }
    let (root, run) = try savedRun()
    func last(_ options: [String]) async throws -> [String: Double?] {
      let json = try await Program.run(["compare", run, "--all", "--json"] + options, in: root)
      #expect(json.code == 0, "\(json.error)")
      let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
      return Dictionary(uniqueKeysWithValues: report.metrics.map { ($0.key, $0.values[0]) })
    }
    let table = try await Program.run(["export", run, "--format", "csv"], in: root).output
    let rows = table.split(separator: "\n").map { $0.split(separator: ",") }
      .filter { $0[0] == "accuracy/val" }
    #expect(rows.count == 5)
    for row in rows {
      let metrics = try await last(["--at-step", String(row[1])])
      #expect(metrics["steps"] == Double(row[1]))
      let value = try #require(metrics["accuracy/val last"] ?? nil)
      #expect(abs(value - (Double(row[3]) ?? 0)) < 1e-7)
    }
    #expect(try await last(["--at-step", "999999"]) == (try await last([])))
    #expect(try await Program.run(["compare", run, run, "--at-step=-1"], in: root).code == 64)
  }

  /// A network as code: of a spec, of what a run recorded; csv of runs only.
  @Test func exportsNetworksAsCode() async throws {
    try await withAsyncScratchFolder { folder in
      let code = try await Program.run(
        ["export", "resnet18", "--format", "pytorch", "--input", "1x28x28", "--classes", "7"],
        in: folder)
      #expect(code.code == 0 && code.error.isEmpty && code.output.contains("nn.Linear(512, 7)"))
      try await expectRefusal(["export", "resnet18"], in: folder, "resnet18", "pytorch")
      try await expectRefusal(["export", "{preset: resnet18}"], in: folder, "no scalars")
      try await expectRefusal(
        ["export", "resnet19", "--format", "keras"], in: folder, "resnet19", "resnet18")
      for arguments in [
        ["export", "resnet18", "--format", "caffe"], ["export", ".", "--classes", "7"],
      ] {
        let outcome = try await Program.run(arguments, in: folder)
        #expect(outcome.code == 64 && outcome.output.isEmpty && !outcome.error.isEmpty)
      }
      try put(Array(Program.experiment(name: "demo", epochs: 1).utf8), at: "\(folder)/demo.yaml")
      let train = try await Program.run(
        ["train", "demo.yaml", "--run", "run", "--max-steps", "1"], in: folder)
      #expect(train.code == 0)
      let ran = try await Program.run(["export", "run", "--format", "pytorch"], in: folder)
      let spec = try await Program.run(["export", "demo.yaml", "--format", "pytorch"], in: folder)
      func body(_ text: String) -> Substring { text.drop { $0 != "\n" } }
      #expect(ran.code == 0 && body(ran.output) == body(spec.output) && !ran.output.isEmpty)
    }
  }

  @Test func badInputIsRefusedInOneLine() async throws {
    try await withAsyncScratchFolder { folder in
      func write(_ text: String) throws { try put(Array(text.utf8), at: "\(folder)/bad.yaml") }
      try await expectRefusal(["summary", "resnet19"], in: folder, "resnet19", "resnet18")
      try await expectRefusal(["summary", "none.yaml"], in: folder, "none.yaml")
      try write("network: {preset: resnet18}\ndata: {set: mnist, bath: 3}\n")
      try await expectRefusal(["train", "bad.yaml"], in: folder, "bad.yaml:2", "bath", "batch")
      try write("network: {preset: resnet18}\nepochs: many\n")
      try await expectRefusal(["train", "bad.yaml"], in: folder, "bad.yaml:2", "epochs")
      try write("network: [\n")
      try await expectRefusal(["train", "bad.yaml"], in: folder, "bad.yaml")
      try write("network: {preset: resnet18, stages: [{blocks: 0, channels: 8}]}\n")
      try await expectRefusal(["summary", "bad.yaml"], in: folder, "bad.yaml", "blocks")
      try write("network: {preset: resnet18, input: [1, 28, 28], classes: 7}\n")
      try await expectRefusal(["train", "bad.yaml"], in: folder, "bad.yaml", "network.classes")
      try await expectRefusal(["train", "nothing"], in: folder, "nothing")
      try await expectRefusal(["replay", "nowhere"], in: folder, "nowhere")
      try await expectRefusal(["replay", "."], in: folder, "no event log")
      try put(Array("not a log".utf8), at: "\(folder)/x.tfevents.1")
      try await expectRefusal(["replay", "."], in: folder, "no event")
      try await expectRefusal(["export", "nowhere", "--format", "csv"], in: folder, "nowhere")
      #expect(try names(in: folder) == ["bad.yaml", "x.tfevents.1"])
    }
  }

  @Test(arguments: [
    ["summary"], ["train"], ["replay", "x", "--size", "0x5"],
    ["replay", "x", "--at-fraction", "2"],
    ["train", "x", "--epochs", "0"], ["train", "x", "--epochs", "144115188075855872"],
    ["train", "x", "--seed", "18446744073709551615"], ["--no-such-option"],
    ["summary", "resnet18", "--input", "3"],
  ])
  func badUsageIs64(arguments: [String]) async throws {
    let outcome = try await Program.run(arguments, in: "/")
    #expect(outcome.code == 64 && outcome.output.isEmpty && !outcome.error.isEmpty)
  }

  /// The saved experiments replay on a machine without data or terminal.
  /// Every recorded run can be looked at, and all logs together are small enough to be kept.
  @Test func savedExperimentsReplay() async throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    var (runs, bytes) = (0, 0)
    for run in RunDirectory.list(root: "\(root)/experiments") {
      guard let status = try? RunStatus.read(from: run), status.state == .finished else { continue }
      let outcome = try await Program.run(["replay", run.path, "--size", "100x30"], in: root)
      #expect(outcome.code == 0 && outcome.error.isEmpty, "\(run.path): \(outcome.error)")
      #expect(outcome.output.contains("finished"), "\(run.path)")
      runs += 1
      bytes += run.eventFiles().reduce(0) { $0 + EventFile.length($1) }
    }
    print("recorded runs: \(runs) replayed, their logs take \(bytes) bytes")
    #expect(runs > 1 && bytes < 15_000_000)
    let outcome = try await Program.run(
      ["replay", "experiments/fashion-resnet18/runs/20261127-113018"], in: root)
    #expect(outcome.output.contains("best val 91.50 %") && outcome.output.contains("11.18 M"))
  }

  /// The runs below a folder are replayed together: keys choose and compare them. One that cannot be read is
  /// told, and left out.
  @Test func replaysAFolderOfRuns() async throws {
    let (root, run) = try savedRun()
    try await withAsyncScratchFolder { folder in
      for (place, source) in [
        ("experiments/a/runs/one", run),
        ("experiments/b/runs/two", "experiments/fashion-resnet18/runs/20261127-113018"),
        ("experiments/log", run),
      ] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(place)", withIntermediateDirectories: true)
        for name in ["status.json"]
          + EventFile.files(in: "\(root)/\(source)").map({
            String($0.split(separator: "/").last ?? "")
          })
        {
          try put(try bytes(of: "\(root)/\(source)/\(name)"), at: "\(folder)/\(place)/\(name)")
        }
      }
      try FileManager.default.createDirectory(
        atPath: "\(folder)/experiments/empty", withIntermediateDirectories: true)
      try put([], at: "\(folder)/experiments/empty/events.out.tfevents.1.x")
      for source in ["experiments", "experiments/"] {
        let whole = try await Program.run(
          ["replay", source, "--size", "150x40", "--keys", "6<space><down><space>c"], in: folder)
        #expect(whole.code == 0 && whole.output.contains("compare"), "\(whole)")
        #expect(whole.error.contains("experiments/empty: its event log holds no event"))
        let scatter = try await Program.run(
          ["replay", source, "--size", "150x40", "--keys", "6<space><down><space>cvv"], in: folder)
        #expect(scatter.output.contains("best validation accuracy against MACs"))
      }
      let table = try await Program.run(
        ["replay", "experiments", "--size", "150x20", "--pane", "runs"], in: folder)
      for name in ["one", "two", "log"] { #expect(table.output.contains(name), "\(table.output)") }
      let screens = try await Program.run(
        ["replay", "experiments", "--size", "80x24", "--every", "1000"], in: folder)
      #expect(screens.code == 0 && screens.output.split(separator: "\n").count >= 3 * 24)
      let none = try await Program.run(["replay", "experiments/empty"], in: folder)
      #expect(none.code == 65)
      try put([], at: "\(folder)/experiments/empty/sweep.yaml")
      try FileManager.default.removeItem(
        atPath: "\(folder)/experiments/empty/events.out.tfevents.1.x")
      try await expectRefusal(
        ["replay", "experiments/empty"], in: folder,
        "an experiment without a run; resnet-tui sweep experiments/empty/sweep.yaml trains it")
    }
  }

  private static let saved = "experiments/resnet20-fashion"

  /// The repository's folder, and a run that it has.
  private func savedRun() throws -> (root: String, run: String) {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let run = try #require(RunDirectory.ids(experimentFolder: "\(root)/\(Self.saved)").first)
    return (root, "\(Self.saved)/runs/\(run)")
  }

  /// One screen after another: each is what `--at-step` shows, and the last what it shows at the end.
  @Test func replaysStepByStep() async throws {
    let (root, run) = try savedRun()
    func replay(_ options: String...) async throws -> String {
      let outcome = try await Program.run(
        ["replay", run, "--size", "80x24", "--pane", "loss"] + options, in: root)
      #expect(outcome.code == 0, "\(outcome.error)")
      return outcome.output
    }
    let screens = try await replay("--every", "1000").split(separator: "\n\n")
    #expect(screens.count == 3)
    for (screen, step) in zip(screens, ["1000", "2000", "2340"]) {
      let single = try await replay("--at-step", step)
      #expect(
        screen.trimmingCharacters(in: .whitespacesAndNewlines)
          == single.trimmingCharacters(in: .whitespacesAndNewlines), "\(step)")
    }
  }

  /// A film of a run in the time that it took, faster, and without the long waits.
  @Test func replaysAsACast() async throws {
    let (root, run) = try savedRun()
    func times(_ options: String...) async throws -> [Double] {
      let outcome = try await Program.run(
        ["replay", run, "--size", "80x24", "--format", "cast"] + options, in: root)
      #expect(outcome.code == 0, "\(outcome.error)")
      return try outcome.output.split(separator: "\n").dropFirst().map { line in
        let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any]
        return try #require(event?[0] as? Double)
      }
    }
    let whole = try await times("--idle-limit", "1000")
    #expect(whole.count == 102 && whole == whole.sorted())
    // The validation's time is in it.
    let length = try #require(whole.last)
    #expect(length > 200)
    let fast = try await times("--idle-limit", "1000", "--speed", "10")
    #expect(abs(try #require(fast.last) - length / 10) < 0.1)
    let busy = try await times("--every", "500")
    #expect(busy == [0, 2, 4, 6, 8])
  }

  /// The state behind a screen.
  @Test func replaysAsJSON() async throws {
    let (root, run) = try savedRun()
    let outcome = try await Program.run(
      ["replay", run, "--format", "json", "--keys", "9vv"], in: root)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let about = try #require(json["run"] as? [String: Any])
    #expect(about["step"] as? Int == 2340 && about["state"] as? String == "finished")
    let scalars = try #require(json["scalars"] as? [String: [String: Any]])
    let accuracy = try #require(scalars["accuracy/val"]?["latest"] as? [String: Any])
    #expect(abs((accuracy["value"] as? Double ?? 0) - 0.9263) < 1e-4)
    let screen = try #require(json["screen"] as? [String: Any])
    #expect(screen["focus"] as? String == "predictions")
    #expect((screen["rows"] as? [String])?.count == 40)
    #expect((json["predictions"] as? [String: Any])?["confusion"] != nil)
    // A line for each moment.
    let lines = try await Program.run(
      ["replay", run, "--format", "json", "--every", "1000"], in: root)
    #expect(lines.output.split(separator: "\n").count == 3)
  }

  /// The pictures of screens in the experiments are what `replay` draws, byte by byte.
  @Test(arguments: [
    ("screen", ["--at-fraction", "0.7", "--size", "160x48"]),
    ("layers", ["--at-fraction", "0.35", "--size", "110x40", "--pane", "layers"]),
    ("scalars", ["--size", "150x40", "--pane", "scalars"]),
    ("predictions", ["--size", "120x32", "--pane", "predictions"]),
    ("mistakes", ["--size", "120x19", "--pane", "predictions", "--keys", "9v"]),
    ("confusion", ["--size", "136x14", "--pane", "predictions", "--keys", "9vv"]),
  ])
  func picturesAreReplays(name: String, options: [String]) async throws {
    let (root, run) = try savedRun()
    let outcome = try await Program.run(
      ["replay", run, "--format", "svg"] + options, in: root)
    #expect(outcome.code == 0)
    let picture = String(
      decoding: try bytes(of: "\(root)/\(Self.saved)/\(name).svg"), as: UTF8.self)
    #expect(picture == outcome.output, "\(name).svg differs from what replay draws")
  }
}
