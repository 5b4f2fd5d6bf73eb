import Cells
import Experiments

/// How well each class is recognised, and what it is most often taken for.
struct ClassTable {
  let predictions: Predictions

  private static let longestName = 16
  private static let barWidth = 24

  func draw(firstRow: Int, on canvas: Canvas) {
    let theme = canvas.theme
    let results = predictions.classResults
    let names = results.reduce(4) {
      max($0, min(Self.longestName, predictions.name(of: $1.label).count))
    }
    // The bar takes what the words leave.
    let rivalWidth = names + 10
    let hasRival = canvas.width >= names + 8 + rivalWidth + 4
    let bar = max(
      0, min(Self.barWidth, canvas.width - names - 9 - (hasRival ? rivalWidth + 2 : 0)))
    var x = names + bar + 2
    canvas.write("class", style: theme.header, width: names)
    canvas.write("recall", x: x, style: theme.header, width: 7, alignment: .trailing)
    let rivalX = x + 9
    if hasRival { canvas.write("often taken for", x: rivalX, style: theme.header) }
    let hasPrecision = canvas.width >= rivalX + rivalWidth + 18
    if hasPrecision {
      x = rivalX + rivalWidth + 1
      canvas.write("precision", x: x, style: theme.header, width: 9, alignment: .trailing)
      canvas.write("images", x: x + 10, style: theme.header, width: 7, alignment: .trailing)
    }
    for (index, result) in results.dropFirst(firstRow).prefix(canvas.height - 1).enumerated() {
      let y = index + 1
      canvas.write(predictions.name(of: result.label), y: y, style: theme.text, width: names)
      if let recall = result.recall {
        Gauge(fraction: recall).draw(
          on: canvas.region(Rect(x: names + 1, y: y, width: bar, height: 1)))
        canvas.write(
          NumberText.percent(recall), x: names + bar + 2, y: y, style: theme.emphasis, width: 7,
          alignment: .trailing)
      }
      if hasRival, let rival = result.rival {
        let share = Double(rival.count) / Double(result.count)
        canvas.write(
          [
            Span(predictions.name(of: rival.label), style: theme.warning),
            Span(" \(NumberText.percent(share))", style: theme.muted),
          ], x: rivalX, y: y, width: rivalWidth)
      }
      guard hasPrecision else { continue }
      if let precision = result.precision {
        canvas.write(
          NumberText.percent(precision), x: x, y: y, style: theme.text, width: 9,
          alignment: .trailing)
      }
      canvas.write(
        NumberText.grouped(result.count), x: x + 10, y: y, style: theme.muted, width: 7,
        alignment: .trailing)
    }
  }
}
