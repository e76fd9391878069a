import Foundation
import Synchronization
import Utils

/// Blocks of memory that have been used and wait to be used again.
///
/// Fresh pages cost fifteen times a copy, so a training step after the second takes everything from here. Sizes are
/// rounded up to one of four classes an octave: at most a quarter is wasted, and blocks fit again.
public enum MemoryPool {
  /// A shelf for each size class: a chain of idle blocks, each with the address of the next in its first bytes, so that
  /// keeping them takes no memory of its own.
  nonisolated(unsafe) private static let shelves: UnsafeMutablePointer<UnsafeMutableRawPointer?> = {
    let shelves = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 4 * Int.bitWidth)
    shelves.initialize(repeating: nil, count: 4 * Int.bitWidth)
    return shelves
  }()
  private static let fresh = Atomic<Int>(0)
  private static let lock = Mutex(())

  /// How many blocks had to be asked of the operating system since the process began.
  public static var freshBlocks: Int { fresh.load(ordering: .relaxed) }

  /// A block for at least `count` floats, and the shelf to which it goes back.
  public static func take(_ count: Int) -> (UnsafeMutablePointer<Float>, shelf: Int) {
    let (capacity, shelf) = sizeClass(of: count)
    let kept = lock.withLock { _ in
      let block = shelves[shelf]
      if let block { shelves[shelf] = block.load(as: UnsafeMutableRawPointer?.self) }
      return block
    }
    if let kept { return (kept.assumingMemoryBound(to: Float.self), shelf) }
    fresh.add(1, ordering: .relaxed)
    var block: UnsafeMutableRawPointer?
    let status = posix_memalign(&block, 64, capacity * MemoryLayout<Float>.stride)
    guard status == 0, let block else {
      trap("out of memory: \(capacity * 4) bytes were refused")
    }
    return (block.bindMemory(to: Float.self, capacity: capacity), shelf)
  }

  /// Puts a block back on the shelf that `take` named.
  public static func giveBack(_ block: UnsafeMutablePointer<Float>, shelf: Int) {
    let block = UnsafeMutableRawPointer(block)
    lock.withLock { _ in
      block.storeBytes(of: shelves[shelf], as: UnsafeMutableRawPointer?.self)
      shelves[shelf] = block
    }
  }

  /// Lends memory for `count` floats, their values undefined, as long as `body` runs.
  static func withScratch<Result>(
    _ count: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    let (block, shelf) = take(count)
    defer { giveBack(block, shelf: shelf) }
    return try body(UnsafeMutableBufferPointer(start: block, count: count))
  }

  /// The smallest of 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, ...
  ///
  /// that holds `count`, and its number.
  static func sizeClass(of count: Int) -> (capacity: Int, shelf: Int) {
    if count <= 16 { return (16, 0) }
    let octave = Int.bitWidth - 1 - (count - 1).leadingZeroBitCount  // 4 for 17...32
    let quarter = 1 << (octave - 2)
    let quarters = (count + quarter - 1) / quarter  // 5...8
    return (quarters * quarter, 4 * (octave - 4) + quarters - 4)
  }
}
