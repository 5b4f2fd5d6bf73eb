/// The data sets that an experiment's `data.set` can name.
public enum DatasetName: String, CaseIterable, Sendable {
  /// Drawn from a seed; needs no file.
  case procedural
  /// Xiao et al. 2017.
  case fashionMNIST = "fashion-mnist"
  /// LeCun et al. 1998.
  case mnist
  /// Krizhevsky 2009.
  case cifar10

  /// The name of each class, in the order of its label.
  public var classes: [String] {
    switch self {
    case .procedural: Silhouette.allCases.map(\.rawValue)
    case .fashionMNIST:
      [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
      ]
    case .mnist: (0...9).map(String.init)
    case .cifar10:
      [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
      ]
    }
  }
}
