public import EventLog

extension RunHistory {
  /// The mean of a series over the steps of a run's last epoch; nil where the log has no such series, or
  /// does not tell of epochs.
  public func lastEpochMean(of tag: String) -> Double? {
    guard let info = text(RunInfo.tag).flatMap({ RunInfo(text: $0) }) else { return nil }
    return series(tag)?.mean(after: lastStep - info.stepsPerEpoch)
  }
}
