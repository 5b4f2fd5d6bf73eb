import Experiments
import Foundation

/// How one kind of value is shown, stepped with the arrow keys and read from what is typed.
protocol FieldValue: Sendable {
  /// All that it may be, where that is a short list.
  var choices: [String]? { get }

  func text(of experiment: Experiment) -> String

  /// The next (`by` 1) or the previous value (−1); at an end nothing changes.
  func step(_ experiment: inout Experiment, by direction: Int)

  /// - Throws: `FieldError` with what would be a value.
  func set(_ text: String, in experiment: inout Experiment) throws(FieldError)
}

extension FieldValue {
  var choices: [String]? { nil }
}

typealias FieldPath<Value> = any WritableKeyPath<Experiment, Value> & Sendable

/// A whole number within bounds.
struct WholeNumber: FieldValue {
  enum Step: Sendable {
    case one
    case double
    /// A quarter of the value, in multiples of eight.
    case channels
  }

  let path: FieldPath<Int>
  /// Of what the arrows reach, and typing where it is strict.
  let range: ClosedRange<Int>
  var step = Step.one
  /// Typing beyond the range is refused here; else the network's rules say why it is impossible.
  var isStrict = false

  func text(of experiment: Experiment) -> String { "\(experiment[keyPath: path])" }

  func step(_ experiment: inout Experiment, by direction: Int) {
    let value = experiment[keyPath: path]
    // What was typed may be too large to be counted on from.
    experiment[keyPath: path] = step.next(value.clamped(to: range), by: direction)
      .clamped(to: range)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard let value = Int(text) else { throw FieldError("a whole number, please") }
    if isStrict, !range.contains(value) {
      throw FieldError("\(range.lowerBound) to \(range.upperBound)")
    }
    experiment[keyPath: path] = value
  }
}

extension WholeNumber.Step {
  func next(_ value: Int, by direction: Int) -> Int {
    switch self {
    case .one: value + direction
    case .double: direction > 0 ? value * 2 : value / 2
    case .channels: value + direction * max(8, value / 4 / 8 * 8)
    }
  }
}

/// A number that the arrows take along a ladder.
struct RealNumber: FieldValue {
  let path: FieldPath<Double>
  /// Rising.
  let ladder: [Double]
  /// What a value must be, for the message, and whether it is.
  let rule: (text: String, holds: @Sendable (Double) -> Bool)

  /// 1, 2, 5, 10, … from 10⁻⁷ to 50.
  static let decades = (-7...1).flatMap { power in
    [1.0, 2.0, 5.0].map { $0 * pow(10, Double(power)) }
  }

  func text(of experiment: Experiment) -> String { Self.text(experiment[keyPath: path]) }

  func step(_ experiment: inout Experiment, by direction: Int) {
    experiment[keyPath: path] = Self.stepped(
      experiment[keyPath: path], along: ladder, by: direction)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    let value = try Self.number(text)
    guard rule.holds(value) else { throw FieldError(rule.text) }
    experiment[keyPath: path] = value
  }

  static func stepped(_ value: Double, along ladder: [Double], by direction: Int) -> Double {
    let next =
      direction > 0
      ? ladder.first { $0 > value * 1.0001 } : ladder.last { $0 < value * 0.9999 }
    return next ?? value
  }

  static func number(_ text: String) throws(FieldError) -> Double {
    guard let value = Double(text), value.isFinite, value >= 0 else {
      throw FieldError("a number of 0 or more, such as 0.1 or 5e-4")
    }
    return value
  }

  static func text(_ value: Double) -> String {
    value == 0
      ? "0"
      : value.formatted(
        .number.precision(.significantDigits(1...6)).grouping(.never)
          .locale(Locale(identifier: "en_US_POSIX")))
  }
}

/// A number that may be missing: the arrows leave the ladder's lower end for none.
struct OptionalNumber: FieldValue {
  let path: FieldPath<Double?>
  /// Rising.
  let ladder: [Double]
  /// What a value must be, for the message, and whether it is.
  let rule: (text: String, holds: @Sendable (Double) -> Bool)

  func text(of experiment: Experiment) -> String {
    experiment[keyPath: path].map(RealNumber.text) ?? "none"
  }

  func step(_ experiment: inout Experiment, by direction: Int) {
    guard let value = experiment[keyPath: path] else {
      if direction > 0 { experiment[keyPath: path] = ladder[0] }
      return
    }
    let isLowest = value <= ladder[0] * 1.0001
    experiment[keyPath: path] =
      direction < 0 && isLowest
      ? nil : RealNumber.stepped(value, along: ladder, by: direction)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard text.lowercased() != "none" else {
      experiment[keyPath: path] = nil
      return
    }
    let value = try RealNumber.number(text)
    guard rule.holds(value) else { throw FieldError(rule.text) }
    experiment[keyPath: path] = value
  }
}

/// Yes or no.
struct Flag: FieldValue {
  let path: FieldPath<Bool>

  var choices: [String]? { ["yes", "no"] }

  func text(of experiment: Experiment) -> String { experiment[keyPath: path] ? "yes" : "no" }

  func step(_ experiment: inout Experiment, by direction: Int) {
    experiment[keyPath: path].toggle()
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    switch text.lowercased() {
    case "yes", "y", "true", "1": experiment[keyPath: path] = true
    case "no", "n", "false", "0": experiment[keyPath: path] = false
    default: throw FieldError("yes or no")
    }
  }
}

/// One of a closed list of values, under the spelling that YAML has for them.
///
/// What another value cannot have beside it goes, by `settle`: its fields go too.
struct Choice<Value: CaseIterable & RawRepresentable & Equatable & Sendable>: FieldValue
where Value.RawValue == String, Value.AllCases: Sendable {
  let path: FieldPath<Value>
  var settle: @Sendable (inout Experiment) -> Void = { _ in }

  var choices: [String]? { Value.allCases.map(\.rawValue) }

  func text(of experiment: Experiment) -> String { experiment[keyPath: path].rawValue }

  func step(_ experiment: inout Experiment, by direction: Int) {
    experiment[keyPath: path] = experiment[keyPath: path].neighbour(
      in: Array(Value.allCases), by: direction)
    settle(&experiment)
  }

  func set(_ text: String, in experiment: inout Experiment) throws(FieldError) {
    guard let value = Value(rawValue: text.lowercased()) else {
      throw FieldError("one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }
    experiment[keyPath: path] = value
    settle(&experiment)
  }
}

extension Equatable {
  /// The value `direction` places on in a list whose ends meet; the first for one not in it.
  func neighbour(in values: [Self], by direction: Int) -> Self {
    guard let index = values.firstIndex(of: self) else { return values[0] }
    return values[(index + direction + values.count) % values.count]
  }
}

extension Int {
  func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(range.upperBound, Swift.max(range.lowerBound, self))
  }
}

extension String {
  var trimmingBlanks: String { trimmingCharacters(in: .whitespaces) }
}
