public import Cells

/// Where the panes stand: a function of the screen's size, the focus and the zoom alone.
public struct ScreenLayout: Equatable, Sendable {
  /// Smallest screen that shows panes.
  public static let minimumSize = Size(width: 80, height: 24)

  /// One line at the top.
  public let header: Rect
  public let panes: [Pane: Rect]
  /// One line at the bottom.
  public let footer: Rect
  /// Some panes share a place.
  private let isShared: Bool

  init(_ state: State) {
    self.init(
      size: state.size, focus: state.focus, side: state.side, middle: state.middle,
      isZoomed: state.isZoomed)
  }

  /// - Parameters:
  ///   - side: which of composer and runs a small screen shows.
  ///   - middle: which of layers and accuracy a small screen shows.
  init(size: Size, focus: Pane, side: Pane, middle: Pane, isZoomed: Bool) {
    let rows = Rect(size: size).rows([.fixed(1), .minimum(0), .fixed(1)])
    header = rows[0]
    footer = rows[2]
    let body = rows[1]
    let isLarge = size.width >= 150 && size.height >= 40
    let isMedium = size.width >= 110 && size.height >= 34
    isShared = !isZoomed && !isLarge && !isMedium
    if isZoomed {
      panes = [focus: body]
    } else if isLarge {
      panes = Self.large(body)
    } else if isMedium {
      panes = Self.medium(body)
    } else {
      panes = Self.small(body, side: side, middle: middle)
    }
  }

  /// The pane that could stand in the place of `pane` instead.
  func sibling(of pane: Pane) -> Pane? {
    guard isShared else { return nil }
    return switch pane {
    case .composer: .runs
    case .runs: .composer
    case .layers: .accuracy
    case .accuracy: .layers
    case .loss, .progress: nil
    }
  }

  /// The pane under a cell.
  func pane(at point: Point) -> (Pane, Rect)? {
    for pane in Pane.allCases {
      if let rect = panes[pane], rect.contains(point) { return (pane, rect) }
    }
    return nil
  }

  /// Two columns; composer and runs share a place, and so do layers and accuracy.
  private static func small(_ body: Rect, side: Pane, middle: Pane) -> [Pane: Rect] {
    let columns = body.columns([.fixed(37 + max(0, body.width - 80) / 8), .minimum(0)])
    let right = columns[1].rows([.proportion(8), .proportion(9), .fixed(5)])
    return [side: columns[0], .loss: right[0], middle: right[1], .progress: right[2]]
  }

  /// Composer above runs at the left; layers above the two charts and the progress at the right.
  private static func medium(_ body: Rect) -> [Pane: Rect] {
    let columns = body.columns([.fixed(38), .minimum(0)])
    let left = columns[0].rows([.minimum(0), .fixed(9)])
    let right = columns[1].rows([.proportion(9), .proportion(8), .fixed(6)])
    let charts = right[1].columns([.proportion(1), .proportion(1)])
    return [
      .composer: left[0], .runs: left[1], .layers: right[0], .loss: charts[0],
      .accuracy: charts[1], .progress: right[2],
    ]
  }

  /// Composer above runs, layers above progress, loss above accuracy.
  private static func large(_ body: Rect) -> [Pane: Rect] {
    let columns = body.columns([.fixed(40), .proportion(5), .proportion(3)])
    let left = columns[0].rows([.minimum(0), .fixed(12)])
    let middle = columns[1].rows([.minimum(0), .fixed(9)])
    let right = columns[2].rows([.proportion(1), .proportion(1)])
    return [
      .composer: left[0], .runs: left[1], .layers: middle[0], .progress: middle[1],
      .loss: right[0], .accuracy: right[1],
    ]
  }
}
