import Cells

/// The words and numbers of progress output.
public enum ProgressText {
  /// `epoch 2/10  step 520/4680  loss 0.4312  acc 84.7 %  1.9 k img/s  ETA 03:12`
  static func line(_ progress: Progress) -> String {
    var parts = [
      "epoch \(progress.epoch)/\(progress.epochs)",
      "step \(progress.step)/\(progress.totalSteps)",
      "loss \(NumberText.significant(progress.loss))",
      "acc \(NumberText.percent(progress.accuracy))",
      "\(NumberText.compact(progress.imagesPerSecond)) img/s",
    ]
    if let remaining = progress.remaining {
      parts.append("ETA \(NumberText.duration(seconds: remaining))")
    }
    return parts.joined(separator: "  ")
  }

  static func line(_ measurement: Measurement) -> String {
    "\(measurement.split)  epoch \(measurement.epoch)  step \(measurement.step)  "
      + "loss \(NumberText.significant(measurement.loss))  "
      + "acc \(NumberText.percent(measurement.accuracy, decimals: 2))  "
      + "in \(NumberText.fixed(measurement.seconds, decimals: 1)) s"
  }

  static func line(_ run: RunDescription) -> String {
    "\(run.network): \(NumberText.compact(Double(run.parameters))) parameters, "
      + "\(NumberText.grouped(run.trainingImages)) training and "
      + "\(NumberText.grouped(run.validationImages)) validation images, batch \(run.batch), "
      + "\(count(run.epochs, "epoch")) of \(count(run.stepsPerEpoch, "step")), "
      + "\(count(run.threads, "thread")), "
      + "\(NumberText.compact(Double(run.memory)))B of memory"
      + (run.beginning.map { "\n\($0)" } ?? "")
  }

  /// `layer3.3, layer3.4`; `layer3.3 to layer3.7` where there are many.
  private static func list(_ blocks: [String]) -> String {
    guard blocks.count > 3, let first = blocks.first, let last = blocks.last else {
      return blocks.joined(separator: ", ")
    }
    return "\(first) to \(last)"
  }

  /// `grown by layer3.2: 269.4 k → 343.5 k parameters, 30.82 M → 34.44 M MACs`
  static func line(_ growth: NetworkGrowth) -> String {
    func change(_ before: Int, _ now: Int) -> String {
      "\(NumberText.compact(Double(before))) → \(NumberText.compact(Double(now)))"
    }
    return "grown by \(list(growth.blocks)): "
      + "\(change(growth.parametersBefore, growth.parameters)) parameters, "
      + "\(change(growth.macsBefore, growth.macs)) MACs"
  }

  static func line(haltedBy reason: String) -> String {
    "training pauses, and goes on once this is mended: \(Sanitizer.sanitize(reason))"
  }

  private static func count(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  public static func line(_ summary: RunSummary) -> String {
    var text = "\(summary.state) at step \(summary.step)"
    if let accuracy = summary.accuracy, let best = summary.bestAccuracy {
      text +=
        ", accuracy \(NumberText.percent(accuracy, decimals: 2))"
        + " (best \(NumberText.percent(best, decimals: 2)))"
    }
    return text + ", after \(NumberText.duration(seconds: summary.seconds)): \(summary.run)"
  }

  /// One line of at most `columns` columns: a bar, then as much of the text as fits.
  static func bar(_ progress: Progress, columns: Int) -> String {
    bar(
      Double(progress.step) / Double(max(1, progress.totalSteps)), line(progress), columns: columns)
  }

  /// A bar that is filled to `fraction`, 0 to 1, and `text`: one line of at most `columns` columns.
  public static func bar(_ fraction: Double, _ text: String, columns: Int) -> String {
    let width = min(30, columns - TextWidth.of(text) - 3)
    guard width >= 6 else { return String(text.prefix(max(0, columns))) }
    let filled = Int((fraction * Double(width)).rounded(.down))
    return "[" + String(repeating: "=", count: filled)
      + String(repeating: filled < width ? ">" : "", count: 1)
      + String(repeating: " ", count: max(0, width - filled - 1)) + "] " + text
  }
}
