import Cells
import CursesTerminal
import Dashboard
import Datasets
import Dispatch
import EventLog
import Experiments
import Foundation
import Worker

/// The interactive session: keys and the tails of event logs go in as messages, frames come out on
/// the terminal, and what the dashboard asks for is done.
@MainActor
final class Session {
  private let terminal: CursesTerminal
  /// nil where nothing can be trained.
  private let workers: WorkerProcesses?
  private let box = MessageBox()
  private var watcher: RunWatcher
  private var state: State
  private let settingsFile: SettingsFile?
  private let oldSettings: Settings
  /// The theme of this session alone, by its option.
  private let chosenTheme: String?

  /// How long nothing may happen before logs are looked at again, in milliseconds.
  private static let pause = 100
  /// Most events that are taken in before the screen is drawn.
  private static let burst = 64

  /// - Parameter experiment: what the composer shows, in front of all else; nil for the standard one.
  init(
    _ experiment: Experiment?, role: State.Role, terminal: CursesTerminal,
    source: RunCatalog.Source, theme: Theme?
  ) {
    self.terminal = terminal
    workers =
      if case .experiments(let root) = source { WorkerProcesses(root: root, box: box) } else { nil }
    watcher = RunWatcher(source)
    let file = SettingsFile(environment: Surroundings.environment)
    let (settings, problem) = file?.load() ?? (Settings(), nil)
    // What cannot be read is the user's to mend, and not to be replaced.
    settingsFile = problem == nil ? file : nil
    oldSettings = settings
    let remembered = settings.theme.flatMap(Theme.named) ?? .dark
    chosenTheme = theme?.name
    state = State(
      size: terminal.size,
      appearance: Appearance(
        theme: terminal.colorDepth == .monochrome ? .monochrome : theme ?? remembered,
        glyphs: terminal.isUTF8 ? .unicode : .ascii, colorDepth: terminal.colorDepth),
      now: Self.now, experiment: experiment ?? .standard, role: role)
    state.apply(settings, isComposing: experiment != nil)
    if let problem { take([.failed(problem)]) }
  }

  /// Runs until the user quits or the terminal goes away.
  func run() {
    defer { workers?.settle() }
    take([.dataSets(DataSetKind.atHand())])
    var drawnSecond = Self.now.rounded(.down)
    take(messages())
    terminal.present(view(state))
    while true {
      var count = 0
      while count < Self.burst,
        let event = terminal.nextEvent(timeoutMilliseconds: count == 0 ? Self.pause : 0)
      {
        count += 1
        for effect in update(&state, .input(event)) {
          guard perform(effect) else { return }
        }
      }
      let (wasTicking, wasPlaying) = (state.isTicking, state.isPlaying)
      let news = messages()
      take(news)
      let second = state.now.rounded(.down)
      let isDue = wasPlaying || wasTicking && second != drawnSecond
      if count > 0 || news.count > 1 || isDue {
        drawnSecond = second
        terminal.present(view(state))
      }
    }
  }

  /// Leaves the settings for the next session.
  func saveSettings() {
    var settings = state.settings
    let isForNow =
      terminal.colorDepth == .monochrome || settings.theme == chosenTheme
    if isForNow { settings.theme = oldSettings.theme }
    if settings != oldSettings { settingsFile?.save(settings) }
  }

  /// What is under way when the session ends, for the shell that gets its terminal back.
  var report: String {
    let lines = state.runs.entries.compactMap { entry -> String? in
      let total = entry.listing.status?.totalSteps ?? 0
      let step = total > 0 ? "step \(entry.history.lastStep) of \(total)" : nil
      let news: String
      switch watcher.state(of: entry.listing) {
      case .running, .starting: news = "goes on training" + (step.map { ", \($0)" } ?? "")
      case .paused: news = "is paused" + (step.map { " at \($0)" } ?? "")
      case .queued: news = "waits for its turn"
      case .stopped, .finished, .failed, .died, nil: return nil
      }
      return "\(entry.listing.path) \(news).\n"
    }
    guard !lines.isEmpty else {
      let count = state.runs.entries.count
      return count == 0
        ? "" : "Nothing is being trained; \(count) \(count == 1 ? "run is" : "runs are") kept.\n"
    }
    return lines.joined() + "Start \(Surroundings.program) again to watch.\n"
  }

  private static var now: Double { Date().timeIntervalSince1970 }

  /// The time, and whatever logs, listings and workers have to say.
  private func messages() -> [Message] {
    let news = box.take()
    // What a worker says it has done is seen in its run's state in the same frame: a second `P` resumes.
    if !news.isEmpty { watcher.lookAgain() }
    return [.time(Self.now)] + news
      + watcher.messages(now: Self.now, shown: state.runs.shown)
  }

  private func take(_ messages: [Message]) {
    for message in messages { _ = update(&state, message) }
  }

  /// Runs with a worker that computes, or is about to.
  private var activeCount: Int {
    let states = Dictionary(
      state.runs.entries.map { ($0.listing.path, watcher.state(of: $0.listing)) },
      uniquingKeysWith: { first, _ in first })
    let computing = states.filter { $0.value == .running || $0.value == .starting }
    // Those whose status says nothing of it yet.
    return computing.count + (workers?.running.count { (states[$0] ?? nil) == nil } ?? 0)
  }

  /// Does what the dashboard asks for. Returns false where the session is to end.
  private func perform(_ effect: Effect) -> Bool {
    switch effect {
    case .quit: return false
    case .delete(let run):
      do throws(FileError) {
        try RunDirectory(path: run).remove()
        watcher.lookAgain()
        take([.done("deleted \(run)")])
      } catch {
        take([.failed("\(error)")])
      }
    case .annotate(let run, let annotation):
      do throws(EventLogError) {
        try annotation.append(to: RunDirectory(path: run), wallTime: Self.now)
        take([.done("kept the \(annotation.kind.rawValue)")])
      } catch {
        take([.failed("\(error)")])
      }
    case .copy(let text): terminal.copy(text)
    case .suspend:
      terminal.suspend()
      take([.input(.resize(terminal.size))])
    case .start(let experiment, let fork):
      workers?.start(experiment, from: fork, besides: activeCount)
    case .resume(let run): workers?.resume(RunDirectory(path: run), besides: activeCount)
    case .enqueue(let experiment, let fork):
      // Those at work or about to be, and those that wait already: a place at the end.
      let listed = state.runs.entries.map(\.listing.path)
        .filter { Turn.isAtWork(RunDirectory(path: $0)) }
      let others = (workers?.running ?? []).union(listed).sorted()
      workers?.start(experiment, from: fork, after: others.map { RunDirectory(path: $0) })
    case .control(let run, let message):
      WorkerMessages.send(message, to: RunDirectory(path: run), box)
    case .record(let run):
      let box = box
      DispatchQueue.global().async {
        do {
          box.post(.recorded(run: run, try Recording(folder: run)))
        } catch {
          box.post(.failed("\(error)"))
        }
      }
    case .stop(let run): take(WorkerProcesses.stop(RunDirectory(path: run)))
    }
    return true
  }
}

extension DataSetKind {
  /// The sets of which every file is there.
  fileprivate static func atHand() -> Set<DataSetKind> {
    let location = DatasetLocation(environment: Surroundings.environment)
    return Set(
      allCases.filter {
        switch location.status(of: DatasetName($0)) {
        case .builtIn, .found: true
        case .incomplete, .notFound: false
        }
      })
  }
}
