import Foundation
public import Testing

/// Holds `text` against the golden file `<name>.txt` in the folder `Snapshots` beside the test's
/// source file. A missing golden, or `RESNET_TUI_RECORD=1`, writes the file and fails the test, so
/// that no recording passes unseen; where `CI` is set nothing is written.
public func expectSnapshot(
  _ text: String, named name: String, filePath: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = URL(fileURLWithPath: filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")
  let file = folder.appendingPathComponent("\(name).txt")
  let environment = ProcessInfo.processInfo.environment
  let golden = try? String(contentsOf: file, encoding: .utf8)
  let recording = environment["RESNET_TUI_RECORD"] == "1"
  if let golden, !recording {
    guard golden != text else { return }
    Issue.record(
      Comment(rawValue: differences(golden: golden, actual: text, name: name)),
      sourceLocation: sourceLocation)
    return
  }
  guard environment["CI"] == nil else {
    Issue.record("no golden \(name).txt", sourceLocation: sourceLocation)
    return
  }
  do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name).txt; look at it and run again", sourceLocation: sourceLocation)
  } catch {
    Issue.record("cannot record \(name).txt: \(error)", sourceLocation: sourceLocation)
  }
}

/// The lines that differ, golden above actual.
private func differences(golden: String, actual: String, name: String) -> String {
  let old = golden.split(separator: "\n", omittingEmptySubsequences: false)
  let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
  var report = "\(name).txt differs:"
  for row in 0..<max(old.count, new.count) {
    let before = row < old.count ? old[row] : ""
    let after = row < new.count ? new[row] : ""
    if before != after { report += "\n\(row + 1) - \(before)\n\(row + 1) + \(after)" }
  }
  return report
}
