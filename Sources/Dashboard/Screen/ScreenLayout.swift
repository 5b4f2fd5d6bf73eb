public import Cells

extension State {
  /// The screen has no room for the panes.
  var isTooSmall: Bool {
    let needed = ScreenLayout.minimumSize
    return size.width < needed.width || size.height < needed.height
  }

  /// Nothing is shown, and nothing is to be done. A replay may be of a single pane.
  var isBlind: Bool { role != .replay && isTooSmall }
}

/// Where the panes stand: a function of the screen's size, the focus and the zoom alone.
public struct ScreenLayout: Equatable, Sendable {
  /// Smallest screen that shows panes.
  public static let minimumSize = Size(width: 80, height: 24)

  /// One line at the top.
  public let header: Rect
  public let panes: [Pane: Rect]
  /// One line at the bottom.
  public let footer: Rect
  private let places: [Place]

  /// Where one of several panes is shown.
  private struct Place: Equatable, Sendable {
    var panes: [Pane]
    var rect: Rect

    init(_ panes: [Pane], rect: Rect) {
      self.panes = panes
      self.rect = rect
    }
  }

  /// Which panes share a place.
  private struct Shared {
    let isWatching: Bool

    /// The widest place: what is looked at longest.
    var wide: [Pane] { isWatching ? [.scalars, .layers, .block, .predictions] : [.layers] }
    /// Beside the loss.
    var chart: [Pane] { isWatching ? [.accuracy] : [.accuracy, .block, .scalars, .predictions] }
    /// All that a small screen has one place for.
    var small: [Pane] {
      isWatching
        ? [.scalars, .accuracy, .layers, .block, .predictions]
        : [.layers, .accuracy, .block, .scalars, .predictions]
    }
  }

  init(_ state: State) {
    self.init(
      size: state.size, focus: state.focus, isZoomed: state.isZoomed,
      isWatching: state.role == .watching, front: state.front(of:))
  }

  /// - Parameters:
  ///   - isWatching: the composer's place is for the runs, and scalars are the first to be shown.
  ///   - front: which of the panes that share a place is shown.
  init(
    size: Size, focus: Pane, isZoomed: Bool, isWatching: Bool = false,
    front: ([Pane]) -> Pane = { $0[0] }
  ) {
    let rows = Rect(size: size).rows([.fixed(1), .minimum(0), .fixed(1)])
    header = rows[0]
    footer = rows[2]
    let body = rows[1]
    let isLarge = size.width >= 150 && size.height >= 40
    let isMedium = size.width >= 110 && size.height >= 34
    let shared = Shared(isWatching: isWatching)
    places =
      isZoomed
      ? [Place([focus], rect: body)]
      : isLarge
        ? Self.large(body, shared) : isMedium ? Self.medium(body, shared) : Self.small(body, shared)
    panes = Dictionary(
      places.map { (front($0.panes), $0.rect) }, uniquingKeysWith: { first, _ in first })
  }

  /// The panes that could stand in the place of `pane` instead.
  func siblings(of pane: Pane) -> [Pane] {
    places.first { $0.panes.contains(pane) }?.panes.filter { $0 != pane } ?? []
  }

  /// The pane under a cell.
  func pane(at point: Point) -> (Pane, Rect)? {
    for pane in Pane.allCases {
      if let rect = panes[pane], rect.contains(point) { return (pane, rect) }
    }
    return nil
  }

  /// Two columns: composer and runs share a place, and so does all else but loss and progress.
  private static func small(_ body: Rect, _ shared: Shared) -> [Place] {
    let columns = body.columns([.fixed(37 + max(0, body.width - 80) / 8), .minimum(0)])
    let right = columns[1].rows([.proportion(8), .proportion(9), .fixed(5)])
    return [
      Place(shared.isWatching ? [.runs] : [.composer, .runs], rect: columns[0]),
      Place([.loss], rect: right[0]), Place(shared.small, rect: right[1]),
      Place([.progress], rect: right[2]),
    ]
  }

  /// Composer above runs at the left; layers above the two charts and the progress at the right.
  private static func medium(_ body: Rect, _ shared: Shared) -> [Place] {
    let columns = body.columns([.fixed(38), .minimum(0)])
    let right = columns[1].rows([.proportion(9), .proportion(8), .fixed(6)])
    let charts = right[1].columns([.proportion(1), .proportion(1)])
    return left(columns[0], runsHeight: 9, shared) + [
      Place(shared.wide, rect: right[0]), Place([.loss], rect: charts[0]),
      Place(shared.chart, rect: charts[1]), Place([.progress], rect: right[2]),
    ]
  }

  /// Composer above runs, layers above progress, loss above accuracy.
  private static func large(_ body: Rect, _ shared: Shared) -> [Place] {
    let columns = body.columns([.fixed(40), .proportion(5), .proportion(3)])
    let middle = columns[1].rows([.minimum(0), .fixed(9)])
    let right = columns[2].rows([.proportion(1), .proportion(1)])
    return left(columns[0], runsHeight: 12, shared) + [
      Place(shared.wide, rect: middle[0]), Place([.progress], rect: middle[1]),
      Place([.loss], rect: right[0]), Place(shared.chart, rect: right[1]),
    ]
  }

  private static func left(_ column: Rect, runsHeight: Int, _ shared: Shared) -> [Place] {
    guard !shared.isWatching else { return [Place([.runs], rect: column)] }
    let rows = column.rows([.minimum(0), .fixed(runsHeight)])
    return [Place([.composer], rect: rows[0]), Place([.runs], rect: rows[1])]
  }
}
