import Dashboard
import Synchronization

/// Messages to the dashboard from whatever goes on besides it, on any thread.
final class MessageBox: Sendable {
  private let messages = Mutex<[Message]>([])

  func post(_ message: Message) { messages.withLock { $0.append(message) } }

  /// What has come since the last call.
  func take() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
