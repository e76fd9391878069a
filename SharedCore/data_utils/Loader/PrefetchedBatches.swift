import Engine
import Foundation

/// Batches made ahead by threads and handed out in order.
///
/// At most two batches a thread are ready or being made. When the iterator is given up, its threads finish the batch in
/// hand and end; `deinit` waits for that.
final class PrefetchedBatches: BatchIterator {
  private let queue: BatchQueue

  init(_ plan: BatchPlan, startingAt first: Int, threads: Int) {
    queue = BatchQueue(plan, startingAt: first, capacity: 2 * threads, workers: threads)
    for _ in 0..<threads {
      let thread = Thread { [queue] in queue.work() }
      thread.name = "loader"
      thread.start()
    }
  }

  deinit { queue.stop() }

  func next() throws -> Batch? { try queue.take() }
}

/// What the threads share: which batch is made next, which are ready, and whether anybody still wants them.
///
/// Every field below `condition` is touched only while it is locked; that makes the class safe to share.
private final class BatchQueue: @unchecked Sendable {
  private let plan: BatchPlan
  private let capacity: Int
  private let condition = NSCondition()
  private var ready: [Int: Result<Batch, any Error>] = [:]
  private var nextToMake: Int
  private var nextToTake: Int
  private var workers: Int
  private var isStopped = false

  init(_ plan: BatchPlan, startingAt first: Int, capacity: Int, workers: Int) {
    self.plan = plan
    self.capacity = capacity
    self.workers = workers
    nextToMake = first
    nextToTake = first
  }

  /// A thread's life: claim a number, make that batch, put it down, until there is none left.
  func work() {
    while let number = claim() {
      let made = Result { try plan.batch(number) }
      condition.withLock {
        ready[number] = made
        condition.broadcast()
      }
    }
    condition.withLock {
      workers -= 1
      condition.broadcast()
    }
  }

  private func claim() -> Int? {
    condition.withLock {
      while !isStopped, nextToMake < plan.batchCount, nextToMake >= nextToTake + capacity { condition.wait() }
      guard !isStopped, nextToMake < plan.batchCount else { return nil }
      nextToMake += 1
      return nextToMake - 1
    }
  }

  /// The next batch in order, waiting until it is made; nil after the last, and after an error.
  func take() throws -> Batch? {
    try condition.withLock {
      guard !isStopped, nextToTake < plan.batchCount else { return nil }
      while ready[nextToTake] == nil { condition.wait() }
      let made = ready.removeValue(forKey: nextToTake)
      nextToTake += 1
      if case .failure = made { isStopped = true }
      condition.broadcast()
      return try made?.get()
    }
  }

  /// Ends the threads and waits until they have.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while workers > 0 { condition.wait() }
    }
  }
}
