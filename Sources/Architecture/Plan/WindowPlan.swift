/// A square sliding window with the padding around the map it slides over.
public struct WindowPlan: Hashable, Sendable {
  public var kernel: Int
  public var stride: Int
  /// Zeros (for max pooling: nothing) at each side.
  public var padding: Padding

  /// Rows and columns at the sides of a map.
  public struct Padding: Hashable, Sendable {
    public var top: Int
    public var left: Int
    public var bottom: Int
    public var right: Int

    public init(top: Int, left: Int, bottom: Int, right: Int) {
      self.top = top
      self.left = left
      self.bottom = bottom
      self.right = right
    }

    /// The same at every side.
    public init(_ side: Int) { self.init(top: side, left: side, bottom: side, right: side) }
  }

  public init(kernel: Int, stride: Int, padding: Padding) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// The window that `rule` makes of kernel and stride on maps of `input`.
  public init(kernel: Int, stride: Int, rule: PaddingRule, input: ImageShape) {
    let padding: Padding
    switch rule {
    case .symmetric: padding = Padding(kernel / 2)
    case .same:
      func total(_ length: Int) -> Int {
        max(0, ((length + stride - 1) / stride - 1) * stride + kernel - length)
      }
      let (rows, columns) = (total(input.height), total(input.width))
      padding = Padding(
        top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
    }
    self.init(kernel: kernel, stride: stride, padding: padding)
  }

  /// The shape of `channels` maps that the window makes of `input`.
  public func output(_ input: ImageShape, channels: Int) -> ImageShape {
    ImageShape(
      channels: channels,
      height: (input.height + padding.top + padding.bottom - kernel) / stride + 1,
      width: (input.width + padding.left + padding.right - kernel) / stride + 1)
  }
}
