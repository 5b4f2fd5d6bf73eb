/// One module of a block, of the stem or of the tail, as code constructs or calls it.
struct OutlineModule: Hashable {
  enum Kind: Hashable {
    case convolution(bias: Bool, startsAtZero: Bool)
    case batchNorm(startsAtZero: Bool)
    case relu, add, concatenation, identityPad, maxPool, globalAveragePool, linear
    /// A convolution, its norm and a ReLU, one after the other.
    case unit([OutlineModule])
    /// Modules named `0`, `1`, …, one after the other.
    case sequence([OutlineModule])
  }

  /// Where a module's input comes from.
  enum Source: Hashable {
    /// What the block, stem or tail reads.
    case outside
    /// The module with this index.
    case module(Int)
  }

  /// What a number of a module means.
  enum Slot: Hashable, CaseIterable {
    /// Channels into and out of a convolution or linear layer.
    case inputs, outputs
    /// Channels of a norm.
    case channels
    case kernel, stride, groups
    /// Rows and columns at every side of the map, or at each side where they differ.
    case padding, sides
    /// Channels of zeros in front of a map's own, and behind.
    case before, after
    case eps, momentum
  }

  /// A number, or a tuple of rows and columns.
  enum Number: Hashable {
    case integer(Int)
    case real(Double)
    case sides(top: Int, left: Int, bottom: Int, right: Int)

    /// The sides, of even padding too.
    var asSides: Number {
      if case .integer(let side) = self {
        return .sides(top: side, left: side, bottom: side, right: side)
      }
      return self
    }
  }

  /// A number as the code writes it: itself, or the name of a constructor's parameter.
  enum Term: Hashable {
    case number(Number)
    case name(String)
  }

  /// Below the block's name, such as `downsample.0`.
  var name: String
  var kind: Kind
  var inputs: [Source]
  var terms: [Slot: Term]

  /// The part before the first dot.
  var family: Substring { name.prefix { $0 != "." } }
  /// The part behind the last dot.
  var lastPart: Substring { name.split(separator: ".").last ?? "" }
  /// The part before the last dot; empty for a name of one part.
  var parent: String { name.split(separator: ".").dropLast().joined(separator: ".") }

  var isConvolution: Bool { if case .convolution = kind { true } else { false } }
  var isBatchNorm: Bool { if case .batchNorm = kind { true } else { false } }

  /// Itself and what it holds.
  var leaves: [OutlineModule] {
    switch kind {
    case .unit(let inner), .sequence(let inner): inner.flatMap(\.leaves)
    default: [self]
    }
  }
}
