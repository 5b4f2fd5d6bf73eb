import EventLog
import Foundation

/// Prints how fast the dashboard is, and fails where that is far from what is wanted.
///
///     swift run -c release dashboard-benchmark
///     swift run -c release dashboard-benchmark edit|charts  a part of it
///     swift run -c release dashboard-benchmark session    the program on a terminal: wants a quiet machine
///     swift run -c release dashboard-benchmark write FILE   a log of a million scalars
///     swift run -c release dashboard-benchmark load FILE    the milliseconds to read it
switch Array(CommandLine.arguments.dropFirst()) {
case let arguments where arguments.count == 2 && arguments[0] == "write":
  try LoadBenchmark.write(to: arguments[1])
case let arguments where arguments.count == 2 && arguments[0] == "load":
  var timing = Timing()
  var count = 0
  try timing.measure {
    let history = try LoadBenchmark.load(arguments[1])
    count = history.tags.reduce(0) { $0 + (history.series($1)?.count ?? 0) }
  }
  print("\(count) scalars \(timing.median) ms")
case ["edit"]: exit(EditBenchmark.run() ? 0 : 1)
case ["charts"]: exit(ChartBenchmark.run() ? 0 : 1)
case ["session"]: exit(try SessionBenchmark.run() ? 0 : 1)
default:
  let results = [EditBenchmark.run(), ChartBenchmark.run(), try LoadBenchmark.run()]
  exit(results.allSatisfy { $0 } ? 0 : 1)
}
