/// A property that does not hold.
public struct FuzzFailure: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// - Throws: `property` is false; `claim` says what should hold.
func require(_ property: Bool, _ claim: @autoclosure () -> String) throws(FuzzFailure) {
  guard property else { throw FuzzFailure("not so: \(claim())") }
}

/// The value of what may not fail; `claim` says so.
func unfailing<Value, Failure: Error>(
  _ claim: String, _ body: () throws(Failure) -> Value
) throws(FuzzFailure) -> Value {
  do { return try body() } catch { throw FuzzFailure("not so: \(claim): \(error)") }
}

/// Errors are told in one line that a terminal can show.
func requireOneLine(_ message: String) throws(FuzzFailure) {
  let isClean = message.unicodeScalars.allSatisfy { scalar in
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
  try require(isClean, "\(message.debugDescription) is one printable line")
}

/// What a parser makes of an input; nil where it refuses it, with a message of one line.
func accepted<Value, Failure: Error & CustomStringConvertible>(
  _ parse: () throws(Failure) -> Value
) throws(FuzzFailure) -> Value? {
  let message: String
  do throws(Failure) { return try parse() } catch { message = error.description }
  try requireOneLine(message)
  return nil
}
