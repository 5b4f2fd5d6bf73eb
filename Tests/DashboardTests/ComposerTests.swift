import Architecture
import Cells
import EventLog
import Experiments
import TestSupport
import Testing

@testable import Dashboard

/// What the composer's keys make of a network, and what it says of it.
@Suite struct ComposerTests {
  private func scenario(_ preset: String = "resnet50", width: Int = 160, height: Int = 50)
    -> Scenario
  {
    var experiment = Experiment.standard
    experiment.choose(preset: preset)
    return Scenario(width: width, height: height, experiment: experiment)
  }

  private func select(_ field: ComposerField, in scenario: inout Scenario) {
    scenario.press(.character("1"), .home)
    for _ in scenario.state.composer.fields where scenario.state.composer.field != field {
      scenario.press(.down)
    }
    #expect(scenario.state.composer.field == field)
  }

  private func enter(_ text: String, in scenario: inout Scenario) {
    scenario.press(.enter)
    scenario.type(text)
    scenario.press(.enter)
  }

  /// Whatever number is typed, the keys that count on from it find one that can be.
  @Test(arguments: ["9223372036854775807", "-9223372036854775808"])
  func hugeNumbersAreCountedOnFrom(text: String) {
    var scenario = scenario("resnext50_32x4d")
    for (field, keys) in [
      (.stageBlocks(0), [.right, .left]), (.stageStride(0), [.right, .left]),
      (.stageChannels(0), [.character("a"), .right, .left]),
      (.grouping(.groups, stage: nil), [.right, .left]),
      (.grouping(.widthPerGroup, stage: 0), [.right, .left]),
    ] as [(ComposerField, [Key])] {
      for key in keys {
        select(field, in: &scenario)
        enter(text, in: &scenario)
        scenario.press(key)
        #expect(!scenario.screen.isEmpty)
        // The other spelling needs products of what was typed.
        select(field, in: &scenario)
        enter(text, in: &scenario)
        select(.groupingSpelling, in: &scenario)
        scenario.press(.right)
        scenario.type("zzzz")
      }
    }
    // Of a typed ratio too.
    select(.groupingSpelling, in: &scenario)
    scenario.press(.right)
    select(.grouping(.bottleneckRatio, stage: nil), in: &scenario)
    enter("1e300", in: &scenario)
    select(.groupingSpelling, in: &scenario)
    scenario.press(.right)
    #expect(scenario.state.composer.draft.network.grouping.bottleneckRatio(expansion: 4) == 1e300)
  }

  // MARK: Stages

  @Test func stagesAreAddedDuplicatedMovedAndRemoved() {
    var scenario = scenario()
    func channels() -> [Int] { scenario.state.composer.draft.network.stages.map(\.channels) }
    select(.stageChannels(3), in: &scenario)
    scenario.press(.character("a"))
    #expect(channels() == [64, 128, 256, 512, 1024])
    #expect(scenario.state.composer.field == .stageChannels(4))
    scenario.press(.character("D"))
    #expect(channels() == [64, 128, 256, 512])
    select(.stageBlocks(1), in: &scenario)
    scenario.press(.character("d"))
    #expect(channels() == [64, 128, 128, 256, 512])
    #expect(scenario.state.composer.draft.network.stages[2].stride == 1)
    #expect(scenario.state.composer.field == .stageBlocks(2))
    scenario.press(.character("J"))
    #expect(channels() == [64, 128, 256, 128, 512])
    #expect(scenario.state.composer.field == .stageBlocks(3))
    scenario.press(.character("K"), .character("K"), .character("K"), .character("K"))
    #expect(channels() == [128, 64, 128, 256, 512])
    #expect(scenario.state.composer.field == .stageBlocks(0))
    for _ in 0..<8 { scenario.press(.character("a")) }
    #expect(channels().count == NetworkSpec.stageCounts.upperBound)
    for _ in 0..<12 { scenario.press(.character("D")) }
    #expect(channels().count == 1)
  }

  @Test func everyEditCanBeUndone() {
    var scenario = Scenario()
    select(.seed, in: &scenario)
    for _ in 0..<1200 { scenario.press(.right) }
    #expect(scenario.state.composer.draft.seed == 1200)
    for _ in 0..<1300 { scenario.press(.character("z")) }
    #expect(scenario.state.composer.draft == .standard)
    for _ in 0..<1300 { scenario.press(.character("Z")) }
    #expect(scenario.state.composer.draft.seed == 1200)
  }

  // MARK: Fields

  /// Each field takes what it shows, and changes nothing by it.
  @Test(arguments: Preset.all.map(\.name))
  func fieldsReadWhatTheyShow(_ preset: String) throws {
    var experiment = Experiment.standard
    experiment.choose(preset: preset)
    for field in ComposerField.all(of: experiment) {
      let text = field.text(of: experiment)
      #expect(!text.isEmpty && !field.facts.help.isEmpty, "\(field)")
      if field == .preset && text.hasSuffix("*") { continue }
      #expect(try field.set(text, in: experiment) == experiment, "\(field): \(text)")
    }
  }

  /// The keys of the fields are those of the YAML file, and each stands once.
  @Test func fieldsHaveTheKeysOfTheFile() throws {
    var experiment = Experiment.standard
    experiment.choose(preset: "resnext50_32x4d")
    experiment.network.customStem.kernel = 5
    let yaml = experiment.yaml()
    let fields = ComposerField.all(of: experiment)
    #expect(Set(fields.map(\.facts.key)).count == fields.count)
    for field in fields where field != .groupingSpelling {
      let last = field.facts.key.split(separator: ".").last!.prefix { $0 != "[" }
      #expect(field == .preset || yaml.contains("\(last):"), "\(field.facts.key)")
    }
  }

  @Test func aStageCanHaveGroupsOfItsOwn() throws {
    var scenario = scenario("resnext50_32x4d")
    let own = ComposerField.grouping(.groups, stage: 1)
    #expect(own.isInherited(in: scenario.state.composer.draft))
    select(own, in: &scenario)
    enter("16", in: &scenario)
    let network = scenario.state.composer.draft.network
    #expect(network.stages[1].grouping == .cardinality(groups: 16, widthPerGroup: 4))
    #expect(
      network.stages[0].grouping == nil && !own.isInherited(in: scenario.state.composer.draft))
    #expect(
      scenario.state.composer.plan?.layers.first { $0.name == "layer2.0.conv2" }?.groups == 16)
    // The network's again: nothing of its own.
    enter("32", in: &scenario)
    #expect(
      scenario.state.composer.draft.network
        == Preset.named("resnext50_32x4d").map {
          var spec = $0.spec
          (spec.input, spec.classes) = (network.input, network.classes)
          return spec
        })
  }

  /// Both spellings describe the same first stage.
  @Test(arguments: ["resnet50", "resnext50_32x4d", "wide_resnet50_2", "regnet_x_400mf"])
  func spellingsAreExchanged(_ preset: String) throws {
    var scenario = scenario(preset)
    func width() throws -> Grouping.Width {
      let network = scenario.state.composer.draft.network
      return network.innerWidth(of: network.stages[0])
    }
    let before = try width()
    select(.groupingSpelling, in: &scenario)
    scenario.press(.right)
    #expect(try width() == before)
    scenario.press(.right)
    #expect(try width() == before)
  }

  @Test func aStemCanBeOnesOwn() {
    var scenario = scenario()
    select(.stem, in: &scenario)
    enter("custom", in: &scenario)
    #expect(
      scenario.state.composer.draft.network.stem
        == .custom(StemConvolution(kernel: 7, stride: 2, channels: 64, pool: true)))
    select(.stemKernel, in: &scenario)
    enter("4", in: &scenario)
    #expect(scenario.screen.contains("4 is even"))
    enter("5", in: &scenario)
    #expect(scenario.state.composer.problems.isEmpty)
  }

  /// A line of keys is a network, in the composer as in the commands.
  @Test func aLineCanBePasted() throws {
    var scenario = scenario("resnext50_32x4d")
    let line = scenario.state.composer.draft.network.line
    select(.line, in: &scenario)
    enter(
      "{preset: resnet50, input: [1, 28, 28], classes: 10, groups: 32, width_per_group: 4}",
      in: &scenario)
    #expect(scenario.state.composer.plan?.total.parameters == 22_994_122)
    #expect(scenario.state.composer.draft.network.name == "resnet50")
    enter(line, in: &scenario)
    #expect(scenario.state.composer.draft.network.name == "resnext50_32x4d")
    enter("{preset: resnet5000}", in: &scenario)
    #expect(scenario.screen.contains("did you mean"))
    scenario.press(.escape, .enter)
    scenario.type("resnet50")
    scenario.press(.enter)
    #expect(scenario.screen.contains("keys in braces"))
  }

  // MARK: Costs

  /// What is possible instead is said.
  /// A line that does not say so is for the images of the draft, and gives it its name.
  @Test func aLineTakesTheDraftsImages() {
    var scenario = scenario()
    select(.line, in: &scenario)
    enter("{preset: resnet18, groups: 1}", in: &scenario)
    let draft = scenario.state.composer.draft
    #expect(draft.network.input == Experiment.standard.network.input)
    #expect(draft.network.classes == 10 && draft.name == "resnet18")
    enter("{preset: resnet18, input: [3, 64, 64]}", in: &scenario)
    #expect(scenario.state.composer.draft.network.input.dimensions == [3, 64, 64])
  }

  /// What is pasted is text, wherever the selection is: its letters are no keys.
  @Test func pastedTextIsNoKeys() throws {
    var scenario = scenario()
    let before = scenario.state.composer.draft
    scenario.send(.input(.paste("quick test of t and q")))
    #expect(scenario.effects.isEmpty && scenario.state.composer.draft == before)
    #expect(scenario.state.notice?.isError == true)
    scenario.send(.input(.paste("  {preset: resnet50,\n groups: 32, width_per_group: 4}\n")))
    #expect(scenario.state.composer.edit == "{preset: resnet50,  groups: 32, width_per_group: 4}")
    scenario.press(.enter)
    #expect(scenario.state.composer.draft.network.line.contains("groups: 32"))
    select(.name, in: &scenario)
    scenario.press(.enter)
    scenario.send(.input(.paste(String(repeating: "x", count: 100_000))))
    #expect(scenario.state.notice?.text.contains("4000") == true)
    #expect(scenario.state.composer.edit == scenario.state.composer.draft.name)
    scenario.send(.input(.paste("my first/net")))
    scenario.press(.enter)
    #expect(scenario.state.composer.draft.name == "my-first-net")
    scenario.press(.character("p"))
    scenario.send(.input(.paste("wide_resnet50")))
    scenario.press(.enter)
    #expect(scenario.state.composer.draft.network.name == "wide_resnet50_2")
  }

  /// The schedule's own values come and go with it, and so does a warm-up beside one that has its own.
  @Test func eachScheduleHasItsFields() {
    var scenario = scenario()
    select(.warmupEpochs, in: &scenario)
    enter("2", in: &scenario)
    select(.schedule, in: &scenario)
    enter("step", in: &scenario)
    #expect(Set(scenario.state.composer.fields).isSuperset(of: [.stepSize, .gamma, .warmupEpochs]))
    select(.gamma, in: &scenario)
    enter("0.5", in: &scenario)
    #expect(scenario.state.composer.draft.schedule.gamma == 0.5)
    select(.schedule, in: &scenario)
    enter("one_cycle", in: &scenario)
    #expect(scenario.state.composer.draft.schedule.warmupEpochs == 0)
    #expect(
      Set(scenario.state.composer.fields).isDisjoint(with: [.stepSize, .gamma, .warmupEpochs]))
    #expect(scenario.state.composer.problems.isEmpty)
  }

  @Test func controlUClearsTheText() {
    var scenario = scenario()
    select(.name, in: &scenario)
    scenario.press(.enter)
    scenario.type("abc")
    scenario.press(.control("u"))
    scenario.type("d")
    scenario.press(.enter)
    #expect(scenario.state.composer.draft.name == "d")
  }

  /// Whatever fields an edit takes away or brings, the selection stays with its own.
  @Test func theSelectionStaysWithItsField() {
    for field in ComposerField.all(of: scenario().state.composer.draft) {
      for preset in ["resnet18", "resnet110_cifar", "regnet_x_400mf", "resnetv2_50"] {
        var scenario = scenario()
        select(field, in: &scenario)
        let before = scenario.state.composer.fields
        scenario.press(.character("p"))
        scenario.type(preset)
        scenario.press(.enter)
        let fields = scenario.state.composer.fields
        let kept = before.prefix(while: { $0 != field }).last(where: fields.contains)
        #expect(
          scenario.state.composer.field == (fields.contains(field) ? field : kept),
          "\(field) with \(preset)")
      }
    }
  }

  @Test(arguments: ["1 32 32", "1x32x32", "1×32×32", "[1, 32, 32]", "1,32,32", "32"])
  func imagesAreTypedInManyWays(_ text: String) {
    var scenario = scenario()
    select(.input, in: &scenario)
    enter(text, in: &scenario)
    #expect(scenario.state.composer.draft.network.input.dimensions == [1, 32, 32])
  }

  /// A data set's images come with it: their channels, and their side unless they are resized.
  @Test func anotherDataSetBringsItsImages() {
    var scenario = scenario()
    for (set, resize, input) in [
      ("mnist", "28", [1, 28, 28]), ("cifar10", nil, [3, 32, 32]), ("cifar10", "96", [3, 96, 96]),
      ("fashion-mnist", nil, [1, 96, 96]), ("cifar10", "32", [3, 32, 32]),
      ("procedural", nil, [1, 28, 28]),
    ] as [(String, String?, [Int])] {
      select(.dataSet, in: &scenario)
      enter(set, in: &scenario)
      if let resize {
        select(.input, in: &scenario)
        enter(resize, in: &scenario)
      }
      let draft = scenario.state.composer.draft
      #expect(draft.network.input.dimensions == input, "\(set)")
      #expect(draft.data.set.rawValue == set && draft.problems.isEmpty, "\(draft.problems)")
    }
  }

  /// A network that its data set does not suit is a network still, with its costs.
  @Test func whatCannotBeTrainedHasItsCosts() {
    for (width, height) in [(80, 24), (160, 50)] {
      var scenario = scenario(width: width, height: height)
      select(.input, in: &scenario)
      enter("3x224x224", in: &scenario)
      #expect(
        scenario.screen.contains("cannot be trained") && scenario.screen.contains("activations"))
      select(.stageChannels(0), in: &scenario)
      enter("0", in: &scenario)
      #expect(scenario.screen.contains("impossible") && scenario.screen.contains("no network"))
    }
  }

  /// A key that can do nothing says why.
  @Test func idleKeysExplainThemselves() {
    var scenario = scenario()
    for key in "zZ_" {
      scenario.press(.character(key))
      #expect(scenario.state.notice != nil, "\(key)")
    }
    for _ in 0..<4 { scenario.press(.character("D")) }
    #expect(scenario.state.notice?.text == "a network has at least one stage")
  }

  @Test func impossibleGroupsNameThoseThatAre() {
    var scenario = scenario("d2l_resnext18")
    select(.grouping(.groupWidth, stage: 0), in: &scenario)
    enter("24", in: &scenario)
    let words = scenario.screen.split(whereSeparator: { " │\n".contains($0) }).joined(
      separator: " ")
    #expect(words.contains("16, 32 or 64 do") || words.contains("16 or 32 do"), "\(words)")
  }

  @Test func costsAreComparedWithThePinnedBaseline() throws {
    var scenario = scenario()
    select(.grouping(.groups, stage: nil), in: &scenario)
    enter("32", in: &scenario)
    #expect(scenario.screen.contains("against resnet50 "))
    select(.grouping(.widthPerGroup, stage: nil), in: &scenario)
    enter("4", in: &scenario)
    // 23,522,250 parameters become 22,994,122: ResNeXt-50's share.
    #expect(scenario.screen.contains("-2.2 %"))
    scenario.press(.character("b"))
    #expect(scenario.state.composer.baseline?.isPinned == true)
    #expect(!scenario.screen.contains("-2.2 %"))
    scenario.press(.character("p"))
    scenario.type("resnet18")
    scenario.press(.enter)
    #expect(scenario.state.composer.baseline?.plan.total.parameters == 22_994_122)
    #expect(scenario.screen.contains("(pinned)"))
    // Let go, the preset is what counts.
    scenario.press(.character("b"), .character("b"), .character("p"))
    scenario.type("resnet34")
    scenario.press(.enter)
    #expect(scenario.state.composer.baseline?.name == "resnet34")
    #expect(scenario.state.composer.baseline?.isPinned == false)
  }

  /// Undone, or let go, costs are held against what the draft had started from.
  @Test func theStartComesBack() {
    var scenario = scenario()
    func baseline() -> String? { scenario.state.composer.baseline?.name }
    scenario.press(.character("p"))
    scenario.type("resnet18")
    scenario.press(.enter)
    #expect(baseline() == "resnet18")
    scenario.press(.character("z"))
    #expect(baseline() == "resnet50")
    scenario.press(.character("Z"))
    #expect(baseline() == "resnet18")
    let cost = scenario.state.composer.plan?.total
    select(.stageBlocks(0), in: &scenario)
    scenario.press(.right, .character("b"), .character("b"))
    #expect(scenario.state.composer.baseline?.isPinned == false)
    #expect(scenario.state.composer.baseline?.plan.total == cost)
  }

  /// An undo selects what it changed, and with it the stage that the keys of stages act on.
  @Test func undoSelectsTheStage() {
    var scenario = scenario("resnet18")
    select(.stageBlocks(2), in: &scenario)
    scenario.press(.right)
    select(.stageBlocks(0), in: &scenario)
    scenario.press(.character("z"))
    #expect(scenario.state.composer.field == .stageBlocks(2))
    scenario.press(.character("D"))
    #expect(scenario.state.composer.draft.network.stages.map(\.channels) == [64, 128, 512])
  }

  /// What an experiment's file cannot say, nobody can type.
  @Test(arguments: [(ComposerField.learningRate, "5000"), (.weightDecay, "5")])
  func valuesAreThoseOfTheFile(field: ComposerField, text: String) {
    var scenario = scenario()
    let before = scenario.state.composer.draft
    select(field, in: &scenario)
    enter(text, in: &scenario)
    #expect(scenario.state.composer.draft == before)
  }

  /// A stage may spell its groups otherwise than the network.
  @Test func stagesSpellTheirGroups() {
    var scenario = scenario()
    select(.line, in: &scenario)
    enter(
      "{block: bottleneck, input: [1, 28, 28], classes: 10, stages: "
        + "[{blocks: 1, channels: 64, bottleneck_ratio: 0.5, group_width: 16}]}", in: &scenario)
    let field = ComposerField.grouping(.groupWidth, stage: 0)
    select(field, in: &scenario)
    scenario.press(.right)
    #expect(field.text(of: scenario.state.composer.draft) == "32")
  }

  @Test func theLastEditsRowsAreMarked() {
    var scenario = scenario("resnet18")
    func changed() -> [String] {
      let composer = scenario.state.composer
      return zip(composer.plan?.layers ?? [], composer.changedRows).filter(\.1).map(\.0.name)
    }
    #expect(changed().isEmpty)
    select(.stageBlocks(1), in: &scenario)
    scenario.press(.right)
    let added = changed()
    #expect(added.count == 7 && added.allSatisfy { $0.hasPrefix("layer2.2.") })
    #expect(scenario.screen.contains("▸layer2.2.conv1"))
    select(.stageChannels(3), in: &scenario)
    scenario.press(.right)
    let widened = changed()
    #expect(widened.contains("layer4.0.conv1") && widened.contains("fc"))
    #expect(widened.allSatisfy { $0.hasPrefix("layer4.") || ["avgpool", "fc"].contains($0) })
    // What does not touch the network marks nothing anew.
    select(.seed, in: &scenario)
    scenario.press(.right)
    #expect(changed() == widened)
  }

  /// A run's speed tells how fast this machine is.
  @Test func runsCalibrateTheStepTime() throws {
    var scenario = Scenario(width: 160, height: 50)
    #expect(scenario.state.runs.slowness == 1)
    scenario.listRuns()
    let entry = try #require(scenario.state.runs.entries.first)
    let plan = try #require(entry.plan)
    let estimate = StepEstimate(plan, batch: 64).scaled(by: try #require(entry.slowness))
    let speed = try #require(entry.history.series("throughput/images_per_second")?.latest)
    #expect(abs(estimate.seconds - 64 / speed.value) < 1e-9)
  }

  // MARK: Presets

  @Test(arguments: [
    ("rx50", "resnext50_32x4d"), ("resnet50", "resnet50"), ("wrn28", "wrn28_10"),
    ("16x64", "resnext29_16x64d"), ("400", "regnet_x_400mf"), ("d2l18", "d2l_resnet18"),
    ("v2", "resnetv2_50"), ("resnet-110", "resnet110_cifar"), ("WIDE101", "wide_resnet101_2"),
  ])
  func aFewLettersFindAPreset(query: String, name: String) {
    let names = Preset.all.map(\.name)
    #expect(FuzzySearch.matches(query, among: names).first.map { names[$0] } == name)
  }

  @Test func theSearchOfPresets() {
    var scenario = Scenario(width: 80, height: 24)
    scenario.press(.character("p"))
    #expect(FuzzySearch.matches("", among: ["b", "a"]) == [0, 1])
    scenario.type("xt")
    expectSnapshot(scenario.screen, named: "presets")
    scenario.press(.down, .enter)
    #expect(scenario.state.composer.draft.network.name == "resnext50_32x4d")
    scenario.press(.character("p"))
    scenario.type("qqq")
    #expect(scenario.screen.contains("No preset has these letters."))
    scenario.press(.enter)
    #expect(scenario.state.composer.draft.network.name == "resnext50_32x4d")
    scenario.press(.character("p"), .escape, .character("z"))
    #expect(scenario.state.composer.draft == .standard)
  }

  // MARK: Comparing

  @Test func theDraftIsComparedWithItsBaseline() {
    var scenario = scenario(width: 100, height: 30)
    select(.grouping(.groups, stage: nil), in: &scenario)
    enter("32", in: &scenario)
    select(.grouping(.widthPerGroup, stage: nil), in: &scenario)
    enter("4", in: &scenario)
    scenario.press(.character("c"))
    expectSnapshot(scenario.screen, named: "compare-draft")
    scenario.press(.pageDown, .pageDown, .escape)
    #expect(scenario.state.overlay == nil)
  }

  @Test func markedRunsAreCompared() {
    var scenario = Scenario(width: 120, height: 40)
    scenario.listRuns()
    scenario.press(.character("6"), .home, .character(" "), .down, .character(" "), .character("c"))
    expectSnapshot(scenario.screen, named: "compare-runs")
    for _ in 0..<50 { scenario.press(.pageDown) }
    #expect(scenario.screen.contains("fc"))
  }

  /// Where there is no room for all of them the table says so.
  @Test func narrowTablesCountTheirRuns() {
    var scenario = Scenario(width: 80, height: 24)
    let paths = (1...6).map { "experiments/demo/runs/run-of-a-long-name-\($0)" }
    scenario.send(
      .runs(
        paths.map {
          RunListing(
            path: $0, experiment: "demo", id: RunDirectory(path: $0).id, status: nil,
            state: .finished)
        }))
    for (steps, path) in zip(1..., paths) {
      scenario.send(.log(run: path, Scenario.log(.standard, steps: steps)))
    }
    scenario.press(.character("6"), .home)
    for _ in 0..<4 { scenario.press(.character(" "), .down) }
    scenario.press(.character("c"))
    #expect(!scenario.screen.contains("have room"))
    scenario.press(.escape, .character(" "), .down, .character(" "), .character("c"))
    #expect(scenario.screen.contains("4 of 6 have room"))
    // Names that begin alike are told apart by their ends.
    #expect(paths.count { scenario.screen.contains($0.suffix(5)) } == 4)
    scenario.send(.input(.resize(Size(width: 120, height: 24))))
    #expect(!scenario.screen.contains("have room"))
  }
}
