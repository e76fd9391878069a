import Synchronization

/// Weights in the order in which a library wants them, kept from call to call until somebody writes the weights.
///
/// It belongs to the memory of a network's parameters. Bringing weights into order takes as long as reading them a few
/// times: nothing beside a large batch, a fifth of the time for a single picture.
public final class PackedWeights: Sendable {
  struct Key: Hashable, Sendable {
    let offset: Int
    let use: AnyHashableSendable
  }

  /// What a key is made of beside the place of the weights.
  struct AnyHashableSendable: Hashable, @unchecked Sendable {
    let value: AnyHashable
  }

  private struct Block: @unchecked Sendable {
    let start: UnsafeMutablePointer<Float>
    let count, shelf: Int
  }

  private let blocks = Mutex<[Key: Block]>([:])

  /// Nothing is kept yet.
  public init() {}

  deinit { forget() }

  /// The weights are about to change: what was made of them goes back to the pool.
  public func forget() {
    blocks.withLock { blocks in
      guard !blocks.isEmpty else { return }
      for block in blocks.values { MemoryPool.giveBack(block.start, shelf: block.shelf) }
      blocks = [:]
    }
  }

  fileprivate func block(_ key: Key, count: Int, make: (UnsafeMutableBufferPointer<Float>) -> Void)
    -> UnsafeBufferPointer<Float>
  {
    blocks.withLock { blocks in
      if let kept = blocks[key] { return UnsafeBufferPointer(start: kept.start, count: kept.count) }
      let (start, shelf) = MemoryPool.take(count)
      make(UnsafeMutableBufferPointer(start: start, count: count))
      blocks[key] = Block(start: start, count: count, shelf: shelf)
      return UnsafeBufferPointer(start: start, count: count)
    }
  }
}

/// The place of one parameter's weights among those that may be kept in order.
public struct KeptWeights: Sendable {
  private let all: PackedWeights
  private let offset: Int

  /// The weights that begin at `offset` of the memory to which `all` belongs.
  public init(_ all: PackedWeights, offset: Int) {
    self.all = all
    self.offset = offset
  }

  /// Gives `body` what `make` once made for this use.
  func withPacked(
    for use: some Hashable, count: Int, make: (UnsafeMutableBufferPointer<Float>) -> Void,
    _ body: (Span<Float>) -> Void
  ) {
    let key = PackedWeights.Key(offset: offset, use: .init(value: AnyHashable(use)))
    body(all.block(key, count: count, make: make).span)
  }
}
