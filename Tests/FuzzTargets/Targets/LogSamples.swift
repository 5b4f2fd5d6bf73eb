import EventLog
import Foundation
import SwiftProtobuf

/// Logs and their records for the corpora.
enum LogSamples {
  static let events = [
    LogEvent(
      wallTime: 1.5, step: 1,
      values: [.scalar(tag: "loss/train", value: 2.3), .scalar(tag: "accuracy/train", value: .nan)]),
    LogEvent(wallTime: 2, step: 2, values: [.scalar(tag: "é", value: -.infinity)]),
    LogEvent(wallTime: 2, step: 0, values: [.text(tag: "run/note", text: "é\n")]),
    LogEvent(
      wallTime: 3, step: 9,
      values: [
        .image(tag: "i", LogImage(width: 2, height: 3, channels: 1, bytes: [1, 2])),
        .text(tag: "run/control", text: "pause"), .scalar(tag: "loss/train", value: 1),
      ]),
  ]

  /// The data of the events, of the version record, and of what other programs write.
  static var payloads: [[UInt8]] {
    events.map(\.data) + [LogEvent.versionRecord(wallTime: 1), scalarTensor, imageTensor]
  }

  /// A scalar as TensorFlow 2 writes it.
  private static var scalarTensor: [UInt8] {
    var value = ResnetTui_Summary.Value()
    value.tag = "epoch_loss"
    value.metadata.pluginData.pluginName = "scalars"
    value.tensor.dtype = 1
    value.tensor.tensorContent = Data([0, 0, 0x80, 0x3F])
    return data(value)
  }

  /// An image as TensorFlow 2 writes it.
  private static var imageTensor: [UInt8] {
    var value = ResnetTui_Summary.Value()
    value.tag = "samples"
    value.metadata.pluginData.pluginName = "images"
    value.tensor.dtype = 7
    value.tensor.stringVal = ["28", "14", "first"].map { Data($0.utf8) }
    return data(value)
  }

  private static func data(_ value: ResnetTui_Summary.Value) -> [UInt8] {
    var message = ResnetTui_Event()
    message.step = 3
    message.summary.value = [value]
    return (try? message.serializedBytes()) ?? []
  }

  static func record(_ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    TFRecord.append(data, to: &bytes)
    return bytes
  }

  /// Whole logs, and one with damage to a header, to data and at its end.
  static var logs: [[UInt8]] {
    let records = payloads.map(record)
    var damaged = Array(records.joined())
    damaged[records[0].count + 2] ^= 1
    damaged[records[0].count + records[1].count + 20] ^= 1
    return [[], Array(records.joined()), Array(damaged.dropLast(5))] + records
  }
}
