import Foundation
import SwiftProtobuf
import TestSupport
import Testing

@testable import EventLog

@Suite struct RecordTests {
  /// RFC 3720, appendix B.4.
  static let checksums: [([UInt8], UInt32)] = [
    (Array(repeating: 0, count: 32), 0x8A91_36AA),
    (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E),
    (Array((0..<32).reversed()), 0x113F_DB5C),
    (Array("123456789".utf8), 0xE306_9283),
    ([], 0),
  ]

  @Test(arguments: checksums)
  func checksumKnownAnswers(bytes: [UInt8], checksum: UInt32) {
    #expect(bytes.withUnsafeBytes(CRC32C.checksum) == checksum)
  }

  @Test func recordsAreFramed() {
    var bytes: [UInt8] = []
    TFRecord.append([1, 2, 3], to: &bytes)
    #expect(bytes.count == TFRecord.headerByteCount + 3 + TFRecord.footerByteCount)
    #expect(Array(bytes[0..<8]) == [3, 0, 0, 0, 0, 0, 0, 0])
    bytes.withUnsafeBytes {
      #expect(TFRecord.scan($0, at: 0) == .record(data: 12..<15, end: 19))
    }
    for count in 0..<bytes.count {
      bytes[..<count].withUnsafeBytes { #expect(TFRecord.scan($0, at: 0) == .incomplete) }
    }
  }

  @Test func aHugeLengthIsNoHeader() {
    var bytes = [UInt8](repeating: 0xFF, count: 8)
    let checksum = bytes.withUnsafeBytes(CRC32C.masked)
    withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
    bytes.withUnsafeBytes { #expect(TFRecord.scan($0, at: 0) == .damagedHeader) }
  }

  /// The small decoder and the protobuf library read the same events.
  @Test(arguments: 0..<200)
  func scalarDecoderAgreesWithTheLibrary(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    let special: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude]
    let event = LogEvent(
      wallTime: Double.random(in: 0...2e9, using: &random),
      step: Int.random(in: 0...(1 << 40), using: &random),
      values: (0...Int.random(in: 0...6, using: &random)).map { _ in
        let tag = String(
          (0..<Int.random(in: 1...200, using: &random)).map { _ in
            "a/é∑".randomElement(using: &random)!
          })
        let value =
          Bool.random(using: &random)
          ? special.randomElement(using: &random)! : Float.random(in: -1e9...1e9, using: &random)
        return .scalar(tag: tag, value: value)
      })
    let data = event.data
    data.withUnsafeBytes { bytes in
      let fast = ScalarEventDecoder.decode(bytes)
      #expect(fast.map(Bits.init) == Bits(event))
      #expect(LogEvent.decodeMessage(bytes).map(Bits.init) == Bits(event))
    }
    // Of damaged data it reads what the library reads, or leaves them to it.
    for _ in 0..<20 {
      var damaged = data
      damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(
        in: 0...255, using: &random)
      if Bool.random(using: &random) {
        damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random))
      }
      damaged.withUnsafeBytes { bytes in
        guard let fast = ScalarEventDecoder.decode(bytes) else { return }
        #expect(LogEvent.decodeMessage(bytes).map(Bits.init) == Bits(fast))
      }
    }
  }

  /// An event that equals itself where a value is not a number.
  private struct Bits: Equatable {
    var wallTime: UInt64
    var step: Int
    var tags: [String]
    var values: [UInt32]

    init(_ event: LogEvent) {
      wallTime = event.wallTime.bitPattern
      step = event.step
      tags = []
      values = []
      for case .scalar(let tag, let value) in event.values {
        tags.append(tag)
        values.append(value.bitPattern)
      }
    }
  }

  @Test func textsGoThroughTheLibrary() {
    let event = LogEvent(
      wallTime: 1.5, step: 7,
      values: [.text(tag: "run/experiment", text: "name: é\n"), .scalar(tag: "x", value: 2)])
    event.data.withUnsafeBytes { bytes in
      #expect(ScalarEventDecoder.decode(bytes) == nil)
      #expect(LogEvent.decode(bytes) == event)
    }
  }

  /// A record of many empty messages, of two bytes each, is refused before they are made.
  @Test(
    arguments: [
      // Values; strings and dimensions of a tensor.
      [0x0A, 0], [0x0A, 4, 0x42, 2, 0x42, 0], [0x0A, 6, 0x42, 4, 0x12, 2, 0x12, 0],
    ] as [[UInt8]])
  func emptyMessagesAreBounded(value: [UInt8]) {
    func event(_ count: Int) -> [UInt8] {
      let values = Array(repeatElement(value, count: count).joined())
      var length = values.count
      var bytes: [UInt8] = [0x2A]
      while length >= 0x80 {
        bytes.append(UInt8(length & 0x7F | 0x80))
        length >>= 7
      }
      return bytes + [UInt8(length)] + values
    }
    let few = event(10_000)
    #expect(few.withUnsafeBytes(LogEvent.decode) != nil)
    let many = event(MessageCount.harmless)
    #expect(many.withUnsafeBytes(LogEvent.decode) == nil)
    // Many bytes are not many messages.
    let text = LogEvent(
      wallTime: 0, step: 1,
      values: [.text(tag: "t", text: String(repeating: "\n", count: MessageCount.harmless))])
    #expect(text.data.withUnsafeBytes(LogEvent.decode) == text)
  }

  /// Images as we and PyTorch write them.
  @Test func imagesComeBack() throws {
    let image = LogImage(width: 3, height: 2, channels: 1, bytes: [1, 2, 3, 255])
    let event = LogEvent(
      wallTime: 12.5, step: 7,
      values: [.image(tag: "images/val/00", image), .scalar(tag: "loss", value: 0.5)])
    #expect(event.data.withUnsafeBytes(LogEvent.decode) == event)
  }

  /// Images as TensorFlow 2 writes them: a string tensor of width, height and PNGs.
  @Test func imageTensorsAreRead() throws {
    var message = ResnetTui_Event()
    message.step = 3
    var value = ResnetTui_Summary.Value()
    value.tag = "samples"
    value.metadata.pluginData.pluginName = "images"
    value.tensor.dtype = 7
    value.tensor.stringVal = ["28", "14", "first", "second"].map { Data($0.utf8) }
    message.summary.value = [value]
    let bytes: [UInt8] = try message.serializedBytes()
    let event = try #require(bytes.withUnsafeBytes(LogEvent.decode))
    let image = LogImage(width: 28, height: 14, channels: 0, bytes: Array("first".utf8))
    #expect(event.values == [.image(tag: "samples", image)])
    // Without an image it is none.
    message.summary.value[0].tensor.stringVal.removeLast(2)
    let empty: [UInt8] = try message.serializedBytes()
    #expect(empty.withUnsafeBytes(LogEvent.decode)?.values.isEmpty == true)
  }

  /// Whatever step a log has, a `Double` tells it from its neighbours.
  @Test(arguments: [Int64.min, .max, 1 << 53 + 1, -1, 0])
  func stepsHaveBounds(step: Int64) throws {
    var message = ResnetTui_Event()
    message.step = step
    var value = ResnetTui_Summary.Value()
    value.tag = "loss"
    value.simpleValue = 1
    message.summary.value = [value]
    let bytes: [UInt8] = try message.serializedBytes()
    let bounded = max(-LogEvent.stepLimit, min(Int(step), LogEvent.stepLimit))
    #expect(bytes.withUnsafeBytes(ScalarEventDecoder.decode)?.step == bounded)
    #expect(bytes.withUnsafeBytes(LogEvent.decodeMessage)?.step == bounded)
  }
}
