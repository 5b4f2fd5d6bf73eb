import Architecture
import Foundation
import Randomness

extension Initializer {
  /// `count` elements of the distribution.
  func draw(_ count: Int, _ generator: inout Philox) -> [Float] {
    switch self {
    case .constant(let value):
      return Array(repeating: value, count: count)
    case .uniform(let bound):
      return (0..<count).map { _ in Float((2 * generator.uniform() - 1) * bound) }
    case .normal(let deviation):
      // Box and Muller 1958: two uniforms give two normals.
      var values: [Float] = []
      values.reserveCapacity(count + 1)
      while values.count < count {
        let radius = (-2 * log(1 - generator.uniform())).squareRoot() * deviation
        let angle = 2 * Double.pi * generator.uniform()
        values.append(Float(radius * cos(angle)))
        values.append(Float(radius * sin(angle)))
      }
      return Array(values.prefix(count))
    }
  }
}
