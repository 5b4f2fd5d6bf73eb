/// The lines above a chart that say which curve is which.
extension LineChart {
  /// nil where there is no room for one.
  func legend(in size: Size) -> Legend? {
    guard size.height >= 3 else { return nil }
    let entries = lines.indices.compactMap { index -> Legend.Entry? in
      let line = lines[index]
      guard let name = line.name else { return nil }
      return Legend.Entry(
        index: index, style: line.style, name: name,
        value: line.latest ?? line.points.last.map { NumberText.significant($0.y) } ?? "")
    }
    return Legend(
      entries, note: note, width: size.width, rows: max(1, size.height / 6),
      rowsForValues: size.height / 12)
  }

  /// Names with their strokes, and the latest values. Every name comes before any value: colours alone
  /// would say nothing.
  struct Legend {
    struct Entry {
      /// Of the line.
      let index: Int
      let style: Style
      let name: String
      let value: String
      /// Columns with the stroke, and those that the value adds.
      fileprivate let width: Int
      fileprivate let valueWidth: Int

      init(index: Int, style: Style, name: String, value: String) {
        (self.index, self.style, self.name, self.value) = (index, style, name, value)
        width = 2 + Self.columns(of: name)
        valueWidth = value.isEmpty ? 0 : 1 + Self.columns(of: value)
      }

      func width(withValue: Bool) -> Int { width + (withValue ? valueWidth : 0) }

      /// Whatever the terminal's characters are.
      private static func columns(of text: String) -> Int {
        max(TextWidth.of(text), TextWidth.of(text, ascii: true))
      }
    }

    /// Where an entry stands.
    private struct Place {
      var entry: Int
      var x: Int
      var y: Int
      var hasValue: Bool
    }

    /// Lines of text.
    let height: Int
    private let entries: [Entry]
    private let places: [Place]
    private let note: String?

    /// Between two entries.
    private static let gap = 2

    /// - Parameters:
    ///   - rows: most lines of text.
    ///   - rowsForValues: lines that the legend may have for the sake of all its values.
    init(_ entries: [Entry], note: String?, width: Int, rows: Int, rowsForValues: Int) {
      self.entries = entries
      self.note = note
      var withValue: Set<Int> = []
      var places = Self.flow(entries, withValue, width: width)
      let all = (Self.flow(entries, Set(entries.indices), width: width).last?.y ?? 0) + 1
      let needed = all <= rowsForValues ? all : min(rows, (places.last?.y ?? 0) + 1)
      // What the names leave goes to the first values.
      let fitting = places.last.map { $0.y < needed } ?? false ? entries.indices : 0..<0
      for index in fitting where !entries[index].value.isEmpty {
        let wider = Self.flow(entries, withValue.union([index]), width: width)
        guard wider.last.map({ $0.y < needed }) ?? false else { continue }
        withValue.insert(index)
        places = wider
      }
      height = needed
      self.places = places
    }

    /// One after the other, and on the next line what has no room on this.
    private static func flow(_ entries: [Entry], _ withValue: Set<Int>, width: Int) -> [Place] {
      var (x, y) = (0, 0)
      return entries.indices.map { index in
        let hasValue = withValue.contains(index)
        let needed = entries[index].width(withValue: hasValue)
        if x > 0, x + needed > width { (x, y) = (0, y + 1) }
        defer { x += needed + gap }
        return Place(entry: index, x: x, y: y, hasValue: hasValue)
      }
    }

    func draw(on canvas: Canvas) {
      let (theme, marks) = (canvas.theme, canvas.glyphs.seriesMarks)
      var end = 0
      for (position, place) in places.enumerated() {
        let entry = entries[place.entry]
        let left = places.count - position
        let isLast = place.y == height - 1
        let next = places.dropFirst(position + 1).first
        let needed = entry.width(withValue: place.hasValue)
        // The last that is shown leaves room for the number of the others.
        let isFollowed = isLast && next.map { $0.y >= height } ?? false
        let room = canvas.width - (isFollowed ? Self.gap + "+\(left - 1)".count : 0)
        if isFollowed, place.x > 0, place.x + needed > room {
          canvas.write("+\(left)", x: place.x, y: place.y, style: theme.muted)
          return
        }
        canvas.put(marks[entry.index % marks.count], x: place.x, y: place.y, style: entry.style)
        canvas.write(
          [Span(entry.name, style: theme.muted)]
            + (place.hasValue ? [" ", Span(entry.value, style: theme.emphasis)] : []),
          x: place.x + 2, y: place.y)
        end = place.x + needed + Self.gap
        if isFollowed {
          canvas.write("+\(left - 1)", x: end, y: place.y, style: theme.muted)
          return
        }
      }
      if let note, end + canvas.columns(of: note) <= canvas.width {
        canvas.write(
          note, x: 0, y: height - 1, style: theme.faint, width: canvas.width, alignment: .trailing)
      }
    }
  }
}
