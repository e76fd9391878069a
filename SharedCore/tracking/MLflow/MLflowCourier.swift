import Foundation
import Synchronization
import Utils

/// The thread that sends a run's outbox while the run goes on: every few seconds, more rarely while the server does not
/// take it.
final class MLflowCourier: Sendable {
  private let outbox: MLflowOutbox
  private let server: MLflowServer
  private let mayEnd = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let failure = Mutex<String?>(nil)

  /// Starts the thread that sends `outbox` to `server`.
  init(_ outbox: MLflowOutbox, to server: MLflowServer) {
    (self.outbox, self.server) = (outbox, server)
    Thread.detachNewThread { [self] in
      var wait = Self.rhythm
      while mayEnd.wait(timeout: .now() + wait) == .timedOut {
        wait = sends() ? Self.rhythm : min(2 * wait, 60)
      }
      _ = sends()
      hasEnded.signal()
    }
  }

  /// Sends what is left, and ends with the first thing that goes wrong; gives its sentence.
  ///
  /// That takes as long as the server takes files, and two to five seconds when it is silent.
  func finish() -> String? {
    mayEnd.signal()
    hasEnded.wait()
    return failure.withLock { $0 }
  }

  private static let rhythm = 3.0

  private func sends() -> Bool {
    var reason: String?
    do {
      var sender = try MLflowSender(outbox, server: server)
      _ = try sender.send()
    } catch {
      reason = (error as? LabError)?.cause ?? "\(error)"
    }
    failure.withLock { [reason] in $0 = reason }
    return reason == nil
  }
}
