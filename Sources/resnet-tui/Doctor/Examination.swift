import Cells
import CursesTerminal
import Dashboard
import Datasets
import Experiments
import Foundation
import TrainingEngine
import Worker

/// Gathers what the checks go by, from the process's surroundings.
@MainActor
struct Examination {
  let terminal: TerminalFacts
  let locale: LocaleDescription
  /// The root of the experiments.
  let root: String

  init(root: String) {
    self.root = root
    let environment = Surroundings.environment
    terminal = TerminalFacts(
      inputIsTerminal: isatty(STDIN_FILENO) == 1, outputIsTerminal: Output.isTerminal,
      type: environment["TERM"],
      description: Result { () throws(TerminalError) in try TerminalDescription.named() },
      size: Output.size(of: STDOUT_FILENO),
      isInTmux: environment["TMUX"].map { !$0.isEmpty } ?? false)
    locale = LocaleDescription.current()
  }

  func checks() -> [Check] {
    let environment = Surroundings.environment
    let threads = Surroundings.threads
    let library = LibraryFacts(
      version: Library.version, instructionSet: Library.instructionSet,
      channelBlock: Library.channelBlock, environment: environment)
    let quota = ThreadFacts(
      threads: threads, processors: ProcessInfo.processInfo.processorCount,
      quota: CPUQuota.current())
    return [
      Check.terminal(terminal),
      Check.size(terminal, needed: ScreenLayout.minimumSize),
      (try? terminal.description.get()).map {
        Check.colors(
          $0, isRefused: TerminalDescription.refusesColor, colorTerm: environment["COLORTERM"])
      },
      Check.locale(locale),
      Check.oneDNN(library),
      Check.bfloat16(isFast: Library.hasFastBFloat16),
      Check.threads(quota),
      Check.openMP(environment: environment, threads: threads),
      Check.memory(
        Result { () throws(WorkerError) in try MemoryBudget(training: .standard, threads: threads)
        },
        available: MemoryBudget.available()),
    ].compactMap { $0 } + dataSets() + [Check.experiments(experiments())]
  }

  private func dataSets() -> [Check] {
    let location = DatasetLocation(environment: Surroundings.environment)
    let named = DatasetLocation(
      environment: Surroundings.environment.filter { $0.key == "RESNET_TUI_DATA" })
    let missing = named.folders.filter { Self.kind(of: $0) != .folder }
    let place = location.folders.first { !missing.contains($0) }
    return [Check.dataFolders(location.folders, missing: missing)]
      + DatasetName.allCases.map { name in
        Check.dataSet(name, Self.facts(name, location), place: place)
      }
  }

  private static func facts(_ name: DatasetName, _ location: DatasetLocation) -> DataSetFacts {
    switch location.status(of: name) {
    case .builtIn: return .builtIn
    case .incomplete(let folder, let missing):
      return .incomplete(folder: folder, missing: missing)
    case .notFound: return .notFound
    case .found(let folder):
      do {
        return .found(folder: folder, try DatasetOutline(of: name, in: folder))
      } catch {
        return .damaged(error)
      }
    }
  }

  private func experiments() -> ExperimentsFacts {
    let ancestor = Self.ancestor(of: root)
    let place: ExperimentsFacts.Place =
      switch Self.kind(of: root) {
      case .folder:
        .folder(runs: RunDirectory.list(root: root).count, isWritable: Self.canAdd(to: root))
      case .nothing:
        .missing(canBeMade: Self.kind(of: ancestor) == .folder && Self.canAdd(to: ancestor))
      case .other: .notAFolder
      }
    return ExperimentsFacts(
      path: root, place: place, free: Self.freeSpace(at: root) ?? Self.freeSpace(at: ancestor))
  }

  /// The nearest folder above that is there: all levels below it would be made.
  private static func ancestor(of path: String) -> String {
    var path = path
    repeat {
      let above = (path as NSString).deletingLastPathComponent
      path = above.isEmpty ? "." : above
    } while kind(of: path) == .nothing
    return path
  }

  private enum Kind {
    case folder, other, nothing
  }

  private static func kind(of path: String) -> Kind {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .nothing
    }
    return isFolder.boolValue ? .folder : .other
  }

  private static func canAdd(to folder: String) -> Bool {
    access(folder, W_OK | X_OK) == 0
  }

  private static func freeSpace(at path: String) -> Int? {
    var info = statvfs()
    // A file system without blocks keeps no files.
    guard statvfs(path, &info) == 0, info.f_blocks > 0 else { return nil }
    let (bytes, isTooMuch) = UInt64(info.f_bavail).multipliedReportingOverflow(
      by: UInt64(info.f_frsize))
    return isTooMuch ? .max : Int(clamping: bytes)
  }
}
