import Foundation
import Synchronization
import Tracking
import Utils

/// The facts of git, read by another thread while the data are loaded.
///
/// A thread of its own, not a task: whoever waits may stand on the only thread that tasks have.
final class GitReading: Sendable {
  private let result = Mutex<GitFacts?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init(_ root: URL) {
    Thread.detachNewThread { [self] in
      let facts = GitFacts.read(in: root)
      result.withLock { $0 = facts }
      done.signal()
    }
  }

  /// The facts; waits for them.
  var facts: GitFacts? {
    done.wait()
    done.signal()  // for whoever asks next
    return result.withLock { $0 }
  }
}
