import Foundation
import Testing

@testable import Cells

@Suite struct AxisTests {
  @Test(arguments: [
    (0.0, 10.0, 5, ["0", "2", "4", "6", "8", "10"]), (0, 1, 4, ["0.0", "0.5", "1.0"]),
    (-3, 3, 3, ["-2", "0", "2"]), (0, 50_000, 3, ["0", "20k", "40k"]),
    (0.001, 0.0032, 4, ["0.001", "0.002", "0.003"]),
    (12_344, 12_352, 4, ["12.344k", "12.346k", "12.348k", "12.35k", "12.352k"]),
    (1e-6, 5e-6, 2, ["2e-6", "4e-6"]),
    (1.84e-4, 2e-4, 4, ["1.85e-4", "1.9e-4", "1.95e-4", "2e-4"]),
  ])
  func roundNumbers(low: Double, high: Double, count: Int, labels: [String]) {
    #expect(AxisTicks.linear(from: low, to: high, count: count).labels == labels)
  }

  /// However far an axis is magnified, no two of its labels are the same.
  @Test(arguments: [3.7e-9, 1.95e-4, 0.02, 17.25, 22.6274166, 4321, 12_345, 987_654, 4.2e6, 7.3e9])
  func neighboursAreToldApart(middle: Double) {
    for power in 0..<9 {
      let half = middle / pow(10, Double(power))
      for unit in [AxisUnit.number, .duration, .clock] {
        if unit != .number, half < 5 { continue }
        let (low, high) = (middle - half, middle + half)
        let ticks =
          unit == .number
          ? AxisTicks.linear(from: low, to: high, count: 6)
          : AxisTicks.time(from: low, to: high, count: 6, unit: unit)
        #expect(ticks.values.count > 1)
        // The time of day comes again.
        if unit == .clock, half >= 43_200 { continue }
        let labels = ticks.labels
        #expect(Set(labels).count == labels.count, "\(low) to \(high): \(labels)")
      }
    }
  }

  @Test func decades() {
    let labels = AxisTicks.logarithmic(from: 1e-6, to: 1, count: 7).labels
    #expect(labels == ["1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1"])
    #expect(AxisTicks.logarithmic(from: 0.01, to: 100, count: 5).values == [0.01, 0.1, 1, 10, 100])
    #expect(AxisTicks.logarithmic(from: 1, to: 10, count: 4).values.count == 4)
    // A range without a power of ten still has numbers.
    #expect(AxisTicks.logarithmic(from: 2.1, to: 2.9, count: 4).values.count >= 2)
  }

  @Test(arguments: [Double.nan, .infinity, 0, 1e-300, 1e300, -1])
  func strangeRangesEnd(high: Double) {
    for isLogarithmic in [false, true] {
      let scale = AxisScale(low: 0, high: high, isLogarithmic: isLogarithmic)
      #expect(scale.ticks(count: 7).values.count < 1001)
    }
  }

  @Test func scales() throws {
    let linear = try #require(AxisScale(spanning: 0.1...2, isLogarithmic: false))
    #expect(linear.low == 0 && linear.position(0) == 0)
    #expect(linear.position(.nan) == nil)
    let single = try #require(AxisScale(spanning: 5...5, isLogarithmic: false))
    #expect(single.low < 5 && single.high > 5)
    let logarithmic = try #require(AxisScale(spanning: 1...100, isLogarithmic: true))
    #expect(abs(try #require(logarithmic.position(10)) - 0.5) < 1e-12)
    #expect(logarithmic.position(0) == nil)
    #expect(AxisScale(spanning: -1...100, isLogarithmic: true) == nil)
    #expect(AxisScale(spanning: nil, isLogarithmic: false) == nil)
  }

  /// A tick stands in the middle of its row, neighbours equally far apart, and every value has a row.
  @Test(arguments: [
    (0.0, 1.0), (0.0312, 0.0938), (78.5, 86.1), (-3, 7), (5.5, 5.5), (0.2, 1), (1e6, 1.2e6),
    (-1e-9, 1e-9),
  ])
  func ticksStandInTheMiddleOfRows(low: Double, high: Double) throws {
    let data = try #require(AxisScale(spanning: low...high, isLogarithmic: false))
    for rows in 2...50 {
      for unit in [AxisUnit.number, .fraction] {
        let (scale, ticks) = data.upright(rows: rows, unit: unit)
        let places = ticks.values.compactMap(scale.position).map { $0 * Double(rows) }
        #expect(places.count == ticks.values.count && places.count > 1)
        for place in places {
          #expect(abs(place - place.rounded(.down) - 0.5) < 1e-6, "\(low) to \(high), \(rows)")
        }
        let gaps = zip(places, places.dropFirst()).map { ($1 - $0).rounded() }
        #expect(Set(gaps).count < 2 && gaps.allSatisfy { $0 > (rows < 4 ? 0 : 1) })
        #expect(scale.position(low).map { (0...1).contains($0) } == true)
        #expect(scale.position(high).map { (0...1).contains($0) } == true)
        // Nothing is given away that a coarser lattice would need.
        let used = (high - low) / (scale.high - scale.low)
        if rows > 12, low < high, low != 0.2 { #expect(used > 0.5, "\(low) to \(high), \(rows)") }
      }
    }
  }

  /// Where rows are few, a step that is much too large would leave most of them empty.
  @Test(arguments: [
    (0.0, 2.6, 3, ["0", "3"]), (0, 7, 3, ["0", "3", "6"]), (0.63, 0.92, 3, ["0.6", "0.9"]),
    (0.2, 2.3, 2, ["0", "2"]), (0, 4.7, 4, ["0", "3"]),
  ])
  func fewRows(low: Double, high: Double, rows: Int, labels: [String]) throws {
    let data = try #require(AxisScale(spanning: low...high, isLogarithmic: false))
    #expect(data.upright(rows: rows, unit: .number).ticks.labels == labels)
  }

  /// Whatever a log says, there is an axis.
  @Test(arguments: [
    (0.0, 1e-20), (0, 1e-300), (0, .leastNonzeroMagnitude), (0, 1e300), (1e300, 1.7e308),
    (-1e300, 1e-300),
    (1, 1 + .ulpOfOne), (-.greatestFiniteMagnitude, .greatestFiniteMagnitude),
  ])
  func strangeValuesHaveAnAxis(low: Double, high: Double) {
    guard let data = AxisScale(spanning: low...high, isLogarithmic: false) else { return }
    for rows in [0, 1, 2, 3, 7, 1000] {
      for unit in [AxisUnit.number, .fraction] {
        let (scale, ticks) = data.upright(rows: rows, unit: unit)
        #expect(ticks.values.count <= 1001 && ticks.labels.count == ticks.values.count)
        if rows > 0, let position = scale.position(high) {
          #expect((0..<rows).contains(AxisScale.row(at: position, of: rows)))
        }
      }
    }
  }

  @Test func rowsOfWhatLiesBeyond() {
    #expect(
      [1e300, 1, 0.51, 0.49, 0, -1e300].map { AxisScale.row(at: $0, of: 2) } == [0, 0, 0, 1, 1, 1])
    #expect((0..<7).contains(AxisScale.row(at: .nan, of: 7)))
    #expect(AxisScale.row(at: .infinity, of: 7) == 0 && AxisScale.row(at: -.infinity, of: 7) == 6)
  }

  /// What is never negative, or never above the whole, has no room for it.
  @Test func partsEndAtTheWhole() throws {
    let errors = try #require(AxisScale(spanning: 0...1, isLogarithmic: false))
    for rows in 4...50 {
      let (scale, ticks) = errors.upright(rows: rows, unit: .fraction)
      #expect(
        ticks.values.first == 0 && AxisScale.row(at: scale.position(0) ?? -1, of: rows) == rows - 1)
      #expect(ticks.values.allSatisfy { $0 >= 0 })
    }
  }
}
