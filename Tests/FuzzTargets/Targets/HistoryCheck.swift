import EventLog

/// What holds of a run's history whatever a log says.
enum HistoryCheck {
  static func check(_ poll: Poll) throws(FuzzFailure) {
    var history = RunHistory()
    history.apply(poll)
    try check(history)
    // A log that is read again after it was replaced gives the same.
    var again = poll
    again.rewound = true
    history.apply(again)
    try check(history)
  }

  private static func check(_ history: RunHistory) throws(FuzzFailure) {
    try require(history.tags.count <= RunHistory.tagLimit, "tags are bounded")
    try require(Set(history.tags).count == history.tags.count, "no tag stands twice")
    for tag in history.tags {
      guard let series = history.series(tag) else { throw FuzzFailure("no series of \(tag)") }
      try check(series)
    }
  }

  private static func check(_ series: Series) throws(FuzzFailure) {
    let buckets = series.buckets
    try require(buckets.count <= Series.capacity, "buckets are bounded")
    try require(
      buckets.reduce(0) { $0 + $1.count } == series.count, "every sample is in a bucket")
    try require(
      zip(buckets, buckets.dropFirst()).allSatisfy { $0.lastStep <= $1.firstStep }
        && buckets.allSatisfy { $0.firstStep <= $0.lastStep },
      "buckets are in the order of their steps")
    try require(
      buckets.allSatisfy { $0.count == $0.nonFiniteCount || $0.minimum <= $0.maximum },
      "a bucket has a minimum and a maximum")
  }
}
