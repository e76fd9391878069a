import Foundation
import Synchronization
import Utils

/// Blocks of memory that have been used and wait to be used again.
///
/// Fresh pages cost fifteen times a copy, so a training step after the second takes everything from here. Sizes are
/// rounded up to one of four classes an octave: at most a quarter is wasted, and blocks fit again. Large blocks that
/// have been idle for long go back to the system when other sizes are asked for, as when training ends and evaluation
/// begins.
public enum MemoryPool {
  /// What an idle block holds, so that keeping it takes no memory of its own: the next of its shelf, and how many blocks
  /// had been asked for when it came back.
  private struct Idle {
    var next: UnsafeMutableRawPointer?
    var since: Int
  }

  /// A shelf for each size class: a chain of idle blocks.
  nonisolated(unsafe) private static let shelves: UnsafeMutablePointer<UnsafeMutableRawPointer?> = {
    let shelves = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 4 * Int.bitWidth)
    shelves.initialize(repeating: nil, count: 4 * Int.bitWidth)
    return shelves
  }()
  private static let fresh = Atomic<Int>(0)
  /// How many blocks have been asked for.
  private static let clock = Mutex(0)

  /// Blocks from 64 KiB on go back to the system after this many others have been asked for.
  private static let (smallestTrimmed, patience) = (16_384, 20_000)

  /// How many blocks had to be asked of the operating system since the process began.
  public static var freshBlocks: Int { fresh.load(ordering: .relaxed) }

  /// A block for at least `count` floats, and the shelf to which it goes back.
  public static func take(_ count: Int) -> (UnsafeMutablePointer<Float>, shelf: Int) {
    let (capacity, shelf) = sizeClass(of: count)
    let kept = clock.withLock { clock in
      clock += 1
      let block = shelves[shelf]
      if let block {
        shelves[shelf] = block.load(as: Idle.self).next
      } else if capacity >= smallestTrimmed {
        trim(since: clock - patience)
      }
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
    clock.withLock { clock in
      block.storeBytes(of: Idle(next: shelves[shelf], since: clock), as: Idle.self)
      shelves[shelf] = block
    }
  }

  /// Gives blocks to the system that have been idle since before `time`: the ends of the chains, the last come first.
  private static func trim(since time: Int) {
    guard time > 0 else { return }
    for shelf in sizeClass(of: smallestTrimmed).shelf..<4 * Int.bitWidth {
      var young: UnsafeMutableRawPointer?
      var block = shelves[shelf]
      while let here = block, here.load(as: Idle.self).since >= time {
        young = here
        block = here.load(as: Idle.self).next
      }
      guard block != nil else { continue }
      if let young {
        young.storeBytes(of: Idle(next: nil, since: young.load(as: Idle.self).since), as: Idle.self)
      } else {
        shelves[shelf] = nil
      }
      while let here = block {
        block = here.load(as: Idle.self).next
        free(here)
      }
    }
  }

  /// How many idle blocks there are of the size class that holds `count` floats.
  static func idleBlocks(for count: Int) -> Int {
    clock.withLock { _ in
      var (number, block) = (0, shelves[sizeClass(of: count).shelf])
      while let here = block {
        number += 1
        block = here.load(as: Idle.self).next
      }
      return number
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
