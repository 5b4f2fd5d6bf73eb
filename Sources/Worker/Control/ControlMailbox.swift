public import Experiments
import Foundation

/// Requests on their way from a socket's thread to the training's, and the replies back.
public final class ControlMailbox: @unchecked Sendable {
  /// A message that waits for its reply.
  public final class Request: @unchecked Sendable {
    public let message: ControlMessage
    private let answered = DispatchSemaphore(value: 0)
    private var reply: ControlReply?

    init(_ message: ControlMessage) { self.message = message }

    /// Called once, by whoever has done what the message asks for.
    public func answer(_ reply: ControlReply) {
      self.reply = reply
      answered.signal()
    }

    /// Waits for the answer.
    func wait() -> ControlReply {
      answered.wait()
      return reply ?? ControlReply(isDone: false, text: "the worker has ended")
    }
  }

  // Guards `requests` and `isClosed`.
  private let condition = NSCondition()
  private var requests: [Request] = []
  private var isClosed = false

  public init() {}

  /// Hands a message to the training, and waits for its reply.
  public func post(_ message: ControlMessage) -> ControlReply {
    let request = Request(message)
    condition.lock()
    let isOpen = !isClosed
    if isOpen { requests.append(request) }
    condition.signal()
    condition.unlock()
    return isOpen ? request.wait() : ControlReply(isDone: false, text: "the worker has ended")
  }

  /// What has come since the last call.
  public func take() -> [Request] {
    condition.lock()
    defer { condition.unlock() }
    defer { requests = [] }
    return requests
  }

  /// Waits for a request, `seconds` at most.
  public func wait(seconds: Double) {
    condition.lock()
    defer { condition.unlock() }
    guard requests.isEmpty, !isClosed else { return }
    _ = condition.wait(until: Date(timeIntervalSinceNow: seconds))
  }

  /// The training has ended: nobody will answer any more.
  public func close() {
    condition.lock()
    isClosed = true
    let left = requests
    requests = []
    condition.unlock()
    for request in left {
      request.answer(ControlReply(isDone: false, text: "the worker has ended"))
    }
  }
}
