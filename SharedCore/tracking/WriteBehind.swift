import Dispatch
import Synchronization

/// Elements taken on the training's thread and written on another, at most a second later.
///
/// The first element after a pause sets a timer, so a run that ends sooner writes once, and one that logs a million
/// steps writes once a second. `write` is never called twice at a time. It writes all or nothing: what it could not
/// write is kept, and comes first the next time.
final class WriteBehind<Element: Sendable>: Sendable {
  private struct Pending {
    var elements: [Element] = []
    var isTimerSet = false
    var failure: (any Error)?
  }

  private let pending = Mutex(Pending())
  private let writing = Mutex(())
  private let write: @Sendable ([Element]) throws -> Void
  private let delay: Double

  init(delay: Double = 1, write: @escaping @Sendable ([Element]) throws -> Void) {
    (self.delay, self.write) = (delay, write)
  }

  /// Takes an element; throws what went wrong when earlier ones were written, once.
  func append(_ element: Element) throws {
    let (setsTimer, failure) = pending.withLock { pending in
      pending.elements.append(element)
      defer { (pending.isTimerSet, pending.failure) = (true, nil) }
      return (!pending.isTimerSet, pending.failure)
    }
    if setsTimer {
      DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + delay) { [weak self] in
        self?.timerEnded()
      }
    }
    if let failure { throw failure }
  }

  /// Writes everything that was taken so far, by `write` or, for the last time, by `last`.
  func flush(by last: (([Element]) throws -> Void)? = nil) throws {
    try writing.withLock { _ in
      let elements = pending.withLock { pending in
        defer { pending.elements = [] }
        return pending.elements
      }
      if elements.isEmpty && last == nil { return }
      do {
        try (last ?? write)(elements)
      } catch {
        pending.withLock { $0.elements = elements + $0.elements }
        throw error
      }
    }
  }

  private func timerEnded() {
    pending.withLock { $0.isTimerSet = false }
    do {
      try flush()
    } catch {
      pending.withLock { $0.failure = error }
    }
  }
}
