import Cells

/// What a session leaves for the next one, as a file that can be read and edited.
public struct Settings: Codable, Equatable, Sendable {
  public struct Charts: Codable, Equatable, Sendable {
    /// As the axis calls itself: step, epoch, images, elapsed or UTC.
    public var axis: String?
    /// Weight of the past in smoothed curves, 0 to below 1.
    public var smoothing: Double?
    /// The y axes span outliers.
    public var outliers: Bool?
  }

  public struct Layout: Codable, Equatable, Sendable {
    /// The pane that the keys go to.
    public var focus: String?
    /// The panes, those in front of others first.
    public var front: [String]?
    /// The focused pane has the whole screen.
    public var zoomed: Bool?
  }

  public var theme: String?
  public var charts: Charts?
  public var layout: Layout?

  public init() {}
}

extension State {
  /// What of the present state a later session begins with.
  public var settings: Settings {
    var settings = Settings()
    settings.theme = appearance.theme.name
    settings.charts = Settings.Charts(
      axis: charts.axis.label, smoothing: charts.smoothing, outliers: charts.showsOutliers)
    settings.layout = Settings.Layout(
      focus: focus.title, front: recent.map(\.title), zoomed: isZoomed)
    return settings
  }

  /// Begins as an earlier session ended; what makes no sense is left out.
  ///
  /// - Parameter isComposing: the composer comes to the front, wherever the session was left.
  public mutating func apply(_ settings: Settings, isComposing: Bool = false) {
    if let axis = ChartAxis.allCases.first(where: { $0.label == settings.charts?.axis }) {
      charts.axis = axis
    }
    if let smoothing = settings.charts?.smoothing, (0..<1).contains(smoothing) {
      charts.smoothing = smoothing
    }
    if let outliers = settings.charts?.outliers { charts.showsOutliers = outliers }
    func pane(_ title: String) -> Pane? { panes.first { $0.title == title } }
    for pane in (settings.layout?.front ?? []).compactMap(pane).reversed() { bringForward(pane) }
    if let focus = settings.layout?.focus.flatMap(pane) { focusOn(focus) }
    if let zoomed = settings.layout?.zoomed { isZoomed = zoomed }
    if isComposing { focusOn(.composer) }
  }
}
