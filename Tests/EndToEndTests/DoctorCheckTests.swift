import Cells
import CursesTerminal
import Datasets
import Experiments
import Testing

@testable import Worker
@testable import resnet_tui

/// The rules of `doctor`, from facts that no machine need have.
@Suite struct DoctorCheckTests {
  private func expect(
    _ check: Check, _ status: Check.Status, found: String, mend: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(check.status == status, "\(check)", sourceLocation: sourceLocation)
    #expect(check.found.contains(found), "\(check)", sourceLocation: sourceLocation)
    guard let mend else {
      #expect(check.mend == nil, "\(check)", sourceLocation: sourceLocation)
      return
    }
    #expect(check.mend?.contains(mend) == true, "\(check)", sourceLocation: sourceLocation)
  }

  private func describe(
    _ type: String, _ depth: ColorDepth = .colors256, isFull: Bool = true
  ) -> TerminalDescription {
    TerminalDescription(
      type: type, colorDepth: depth, isUTF8: true, hasAlternateScreen: isFull, hasMouse: isFull)
  }

  private func facts(
    _ type: String, _ description: Result<TerminalDescription, TerminalError>? = nil,
    size: Size? = Size(width: 80, height: 24)
  ) -> TerminalFacts {
    TerminalFacts(type: type, description: description ?? .success(describe(type)), size: size)
  }

  // MARK: Terminal

  @Test func aFullTerminalIsWell() {
    expect(
      .terminal(facts("xterm-256color")), .ok, found: "xterm-256color, alternate screen, mouse")
  }

  @Test func whatTheSessionRefusesIsAProblem() {
    expect(
      .terminal(facts("nonsense", .failure(.unknownType("nonsense")))), .problem,
      found: "TERM names \"nonsense\"", mend: "ncurses-term")
    expect(
      .terminal(facts("dumb", .failure(.cannotPlaceCursor(type: "dumb")))), .problem,
      found: "cannot place the cursor", mend: "TERM=xterm-256color")
    expect(
      .terminal(facts("", .failure(.typeNotSet))), .problem, found: "TERM is not set", mend: "TERM="
    )
  }

  /// The session trains without one, so that a pipe is no fault, whatever TERM says.
  @Test func noTerminalIsANote() {
    var facts = facts("nonsense", .failure(.unknownType("nonsense")))
    facts.outputIsTerminal = false
    expect(
      .terminal(facts), .note, found: "standard output is not a terminal (TERM=nonsense, unknown",
      mend: "-it")
    #expect(Check.size(facts, needed: Size(width: 80, height: 24)) == nil)
    facts.outputIsTerminal = true
    facts.inputIsTerminal = false
    facts.type = nil
    expect(.terminal(facts), .note, found: "standard input is not a terminal", mend: "ssh -t")
    expect(.terminal(facts), .note, found: "TERM is not set", mend: "")
  }

  @Test func aTerminalOfFewerMeansIsANote() {
    let vt100 = describe("vt100", .monochrome, isFull: false)
    expect(
      .terminal(facts("vt100", .success(vt100))), .note, found: "no alternate screen, no mouse",
      mend: "TERM")
  }

  @Test(arguments: [
    ("xterm-256color", Check.Status.warning), ("tmux-256color", .ok), ("screen", .ok),
  ])
  func tmuxWantsItsOwnType(type: String, status: Check.Status) {
    var facts = facts(type)
    facts.isInTmux = true
    #expect(Check.terminal(facts).status == status)
  }

  @Test(arguments: [
    (80, 24, Check.Status.ok, "80×24"), (79, 24, .warning, "79×24; below 80×24"),
    (200, 23, .warning, "200×23; below 80×24"), (0, 0, .warning, "unknown"),
  ])
  func sizes(width: Int, height: Int, status: Check.Status, found: String) throws {
    let facts = facts("xterm", size: Size(width: width, height: height))
    let check = try #require(Check.size(facts, needed: Size(width: 80, height: 24)))
    expect(check, status, found: found, mend: status == .ok ? nil : "")
  }

  @Test func colours() {
    func check(_ depth: ColorDepth, refused: Bool = false, _ colorTerm: String? = nil) -> Check {
      .colors(describe("some-term", depth), isRefused: refused, colorTerm: colorTerm)
    }
    expect(check(.colors256), .ok, found: "256, by the terminfo entry some-term")
    #expect(!check(.colors256).found.contains("24 bits"))
    expect(check(.colors256, "truecolor"), .ok, found: "24 bits")
    expect(check(.trueColor), .ok, found: "24 bits")
    expect(check(.colors8), .note, found: "8, by", mend: "TERM=xterm-256color")
    expect(check(.monochrome), .note, found: "none, by", mend: "TERM=xterm-256color")
    expect(check(.monochrome, refused: true), .note, found: "NO_COLOR", mend: "unset NO_COLOR")
  }

  @Test func locales() {
    func check(_ variable: String?, _ name: String, installed: Bool, utf8: Bool) -> Check {
      .locale(
        LocaleDescription(variable: variable, name: name, isInstalled: installed, isUTF8: utf8))
    }
    expect(check("LANG", "C.UTF-8", installed: true, utf8: true), .ok, found: "LANG=C.UTF-8")
    expect(
      check("LC_ALL", "xx_XX.UTF-8", installed: false, utf8: true), .ok, found: "stands in")
    expect(
      check(nil, "C", installed: true, utf8: false), .warning, found: "ASCII",
      mend: "set LANG=C.UTF-8")
    // The one that decides is the one to change.
    expect(
      check("LC_ALL", "C", installed: true, utf8: false), .warning, found: "LC_ALL=C: not UTF-8",
      mend: "set LC_ALL=C.UTF-8")
  }

  // MARK: Library and CPU

  @Test(arguments: [
    ("2.6.3", Check.Status.ok), ("2.6.0", .ok), ("2.10.1", .ok), ("3.2.0", .ok),
    ("2.5.9", .problem),
    ("1.8.0", .problem),
  ])
  func versions(version: String, status: Check.Status) {
    let facts = LibraryFacts(version: version, instructionSet: "AVX2", channelBlock: 8)
    #expect(Check.oneDNN(facts).status == status)
  }

  @Test func instructionSets() {
    var facts = LibraryFacts(version: "2.6.3", instructionSet: "AVX-512 VNNI", channelBlock: 16)
    expect(.oneDNN(facts), .ok, found: "2.6.3, AVX-512 VNNI, 16 channels")
    #expect(!Check.oneDNN(facts).found.contains("with AVX-512:"))
    facts = LibraryFacts(version: "2.6.3", instructionSet: "SSE4.1", channelBlock: 8)
    expect(.oneDNN(facts), .warning, found: "slower", mend: "AVX2")
  }

  @Test(arguments: [
    (["ONEDNN_MAX_CPU_ISA": "AVX2"], "ONEDNN_MAX_CPU_ISA=AVX2"),
    (["DNNL_MAX_CPU_ISA": "SSE41"], "DNNL_MAX_CPU_ISA=SSE41"),
    (["DNNL_MAX_CPU_ISA": "SSE41", "ONEDNN_MAX_CPU_ISA": "all"], nil),
    (["ONEDNN_MAX_CPU_ISA": "", "DNNL_MAX_CPU_ISA": "DEFAULT"], nil),
  ])
  func limits(environment: [String: String], named: String?) {
    let check = Check.oneDNN(
      LibraryFacts(
        version: "2.6.3", instructionSet: "AVX2", channelBlock: 8, environment: environment))
    guard let named else { return #expect(check.status == .ok, "\(check)") }
    expect(check, .warning, found: named, mend: "unset \(named.split(separator: "=")[0])")
  }

  @Test func bfloat16IsNoCondition() {
    #expect(Check.bfloat16(isFast: true).status == .ok)
    expect(.bfloat16(isFast: false), .note, found: "no AMX")
  }

  @Test(arguments: [
    (ThreadFacts(threads: 2, processors: 2), nil), (ThreadFacts(threads: 2, processors: 64), nil),
    (ThreadFacts(threads: 4, processors: 4, quota: 4), nil),
    (ThreadFacts(threads: 64, processors: 64, quota: 2), "--threads 2"),
    (ThreadFacts(threads: 8, processors: 8, quota: 2.5), "taskset -c 0-1"),
    (ThreadFacts(threads: 2, processors: 2, quota: 0.5), "taskset -c 0 "),
  ])
  func threads(facts: ThreadFacts, mend: String?) {
    expect(
      .threads(facts), mend == nil ? .ok : .warning, found: "\(facts.threads), one for each CPU",
      mend: mend)
  }

  @Test func quotas() {
    #expect(CPUQuota.parse("max 100000\n") == nil)
    #expect(CPUQuota.parse("-1\n 100000\n") == nil)
    #expect(CPUQuota.parse("150000 100000\n") == 1.5)
    #expect(CPUQuota.parse("") == nil && CPUQuota.parse("5 0") == nil)
  }

  @Test(
    arguments: [
      ([:], nil), (["OMP_WAIT_POLICY": "ACTIVE"], "unset OMP_WAIT_POLICY"),
      (["OMP_WAIT_POLICY": "passive"], nil),
      // libgomp asks GOMP_SPINCOUNT first.
      (["OMP_WAIT_POLICY": "active", "GOMP_SPINCOUNT": "0"], nil),
      (["GOMP_SPINCOUNT": "10000"], nil), (["GOMP_SPINCOUNT": "1G"], "unset GOMP_SPINCOUNT"),
      (["GOMP_SPINCOUNT": "infinite"], "unset GOMP_SPINCOUNT"), (["OMP_THREAD_LIMIT": "4"], nil),
      (["OMP_THREAD_LIMIT": "1"], "unset OMP_THREAD_LIMIT"), (["OMP_DYNAMIC": "false"], nil),
      (
        ["OMP_DYNAMIC": "true", "OMP_PROC_BIND": "close"], "unset OMP_DYNAMIC OMP_PROC_BIND"
      ),
    ] as [([String: String], String?)])
  func openMP(environment: [String: String], mend: String?) {
    expect(
      .openMP(environment: environment, threads: 4), mend == nil ? .ok : .warning, found: "",
      mend: mend)
  }

  @Test func aVariableWithoutEffectIsANote() {
    expect(
      .openMP(environment: ["OMP_NUM_THREADS": "1"], threads: 4), .note, found: "--threads")
  }

  @Test func memory() {
    let budget = Result<MemoryBudget, WorkerError>.success(
      MemoryBudget(perBatch: 64 << 20, fixed: 1 << 20, batch: 64))
    expect(.memory(budget, available: 1 << 30), .ok, found: "1.0 GB available")
    expect(
      .memory(budget, available: 20 << 20), .problem, found: "takes 65 MB",
      mend: "data.batch to 16 or less")
    expect(.memory(budget, available: nil), .note, found: "65 MB")
  }

  /// The first experiment is compiled, and fits wherever these tests run.
  @Test func theFirstExperimentFits() throws {
    let budget = try MemoryBudget(training: .standard, threads: 1)
    #expect(budget.needed > 1 << 20 && budget.remedy(available: 4 << 30) == nil)
  }

  // MARK: Files

  @Test func dataFolders() {
    expect(.dataFolders(["/a", "/b"], missing: []), .ok, found: "/a, /b")
    expect(
      .dataFolders(["/a", "/b"], missing: ["/a"]), .warning, found: "names /a,",
      mend: "RESNET_TUI_DATA")
    expect(.dataFolders([], missing: []), .warning, found: "HOME", mend: "RESNET_TUI_DATA")
  }

  @Test func dataSets() {
    func check(_ facts: DataSetFacts) -> Check { .dataSet(.mnist, facts, place: "/a") }
    expect(
      check(.notFound), .note, found: "not found",
      mend: "data fetch mnist' puts it into /a, or set RESNET")
    #expect(Check.dataSet(.mnist, .notFound, place: nil).mend?.hasPrefix("set RESNET") == true)
    expect(
      check(.incomplete(folder: "/a/mnist", missing: ["x", "y"])), .warning,
      found: "/a/mnist lacks x, y", mend: "data fetch mnist' adds them")
    let damaged = check(.damaged(.file("/f", reason: "truncated: 1 of 2 bytes; fetch it again")))
    #expect(
      damaged
        == Check("mnist", .problem, "/f: truncated: 1 of 2 bytes", mend: "fetch it again"))
    expect(
      check(.damaged(.file("/f", reason: "cannot be opened: Permission denied"))), .problem,
      found: "/f: cannot be opened: Permission denied", mend: "readable")
  }

  @Test func experiments() {
    func check(_ place: ExperimentsFacts.Place, free: Int? = 5 << 30) -> Check {
      .experiments(ExperimentsFacts(path: "runs here", place: place, free: free))
    }
    expect(check(.folder(runs: 1, isWritable: true)), .ok, found: "runs here, 1 run, 5.0 GB free")
    expect(check(.missing(canBeMade: true), free: nil), .ok, found: "made by the first")
    expect(
      check(.folder(runs: 3, isWritable: false)), .problem, found: "cannot be written",
      mend: "--experiments")
    expect(check(.missing(canBeMade: false)), .problem, found: "cannot be made", mend: "folder")
    expect(check(.notAFolder), .problem, found: "no folder", mend: "--experiments")
    expect(
      check(.folder(runs: 0, isWritable: true), free: 1 << 20), .warning, found: "1 MB free",
      mend: "free some space")
  }
}
