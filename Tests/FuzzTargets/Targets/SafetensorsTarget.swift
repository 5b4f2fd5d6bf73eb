import Experiments

extension FuzzTarget {
  /// Weight files: tensors lie one behind the other in the file, none is lost, and what was read is
  /// written and read again as it was. Inputs that have no length of a header in front get it.
  static let safetensors = FuzzTarget(
    name: "safetensors", lengthLimit: 2048, shortRun: 150_000,
    dictionary: tensorWords, seeds: SafetensorsSamples.files
  ) { bytes throws(FuzzFailure) in
    for bytes in [bytes, SafetensorsSamples.mended(bytes)] {
      let file = try accepted { () throws(FileError) in try Safetensors(bytes: bytes, file: "w") }
      if let file { try checkAccepted(file, bytes) }
    }
  }

  static let tensorWords = [
    #""__metadata__":{"#, #""dtype":"F32""#, #""dtype":"I64""#, #""shape":[]"#, #""shape":[0]"#,
    #""data_offsets":[0,0]"#, #""data_offsets":[0,4]"#, #""w":{"#, "},", #"\u00e9"#, #"e\u0301"#,
    #"\ud800"#, "1e3", "9223372036854775807", "-1", "null", "[[[[", "4611686018427387904",
  ]

  private static func checkAccepted(
    _ file: Safetensors, _ bytes: [UInt8]
  ) throws(FuzzFailure) {
    let data = bytes.count - 8 - SafetensorsSamples.headerLength(bytes)
    let tensors = file.names.map { file[$0]! }
    try require(
      tensors.reduce(0) { $0 + $1.bytes.count } == data, "the tensors fill \(data) bytes")
    for tensor in tensors {
      let count = tensor.shape.reduce(1, *)
      try require(
        tensor.floats?.count ?? tensor.integers?.count == count, "there are \(count) elements")
    }
    let copy = try unfailing("a file that was written is read") { () throws(FileError) in
      try Safetensors(bytes: file.bytes(), file: "copy")
    }
    try require(copy == file, "the file reads back")
    try require(copy.bytes() == file.bytes(), "it has one form")
  }
}

/// Safetensors files for the corpora.
enum SafetensorsSamples {
  static var files: [[UInt8]] {
    let sample = Safetensors(
      [
        "b.weight": .init(floats: [1, -2, 0.5, .pi, 0, -0.0], shape: [2, 3]),
        "a.\"bias\"\n": .init(floats: [.infinity, .nan], shape: [2]),
        "steps": .init(integers: [.max], shape: []),
        "none": .init(floats: [], shape: [0, 4]),
      ], metadata: ["format": "pt", "é": "\u{1}"])
    let composed =
      #"{"\u00e9":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
      + #""e\u0301":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#
    return [
      sample.bytes(), Safetensors().bytes(), mended(Array(composed.utf8), data: 8),
      mended(Array(composed.replacing("e\\u0301", with: "\\u00e9").utf8), data: 8),
    ]
  }

  /// What the first eight bytes say, as far as there is so much.
  static func headerLength(_ bytes: [UInt8]) -> Int {
    bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// A header, up to its last brace, with its length in front and the rest as data.
  static func mended(_ bytes: [UInt8]) -> [UInt8] {
    let text = bytes.dropFirst(8)
    let end = text.lastIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? text.startIndex
    return length(end - text.startIndex) + text
  }

  private static func mended(_ header: [UInt8], data: Int) -> [UInt8] {
    length(header.count) + header + [UInt8](repeating: 0, count: data)
  }

  private static func length(_ count: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  }
}
