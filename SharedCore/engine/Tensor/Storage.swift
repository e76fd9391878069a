import Kernels

/// The memory of a tensor: 64-byte aligned floats from a pool, given back when the last tensor that uses it is gone.
///
/// Written only by who made it, before anyone else sees it; that is what makes sharing between threads safe.
final class Storage: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>
  let count: Int
  /// What kernels have made of the weights that lie here; nil where no parameter does.
  var packed: PackedWeights?
  private let shelf: Int

  /// Memory for `count` floats, their values undefined.
  init(uninitialized count: Int) {
    (start, shelf) = MemoryPool.take(count)
    self.count = count
  }

  deinit { MemoryPool.giveBack(start, shelf: shelf) }
}

/// Whole numbers in the pool's memory, which an op keeps for its gradient: where the largest of each window stood.
struct PooledIndices: Sendable {
  private let storage: Storage
  private let count: Int

  /// Memory for `count` numbers, their values undefined.
  init(count: Int) {
    storage = Storage(uninitialized: count)
    self.count = count
  }

  /// Lets `body` write the numbers; only before anyone else sees them.
  func write(_ body: (inout MutableSpan<Int32>) -> Void) {
    storage.start.withMemoryRebound(to: Int32.self, capacity: count) {
      var span = UnsafeMutableBufferPointer(start: $0, count: count).mutableSpan
      body(&span)
    }
  }

  /// Lets `body` read the numbers.
  func read(_ body: (Span<Int32>) -> Void) {
    storage.start.withMemoryRebound(to: Int32.self, capacity: count) {
      body(UnsafeBufferPointer(start: $0, count: count).span)
    }
  }
}
