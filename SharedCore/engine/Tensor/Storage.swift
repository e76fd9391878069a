import Kernels

/// The memory of a tensor: 64-byte aligned floats from a pool, given back when the last tensor that uses it is gone.
///
/// Written only by who made it, before anyone else sees it; that is what makes sharing between threads safe.
final class Storage: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let shelf: Int

  /// Memory for `count` floats, their values undefined.
  init(uninitialized count: Int) {
    (start, shelf) = MemoryPool.take(count)
    self.count = count
  }

  deinit { MemoryPool.giveBack(start, shelf: shelf) }
}
