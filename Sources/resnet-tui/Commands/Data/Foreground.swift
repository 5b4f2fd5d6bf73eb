import Dispatch
import Synchronization
import Worker

/// Asynchronous work that a command waits for.
enum Foreground {
  /// Runs `work` to its end, and cancels it when a signal to stop arrives. Meanwhile `tick` is called on
  /// this thread ten times a second, and once at the end.
  static func run<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value, tick: () -> Void
  ) throws -> Value {
    let outcome = Mutex<Result<Value, any Error>>(.failure(CancellationError()))
    let end = DispatchSemaphore(value: 0)
    let task = Task.detached {
      let result: Result<Value, any Error>
      do {
        result = .success(try await work())
      } catch {
        result = .failure(error)
      }
      outcome.withLock { $0 = result }
      end.signal()
    }
    while end.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
      tick()
      if StopSignals.current() != 0 { task.cancel() }
    }
    tick()
    return try outcome.withLock { $0 }.get()
  }
}
