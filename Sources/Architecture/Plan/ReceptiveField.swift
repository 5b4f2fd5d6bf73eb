/// How much of the image one element of a feature map sees, in pixels along a side (Araujo et al.
/// 2019, equations 1 and 2); parts of it may lie in the padding.
public struct ReceptiveField: Hashable, Sendable {
  /// Length of its side.
  public var side: Int
  /// Pixels between the fields of neighbouring elements.
  public var step: Int

  public init(side: Int, step: Int) {
    self.side = side
    self.step = step
  }

  /// One pixel.
  public static let image = ReceptiveField(side: 1, step: 1)

  /// The field behind a window of `kernel` and `stride`.
  func through(kernel: Int, stride: Int) -> ReceptiveField {
    ReceptiveField(side: side + (kernel - 1) * step, step: step * stride)
  }

  /// What both fields see: branches meet on maps of one resolution.
  func joined(with other: ReceptiveField) -> ReceptiveField {
    ReceptiveField(side: max(side, other.side), step: max(step, other.step))
  }
}
