/// What a network makes of its validation images: the text `predictions/val`, written with every
/// validation.
public struct Predictions: Codable, Sendable, Hashable {
  /// The names of the data set's classes, in the order of their labels.
  public var classNames: [String]
  /// Of the images that the log shows, in the order of their tags.
  public var shown: [Prediction]
  /// Images by what they are (row) and by what they are taken for (column): classes×classes; nil for
  /// more than `matrixLimit` classes.
  public var confusion: [[Int]]?

  public struct Prediction: Codable, Sendable, Hashable {
    public var label: Int
    /// The class of the largest probability.
    public var predicted: Int
    /// Its probability, 0..1; nil where the network has come to compute none.
    public var confidence: Double?

    public init(label: Int, predicted: Int, confidence: Double?) {
      self.label = label
      self.predicted = predicted
      self.confidence = confidence
    }

    public var isRight: Bool { label == predicted }
  }

  public static let tag = "predictions/val"
  /// Most images whose pixels a log has.
  public static let shownLimit = 64
  /// Most classes of a confusion matrix.
  public static let matrixLimit = 100

  /// The image summary of the `index`th image that is shown, written once.
  public static func imageTag(_ index: Int) -> String {
    "images/val/\(index < 10 ? "0" : "")\(index)"
  }

  /// The image summary of a convolution's filters, written with every validation.
  public static func filterTag(_ layer: String) -> String { "filters/\(layer)" }

  public init(classNames: [String], shown: [Prediction] = [], confusion: [[Int]]? = nil) {
    self.classNames = classNames
    self.shown = shown
    self.confusion = confusion
  }

  /// Reads the text of a log; nil where it is none of ours: negative labels, confidences outside 0…1, and
  /// matrices that are not square or have negative counts, are no predictions.
  public init?(text: String) {
    guard let read = JSONText.decode(Predictions.self, from: text),
      read.shown.count <= Self.shownLimit,
      read.shown.allSatisfy({
        $0.label >= 0 && $0.predicted >= 0 && $0.confidence.map((0...1).contains) ?? true
      })
    else { return nil }
    if let confusion = read.confusion {
      guard confusion.count <= Self.matrixLimit,
        confusion.allSatisfy({ row in
          row.count == confusion.count && row.allSatisfy { (0...Self.countLimit).contains($0) }
        })
      else { return nil }
    }
    self = read
  }

  /// More images than any set has; sums of counts stay within an `Int`.
  private static let countLimit = 1 << 40

  public var text: String { JSONText.encode(self) }

  /// What a class is called; its number where the set does not name it.
  public func name(of label: Int) -> String {
    classNames.indices.contains(label) ? classNames[label] : "class \(label)"
  }

  /// Counts an image.
  public mutating func count(label: Int, predicted: Int) { confusion?[label][predicted] += 1 }
}

extension Predictions {
  /// How well one class is recognised.
  public struct ClassResult: Sendable, Hashable {
    public var label: Int
    /// Images of the class.
    public var count: Int
    public var correct: Int
    /// Images that are taken for it.
    public var taken: Int
    /// What its images are most often taken for besides; nil where none is.
    public var rival: Rival?

    public struct Rival: Sendable, Hashable {
      public var label: Int
      public var count: Int
    }

    /// Share of its images that are recognised, 0..1; nil where there is none.
    public var recall: Double? { count > 0 ? Double(correct) / Double(count) : nil }
    /// Share of what is taken for it that it is, 0..1; nil where nothing is.
    public var precision: Double? { taken > 0 ? Double(correct) / Double(taken) : nil }
  }

  /// In the order of the labels; empty without a matrix.
  public var classResults: [ClassResult] {
    guard let confusion else { return [] }
    return confusion.indices.map { label in
      let row = confusion[label]
      let rival = row.indices.filter { $0 != label && row[$0] > 0 }.max {
        // Of equals the first.
        (row[$0], -$0) < (row[$1], -$1)
      }
      return ClassResult(
        label: label, count: row.reduce(0, +), correct: row[label],
        taken: confusion.reduce(0) { $0 + $1[label] },
        rival: rival.map { ClassResult.Rival(label: $0, count: row[$0]) })
    }
  }

  /// Share of all images that are recognised, 0..1; nil without a matrix or an image.
  public var accuracy: Double? {
    let results = classResults
    let count = results.reduce(0) { $0 + $1.count }
    return count > 0 ? Double(results.reduce(0) { $0 + $1.correct }) / Double(count) : nil
  }
}
