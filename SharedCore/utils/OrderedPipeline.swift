import Foundation

/// Pieces made ahead by threads and handed out in their order.
///
/// At most two pieces a thread, or as many as are asked for, are ready or being made. When it is given up, its threads finish the piece in hand and end;
/// `deinit` waits for that.
public final class OrderedPipeline<Piece: Sendable>: Sendable {
  private let queue: PieceQueue<Piece>

  /// Pieces of the numbers `range`, which `threads` threads make.
  ///
  /// - Parameter ahead: how many are made beyond the one that was taken last; nil for two a thread.
  public init(
    _ range: Range<Int>, threads: Int, ahead: Int? = nil, name: String = "pipeline",
    make: @escaping @Sendable (Int) throws -> Piece
  ) {
    require(threads >= 1 && ahead ?? 1 >= 1, "a pipeline of \(threads) threads")
    queue = PieceQueue(range, capacity: ahead ?? 2 * threads, workers: threads, make: make)
    for _ in 0..<threads {
      let thread = Thread { [queue] in queue.work() }
      thread.name = name
      thread.start()
    }
  }

  deinit { queue.stop() }

  /// The next piece, waiting until it is made; nil after the last, and after an error. Throws what making it has thrown.
  public func next() throws -> Piece? { try queue.take() }
}

/// What the threads share: which piece is made next, which are ready, and whether anybody still wants them.
///
/// Every field below `condition` is touched only while it is locked; that makes the class safe to share.
private final class PieceQueue<Piece: Sendable>: @unchecked Sendable {
  private let make: @Sendable (Int) throws -> Piece
  private let end: Int
  private let capacity: Int
  private let condition = NSCondition()
  private var ready: [Int: Result<Piece, any Error>] = [:]
  private var nextToMake: Int
  private var nextToTake: Int
  private var workers: Int
  private var isStopped = false

  init(_ range: Range<Int>, capacity: Int, workers: Int, make: @escaping @Sendable (Int) throws -> Piece) {
    (self.make, self.capacity, self.workers) = (make, capacity, workers)
    (nextToMake, nextToTake, end) = (range.lowerBound, range.lowerBound, range.upperBound)
  }

  /// A thread's life: claim a number, make that piece, put it down, until there is none left.
  func work() {
    while let number = claim() {
      let made = Result { try make(number) }
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
      while !isStopped, nextToMake < end, nextToMake >= nextToTake + capacity { condition.wait() }
      guard !isStopped, nextToMake < end else { return nil }
      nextToMake += 1
      return nextToMake - 1
    }
  }

  /// The next piece in order, waiting until it is made; nil after the last, and after an error.
  func take() throws -> Piece? {
    try condition.withLock {
      guard !isStopped, nextToTake < end else { return nil }
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
