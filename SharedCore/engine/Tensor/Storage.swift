import Foundation
import Synchronization

/// The memory of a tensor: 64-byte aligned floats from a pool, given back when the last tensor that uses it is gone.
///
/// Written only by who made it, before anyone else sees it; that is what makes sharing between threads safe.
final class Storage: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let sizeClass: Int

  /// Memory for `count` floats, their values undefined.
  init(uninitialized count: Int) {
    (start, sizeClass) = MemoryPool.take(count)
    self.count = count
  }

  deinit { MemoryPool.giveBack(start, sizeClass) }
}

/// Blocks of memory that have been used and wait to be used again.
///
/// Fresh pages cost fifteen times a copy, so a training step after the second takes everything from here. Sizes are
/// rounded up to one of four classes an octave: at most a quarter is wasted, and blocks fit again.
public enum MemoryPool {
  private struct Shelves {
    var idle: [Int: [UnsafeMutablePointer<Float>]] = [:]
    var fresh = 0
  }

  nonisolated(unsafe) private static var shelves = Shelves()
  private static let lock = Mutex(())

  /// How many blocks had to be asked of the operating system since the process began.
  public static var freshBlocks: Int { lock.withLock { _ in shelves.fresh } }

  static func take(_ count: Int) -> (UnsafeMutablePointer<Float>, Int) {
    let sizeClass = roundedUp(max(count, 1))
    let kept = lock.withLock { _ in
      if let block = shelves.idle[sizeClass]?.popLast() { return block as UnsafeMutablePointer<Float>? }
      shelves.fresh += 1
      return nil
    }
    if let kept { return (kept, sizeClass) }
    var block: UnsafeMutableRawPointer?
    let status = posix_memalign(&block, 64, sizeClass * MemoryLayout<Float>.stride)
    guard status == 0, let block else {
      preconditionFailure("out of memory: \(sizeClass * 4) bytes were refused")
    }
    return (block.bindMemory(to: Float.self, capacity: sizeClass), sizeClass)
  }

  static func giveBack(_ block: UnsafeMutablePointer<Float>, _ sizeClass: Int) {
    lock.withLock { _ in shelves.idle[sizeClass, default: []].append(block) }
  }

  /// The smallest of 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, ... that holds `count`.
  private static func roundedUp(_ count: Int) -> Int {
    if count <= 16 { return 16 }
    let octave = Int.bitWidth - 1 - (count - 1).leadingZeroBitCount
    let quarter = 1 << (octave - 2)
    return (count + quarter - 1) / quarter * quarter
  }
}
