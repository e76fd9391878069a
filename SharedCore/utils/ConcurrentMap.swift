import Dispatch
import Synchronization

/// The results of `work` for 0..<`count`, in that order, done by all cores.
///
/// Of several errors that with the lowest number is thrown, and what has not begun by then is not done.
///
/// - Parameter progress: told after each piece how many are done, one call at a time, from any thread.
public func concurrentMap<Result: Sendable>(
  _ count: Int, progress: @escaping @Sendable (Int) -> Void = { _ in },
  _ work: @escaping @Sendable (Int) throws -> Result
) throws -> [Result] {
  let state = Mutex(WorkState<Result>(results: Array(repeating: nil, count: count)))
  DispatchQueue.concurrentPerform(iterations: count) { number in
    if state.withLock({ $0.failure != nil }) { return }
    do {
      let result = try work(number)
      state.withLock { state in
        state.results[number] = result
        state.done += 1
        progress(state.done)
      }
    } catch {
      state.withLock { state in
        if state.failure.map({ number < $0.number }) ?? true { state.failure = (number, error) }
      }
    }
  }
  let end = state.withLock { $0 }
  if let failure = end.failure { throw failure.error }
  return end.results.compactMap(\.self)
}

private struct WorkState<Result: Sendable>: Sendable {
  var results: [Result?]
  var done = 0
  var failure: (number: Int, error: any Error)?
}
