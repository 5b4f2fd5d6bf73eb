/// A parser of foreign bytes, and what has to hold whatever it is given.
public struct FuzzTarget: Sendable {
  public let name: String
  /// Bytes of the longest input.
  public let lengthLimit: Int
  /// How many executions take a few seconds without instrumentation.
  public let shortRun: Int
  /// Pieces of the format, for mutations to put in.
  public let dictionary: [[UInt8]]
  /// Inputs as the project's own writers give them, and such as have been trouble.
  public let seeds: @Sendable () -> [[UInt8]]
  /// Hands an input to the parser.
  ///
  /// - Throws: a property does not hold.
  public let check: @Sendable ([UInt8]) throws(FuzzFailure) -> Void

  public init(
    name: String, lengthLimit: Int, shortRun: Int, dictionary: [String],
    bytes: [[UInt8]] = [], seeds: @autoclosure @escaping @Sendable () -> [[UInt8]],
    check: @escaping @Sendable ([UInt8]) throws(FuzzFailure) -> Void
  ) {
    self.name = name
    self.lengthLimit = lengthLimit
    self.shortRun = shortRun
    self.dictionary = dictionary.map { Array($0.utf8) } + bytes
    self.seeds = seeds
    self.check = check
  }

  public static let all = [
    events, records, safetensors, state, idx, yaml, sweep, control, png, texts,
  ]

  public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

extension FuzzTarget: CustomStringConvertible {
  public var description: String { name }
}
