import Foundation
import SwiftProtobuf

extension LogEvent {
  /// Decodes one record's data; nil if it is no event, or one that would take far more memory than
  /// its bytes.
  package static func decode(_ data: UnsafeRawBufferPointer) -> LogEvent? {
    ScalarEventDecoder.decode(data) ?? decodeMessage(data)
  }

  /// Decodes through the protobuf library.
  package static func decodeMessage(_ data: UnsafeRawBufferPointer) -> LogEvent? {
    guard MessageCount.isHarmless(data),
      let message = try? ResnetTui_Event(serializedBytes: Array(data))
    else { return nil }
    return LogEvent(
      wallTime: message.wallTime, step: Int(message.step),
      values: message.summary.value.compactMap(LogValue.init))
  }

  /// The record's data.
  package var data: [UInt8] {
    var message = ResnetTui_Event()
    message.wallTime = wallTime
    message.step = Int64(step)
    message.summary.value = values.map(\.message)
    return serialized(message)
  }

  /// The data of a file's first record.
  package static func versionRecord(wallTime: Double) -> [UInt8] {
    var message = ResnetTui_Event()
    message.wallTime = wallTime
    message.fileVersion = "brain.Event:2"
    return serialized(message)
  }
}

/// Serialization fails for missing required fields and invalid `Any`s only; there are none here.
private func serialized(_ message: ResnetTui_Event) -> [UInt8] {
  do {
    return try message.serializedBytes()
  } catch {
    preconditionFailure("an event cannot be serialized: \(error)")
  }
}

extension LogValue {
  private static let textPlugin = "text"
  private static let imagePlugin = "images"

  /// The value of a summary, if it is a scalar, a text or an image.
  ///
  /// Scalars are simple values, or since TensorFlow 2 tensors of one number; texts are string
  /// tensors of the plugin `text`, of which all elements but the first are left out; images are
  /// images, or string tensors of the plugin `images`: width, height, and images, of which the first
  /// is taken.
  fileprivate init?(_ message: ResnetTui_Summary.Value) {
    switch message.value {
    case .simpleValue(let value):
      self = .scalar(tag: message.tag, value: value)
    case .tensor(let tensor):
      if let value = tensor.firstNumber {
        self = .scalar(tag: message.tag, value: value)
      } else if tensor.dtype == 7, let bytes = tensor.stringVal.first,
        [Self.textPlugin, ""].contains(message.metadata.pluginData.pluginName)
      {
        self = .text(tag: message.tag, text: String(decoding: bytes, as: UTF8.self))
      } else if tensor.dtype == 7, tensor.stringVal.count > 2,
        message.metadata.pluginData.pluginName == Self.imagePlugin
      {
        let numbers = tensor.stringVal.prefix(2).map { Int(String(decoding: $0, as: UTF8.self)) }
        self = .image(
          tag: message.tag,
          LogImage(
            width: numbers[0] ?? 0, height: numbers[1] ?? 0, channels: 0,
            bytes: Array(tensor.stringVal[2])))
      } else {
        return nil
      }
    case .image(let image):
      self = .image(
        tag: message.tag,
        LogImage(
          width: Int(image.width), height: Int(image.height), channels: Int(image.colorspace),
          bytes: Array(image.encodedImageString)))
    case nil:
      return nil
    }
  }

  fileprivate var message: ResnetTui_Summary.Value {
    var message = ResnetTui_Summary.Value()
    switch self {
    case .scalar(let tag, let value):
      message.tag = tag
      message.simpleValue = value
    case .text(let tag, let text):
      message.tag = tag
      message.metadata.pluginData.pluginName = Self.textPlugin
      message.tensor.dtype = 7
      message.tensor.tensorShape = ResnetTui_TensorShapeProto()
      message.tensor.stringVal = [Data(text.utf8)]
    case .image(let tag, let image):
      message.tag = tag
      message.image.width = Int32(clamping: image.width)
      message.image.height = Int32(clamping: image.height)
      message.image.colorspace = Int32(clamping: image.channels)
      message.image.encodedImageString = Data(image.bytes)
    }
    return message
  }
}

extension ResnetTui_TensorProto {
  /// The only element of a tensor of floats or doubles.
  fileprivate var firstNumber: Float? {
    switch dtype {
    case 1:
      if floatVal.count == 1 { return floatVal[0] }
      guard tensorContent.count == 4 else { return nil }
      return tensorContent.withUnsafeBytes {
        Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)))
      }
    case 2:
      if doubleVal.count == 1 { return Float(doubleVal[0]) }
      guard tensorContent.count == 8 else { return nil }
      return tensorContent.withUnsafeBytes {
        Float(Double(bitPattern: UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))))
      }
    default:
      return nil
    }
  }
}
