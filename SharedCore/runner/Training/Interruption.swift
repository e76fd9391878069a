import Engine
import Foundation
import Synchronization

/// Ends a training in good order when a person presses Ctrl-C or the system asks the process to end: the step is
/// finished, everything is saved, and the way to go on is told.
final class Interruption: Callback {
  private static let received = Atomic<Int32>(0)

  private let canPause: () -> Bool

  /// Stops after the first step after which the training `canPause`.
  init(canPause: @escaping () -> Bool) { self.canPause = canPause }

  /// The signal that came, 0 for none.
  static var signal: Int32 { received.load(ordering: .relaxed) }

  /// From now on SIGINT and SIGTERM are noted; a second one ends the process at once.
  ///
  /// A program that was started from another one's worker thread inherits that thread's mask, in which both are blocked.
  static func watch() {
    var watched = sigset_t()
    sigemptyset(&watched)
    for name in [SIGINT, SIGTERM] {
      sigaddset(&watched, name)
      Foundation.signal(name) { name in
        if Interruption.received.exchange(name, ordering: .relaxed) != 0 { _exit(128 + name) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
  }

  func stepEnded(_ report: StepReport) throws -> Verdict {
    guard Self.signal != 0, canPause() else { return .goOn }
    return .stop(reason: Self.signal == SIGINT ? "interrupted (SIGINT)" : "asked to end (SIGTERM)")
  }
}
