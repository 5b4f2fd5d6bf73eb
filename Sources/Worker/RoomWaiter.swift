/// Waits where a run cannot go on because the disk is full.
protocol RoomWaiter: AnyObject {
  var stepsDone: Int { get }
  /// It has begun; `reason` is one line.
  func halted(_ reason: String)
  /// Lets a moment pass, or throws where there is no more point in waiting.
  func waitForRoom() throws(WorkerError)
  /// What was to be written has been written.
  func foundRoom() throws(WorkerError)
}
