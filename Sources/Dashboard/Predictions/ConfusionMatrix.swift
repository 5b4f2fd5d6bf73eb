import Cells
import Experiments

/// Images by what they are (row) and by what they are taken for (column), as a heat map; with how many
/// of each class are recognised, and how many of what is taken for it are.
struct ConfusionMatrix {
  let predictions: Predictions
  /// First row that is shown.
  var offset = 0

  private static let longestName = 12
  private static let recallWidth = 8

  /// Columns of the largest count, with the blank before it.
  private var countWidth: Int {
    max(4, "\(predictions.confusion?.joined().max() ?? 0)".count + 1)
  }

  private var nameWidth: Int {
    predictions.classResults.reduce("precision".count) {
      max($0, min(Self.longestName, predictions.name(of: $1.label).count))
    }
  }

  /// Lines that the whole matrix takes.
  var height: Int { (predictions.confusion?.count ?? 0) + 2 }

  func draw(on canvas: Canvas) {
    let theme = canvas.theme
    guard let confusion = predictions.confusion, !confusion.isEmpty else {
      return TextBlock(
        "More than \(Predictions.matrixLimit) classes: too many for a matrix.", style: theme.muted
      ).draw(on: canvas)
    }
    let results = predictions.classResults
    // Counts where there is room for them, else percents of the row; recall as far as it fits. Names of
    // rows are cut before columns are.
    let showsCounts = confusion.count * countWidth <= canvas.width - nameWidth - 1
    let least =
      showsCounts ? countWidth : confusion.count * 4 <= canvas.width - nameWidth - 1 ? 4 : 3
    let names = max(4, min(nameWidth + 1, canvas.width - confusion.count * least))
    let rest = canvas.width - names
    // Names of classes get what is left.
    let cell = max(least, min(Self.longestName, (rest - Self.recallWidth) / confusion.count))
    let columns = min(confusion.count, max(1, rest / cell))
    let hasRecall = names + columns * cell + Self.recallWidth <= canvas.width
    let first = min(offset, max(0, confusion.count + 2 - canvas.height))
    canvas.write(
      showsCounts ? "true/pred" : "true/pred %", style: theme.faint, width: names)
    for column in 0..<columns {
      canvas.write(
        String(predictions.name(of: column).prefix(cell - 1)), x: names + column * cell, y: 0,
        style: theme.header, width: cell, alignment: .trailing)
    }
    if hasRecall {
      canvas.write(
        "recall", x: names + columns * cell, y: 0, style: theme.header, width: Self.recallWidth,
        alignment: .trailing)
    }
    let hasFooter = canvas.height >= 3
    let visible = max(1, canvas.height - (hasFooter ? 2 : 1))
    for (y, row) in (first..<min(confusion.count, first + visible)).enumerated() {
      canvas.write(predictions.name(of: row), y: y + 1, style: theme.text, width: names)
      for column in 0..<columns {
        draw(
          confusion[row][column], of: results[row].count, isRight: row == column,
          showsCounts: showsCounts,
          on: canvas.region(Rect(x: names + column * cell, y: y + 1, width: cell, height: 1)))
      }
      if hasRecall, let recall = results[row].recall {
        canvas.write(
          NumberText.percent(recall), x: names + columns * cell, y: y + 1, style: theme.text,
          width: 7, alignment: .trailing)
      }
    }
    guard hasFooter else { return }
    let y = min(confusion.count - first, visible) + 1
    canvas.write("precision", y: y, style: theme.faint, width: names)
    for column in 0..<columns {
      guard let precision = results[column].precision else { continue }
      // As in the cells above, two digits have to do where there are no more columns.
      let percent = "\(min(Int((precision * 100).rounded()), cell < 4 ? 99 : 100))"
      canvas.write(
        showsCounts && cell > 5 ? "\(percent) %" : percent, x: names + column * cell, y: y,
        style: theme.muted,
        width: cell, alignment: .trailing)
    }
    if hasRecall, let accuracy = predictions.accuracy {
      canvas.write(
        NumberText.percent(accuracy), x: names + columns * cell, y: y, style: theme.emphasis,
        width: 7, alignment: .trailing)
    }
  }

  private func draw(
    _ count: Int, of total: Int, isRight: Bool, showsCounts: Bool, on canvas: Canvas
  ) {
    let theme = canvas.theme
    let share = total > 0 ? Double(count) / Double(total) : 0
    guard count > 0 else {
      canvas.write(
        String(canvas.glyphs.separator), style: theme.faint, width: canvas.width,
        alignment: .trailing)
      return
    }
    // Mistakes are few, and are what is looked for.
    let style =
      isRight
      ? theme.heat(theme.good, share: share * 0.7)
      : theme.heat(theme.bad, share: share.squareRoot())
    canvas.fill(style: style)
    let percent = (share * 100).rounded()
    // Two digits have to do.
    let text =
      showsCounts
      ? "\(count)" : percent < 1 ? "0" : "\(Int(min(percent, canvas.width < 4 ? 99 : 100)))"
    canvas.write(text, style: style, width: canvas.width, alignment: .trailing)
  }
}
