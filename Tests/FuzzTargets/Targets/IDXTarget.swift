import Datasets

extension FuzzTarget {
  /// The publishers' files of images and labels, plain and in gzip: as they are, and as the content of
  /// a gzip member that is right. What is accepted is what the format's definition says.
  static let idx = FuzzTarget(
    name: "idx", lengthLimit: 2048, shortRun: 12_000, dictionary: [],
    bytes: [
      [0, 0, 8, 1], [0, 0, 8, 3], [0, 0, 0, 28], [0, 0, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF],
      [0x1F, 0x8B, 8, 0], [1, 0, 0, 0xFF, 0xFF], Gzip.member([]),
    ],
    seeds: idxSeeds
  ) { bytes throws(FuzzFailure) in
    for rank in [1, 3] {
      let isGzip = bytes.starts(with: [0x1F, 0x8B])
      scratch.hold(bytes)
      try checkFile(rank: rank, content: isGzip ? nil : bytes)
      scratch.hold(Gzip.member(bytes))
      try checkFile(rank: rank, content: bytes)
    }
  }

  private static let scratch = ScratchFile()

  private static var idxSeeds: [[UInt8]] {
    let files = [idx([3], [1, 2, 9]), idx([2, 2, 3], Array(1...12)), idx([1, 28, 28], [])]
    return files + files.map(Gzip.member) + [Gzip.member([0, 0]) + Gzip.member([8, 1, 0, 0])]
  }

  /// - Parameter content: what the file holds; nil for a gzip stream that may be damaged.
  private static func checkFile(rank: Int, content: [UInt8]?) throws(FuzzFailure) {
    let whole = try accepted { () throws(DatasetError) in
      try IDXFile(path: scratch.path, rank: rank, content: "images")
    }
    let header = try accepted { () throws(DatasetError) in
      try IDXHeader(path: scratch.path, rank: rank, content: "images")
    }
    if let whole {
      try require(
        header?.dimensions == whole.header.dimensions, "the header alone says \(whole.header)")
      try require(
        whole.elements.count == whole.header.elementCount && whole.header.dimensions.count == rank,
        "\(whole.header) has its elements")
    }
    guard let content else { return }
    try require(
      (whole != nil) == isFile(content, rank: rank), "the file is taken where it is right")
    if let whole {
      try require(idx(whole.header.dimensions, whole.elements) == content, "it is read as it is")
    }
  }

  /// By the format's definition, and the limit to what is read.
  private static func isFile(_ bytes: [UInt8], rank: Int) -> Bool {
    guard bytes.count > 4 + 4 * rank, bytes.starts(with: [0, 0, 8, UInt8(rank)]) else {
      return false
    }
    let sizes = (0..<rank).map { axis in
      bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0.0) { $0 * 256 + Double($1) }
    }
    return sizes.allSatisfy { $0 > 0 } && sizes.reduce(1, *) == Double(bytes.count - 4 - 4 * rank)
  }

  private static func idx(_ dimensions: [Int], _ elements: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, 8, UInt8(dimensions.count)]
    for size in dimensions { bytes += Gzip.number(UInt32(size)).reversed() }
    return bytes + elements
  }
}
