import TestSupport
import Testing

@testable import Experiments

@Suite struct SafetensorsTests {
  static let sample = Safetensors([
    "b.weight": .init(floats: [1, -2, 0.5, .pi, 0, -0.0], shape: [2, 3]),
    "a.\"bias\"\n": .init(floats: [.infinity, .nan], shape: [2]),
    "steps": .init(integers: [.max], shape: []),
    "none": .init(floats: [], shape: [0, 4]),
  ])

  @Test func readsBackWhatItWrites() throws {
    try withScratchFolder { folder in
      try Self.sample.write(to: "\(folder)/a.safetensors")
      let copy = try Safetensors.read("\(folder)/a.safetensors")
      #expect(copy == Self.sample)
      #expect(copy["b.weight"]?.floats == [1, -2, 0.5, .pi, 0, -0.0])
      #expect(copy["b.weight"]?.integers == nil)
      #expect(copy["steps"]?.integers == [.max])
      #expect(copy.names == ["a.\"bias\"\n", "b.weight", "none", "steps"])
    }
    #expect(try Safetensors(bytes: Safetensors().bytes(), file: "x") == Safetensors())
  }

  /// The bytes that the reference implementation (safetensors 0.8.0, `save` with metadata) gives for
  /// two tensors.
  @Test func writesTheReferenceBytes() throws {
    let header =
      #"{"__metadata__":{"format":"pt"},"#
      + #""n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"#
      + #""fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"#
      + #""fc.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[16,24]}}"#
    let padding = (8 - header.utf8.count % 8) % 8
    var expected: [UInt8] = [UInt8(header.utf8.count + padding), 0, 0, 0, 0, 0, 0, 0]
    expected += Array(header.utf8) + Array(repeating: 32, count: padding)
    expected += [7, 0, 0, 0, 0, 0, 0, 0]
    expected += [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f, 0, 0, 0x80, 0x3e]
    let file = Safetensors([
      "fc.weight": .init(floats: [0.5, 0.25], shape: [2, 1]),
      "n": .init(integers: [7], shape: [1]), "fc.bias": .init(floats: [1, -2], shape: [2]),
    ])
    #expect(file.bytes() == expected)
    #expect(try Safetensors(bytes: expected, file: "x") == file)
  }

  /// A file with this header and `count` bytes of data.
  static func file(_ header: String, count: Int) -> [UInt8] {
    [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
      + Array(repeating: 0, count: count)
  }

  @Test(arguments: [
    [], [1, 2, 3], [0, 0, 0, 0, 0, 0, 0, 0], Array(repeating: 255, count: 64),
    [255, 255, 255, 255, 255, 255, 255, 127, 123, 125],
    file("{", count: 0), file("[]", count: 0), file("{}", count: 1),
    file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, count: 3),
    file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, count: 5),
    file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, count: 4),
    file(#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, count: 4),
    file(#"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, count: 4),
    file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, count: 8),
    file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, count: 4),
    file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, count: 4),
    file(#"{"a":{"dtype":"F32","shape":[],"data_offsets":[-4,0]}}"#, count: 4),
    file(
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, count: 0),
    file(
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, count: 4),
    file(#"{"a":{"dtype":"F32","shape":[1e99],"data_offsets":[0,4]}}"#, count: 4),
    file(
      #"{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
        + #""\u0061":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#, count: 8),
  ])
  func refusesWhatIsNotWhole(bytes: [UInt8]) {
    let error = #expect(throws: FileError.self) { try Safetensors(bytes: bytes, file: "w") }
    #expect(error?.description.hasPrefix("w: ") == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func damageNeverCrashes() {
    let sound = Self.sample.bytes()
    var random = SeededGenerator(state: 3)
    for _ in 0..<5000 {
      var bytes = sound
      bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
        1
        << Int.random(
          in: 0..<8, using: &random)
      if let file = try? Safetensors(bytes: bytes, file: "x") {
        // Damage to names and elements only.
        #expect(file.names.count == Self.sample.names.count)
      }
    }
    for count in 0..<sound.count {
      #expect(throws: FileError.self) {
        try Safetensors(bytes: Array(sound.prefix(count)), file: "x")
      }
    }
  }
}
