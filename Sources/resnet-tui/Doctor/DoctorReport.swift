import Cells

/// The checks as lines: a word for how it is, the name, what was found, and below how to mend it.
struct DoctorReport {
  let checks: [Check]

  /// Lines longer than this are hard to read.
  private static let widest = 110
  /// Columns that text needs to be read at all.
  private static let narrowest = 24
  private static let gap = 2

  /// The text is in the terminal's own colour, as the shell's is around it.
  private static let theme = {
    var theme = Theme.dark
    theme.text = .plain
    return theme
  }()

  /// The report in `width` columns, or fewer where lines would be too long.
  func frame(width: Int, glyphs: Glyphs) -> Frame {
    let width = max(Self.narrowest, min(width, Self.widest))
    let statuses = (Check.Status.allCases.map { $0.rawValue.count }.max() ?? 0) + Self.gap
    let names = (checks.map { TextWidth.of($0.name) }.max() ?? 0) + Self.gap
    // A terminal too narrow for columns has the text below the name.
    let isNarrow = width < statuses + names + Self.narrowest
    let indent = isNarrow ? Self.gap : statuses + names
    let arrow = glyphs.isASCII ? "-> " : "→ "
    let rows = checks.map {
      Row($0, width: width - indent, mendWidth: width - indent - TextWidth.of(arrow))
    }
    let height = rows.reduce(2) { $0 + $1.foundHeight + $1.mendHeight + (isNarrow ? 1 : 0) }
    return Frame(
      size: Size(width: width, height: height),
      appearance: Appearance(theme: Self.theme, glyphs: glyphs)
    ) { canvas in
      var y = 0
      func draw(_ block: TextBlock, x: Int, height: Int) {
        block.draw(on: canvas.region(Rect(x: x, y: y, width: width - x, height: height)))
        y += height
      }
      for row in rows {
        let status = row.check.status
        canvas.write(status.rawValue, y: y, style: style(status, canvas.theme))
        canvas.write(row.check.name, x: statuses, y: y)
        if isNarrow { y += 1 }
        draw(row.found, x: indent, height: row.foundHeight)
        guard let mend = row.mend else { continue }
        canvas.write(arrow, x: indent, y: y, style: canvas.theme.accent)
        draw(mend, x: indent + TextWidth.of(arrow), height: row.mendHeight)
      }
      canvas.write(summary, y: y + 1)
    }
  }

  /// The texts of a check and the lines that each takes.
  private struct Row {
    let check: Check
    let found: TextBlock
    let mend: TextBlock?
    let foundHeight, mendHeight: Int

    init(_ check: Check, width: Int, mendWidth: Int) {
      self.check = check
      found = TextBlock(check.found)
      mend = check.mend.map { TextBlock($0) }
      foundHeight = found.lineCount(width: width)
      mendHeight = mend?.lineCount(width: mendWidth) ?? 0
    }
  }

  private var summary: String {
    let counts = [Check.Status.problem, .warning].compactMap { status -> String? in
      let count = checks.count { $0.status == status }
      return count == 0 ? nil : "\(count) \(status.rawValue)\(count == 1 ? "" : "s")"
    }
    return counts.isEmpty ? "Nothing is in the way." : counts.joined(separator: ", ")
  }

  private func style(_ status: Check.Status, _ theme: Theme) -> Style {
    switch status {
    case .ok: theme.good
    case .note: theme.accent
    case .warning: theme.warning
    case .problem: theme.bad
    }
  }
}
