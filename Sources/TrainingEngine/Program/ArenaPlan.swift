/// Offsets in one arena for buffers that live at different times.
///
/// Greedy by size: the largest buffers first, each at the lowest offset where it meets no buffer
/// that lives at the same time. Within a few percent of the lower bound for networks like ours.
struct ArenaPlan {
  /// A buffer's size, and the first and last call that touch it.
  struct Request {
    var byteCount: Int
    var lifetime: ClosedRange<Int>
  }

  /// Bytes; the alignment of every offset, a cache line.
  static let alignment = 64

  /// One offset a request, in the order of the requests.
  let offsets: [Int]
  let byteCount: Int

  init(_ requests: [Request]) {
    var offsets = [Int](repeating: 0, count: requests.count)
    var placed: [Int] = []  // Indices in ascending order of offset.
    var total = 0
    let order = requests.indices.sorted {
      (requests[$1].byteCount, $0) < (requests[$0].byteCount, $1)
    }
    for index in order {
      let request = requests[index]
      var offset = 0
      for other in placed where requests[other].lifetime.overlaps(request.lifetime) {
        if offset + request.byteCount <= offsets[other] { break }
        offset = max(offset, offsets[other] + Self.aligned(requests[other].byteCount))
      }
      offsets[index] = offset
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.endIndex
      placed.insert(index, at: position)
      total = max(total, offset + Self.aligned(request.byteCount))
    }
    self.offsets = offsets
    byteCount = total
  }

  static func aligned(_ byteCount: Int) -> Int {
    (byteCount + alignment - 1) / alignment * alignment
  }
}
