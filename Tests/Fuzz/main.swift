import Foundation
import FuzzTargets

/// Fuzzes a parser; fails with what it was given where a property does not hold, an input takes too long
/// or the process grows too much.
///
///     swift run -c release -Xswiftc -enable-testing fuzz TARGET [--executions N] [--seed S]
///     … fuzz TARGET --show N [--seed S]     the input of an execution, in base64
///     … fuzz seeds                          writes the inputs that corpora begin with
///     … fuzz targets                        the names
///
/// Built by `.scripts/fuzz` it hands what follows the target to libFuzzer's driver.
let arguments = Array(CommandLine.arguments.dropFirst())

func fail(_ text: String, code: Int32 = 1) -> Never {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
  exit(code)
}

switch arguments.first {
case "seeds":
  for target in FuzzTarget.all { try Corpus.writeSeeds(target) }
case "targets":
  for target in FuzzTarget.all { print(target.name, target.lengthLimit) }
case let name?:
  #if LIBFUZZER
    let isNamed = name.hasPrefix(LibFuzzer.option)
    let name = isNamed ? String(name.dropFirst(LibFuzzer.option.count)) : name
  #endif
  guard let target = FuzzTarget.named(name) else {
    fail("\(name) is no target; there are \(FuzzTarget.all.map(\.name))", code: 64)
  }
  #if LIBFUZZER
    exit(LibFuzzer.run(target))
  #else
    let options = FuzzOptions(arguments.dropFirst())
    let run = FuzzRun(
      target, corpus: try Corpus.load(target), executions: options.executions ?? target.shortRun,
      seed: options.seed)
    if let number = options.show {
      print(FuzzRun.base64(run.input(number)))
    } else {
      CrashNote.install()
      do throws(FuzzFailure) {
        print("\(target): \(try run.run())")
      } catch {
        fail("\(target): \(error)")
      }
    }
  #endif
case nil:
  fail("usage: fuzz TARGET [--executions N] [--seed S] [--show N]", code: 64)
}
