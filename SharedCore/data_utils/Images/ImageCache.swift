import Foundation
import Synchronization

/// Room in memory for decoded images, shared by all data sets that were made with it.
///
/// An image is decoded once and kept as bytes while there is room; what comes later is decoded each time it is drawn.
public final class ImageCache: Sendable {
  /// How many bytes may be kept.
  public let budget: Int
  private let used = Mutex(0)

  /// Room for `budget` bytes; a quarter of the machine's memory when nil.
  public init(budget: Int? = nil) {
    self.budget = budget ?? Int(ProcessInfo.processInfo.physicalMemory / 4)
  }

  /// How many bytes are kept now.
  public var usedBytes: Int { used.withLock(\.self) }

  /// Whether `count` more bytes may be kept, which are counted then.
  func reserve(_ count: Int) -> Bool {
    used.withLock { used in
      guard used + count <= budget else { return false }
      used += count
      return true
    }
  }

  /// `count` bytes are kept no longer.
  func release(_ count: Int) { used.withLock { $0 -= count } }
}

/// An image file and, once somebody has asked for it, its bytes; shared by all data sets that hold it.
final class CachedImage: Sendable {
  let file: ImageFile
  let fit: ImageFit
  private let cache: ImageCache
  private let kept = Mutex<[UInt8]?>(nil)

  init(_ file: ImageFile, _ fit: ImageFit, _ cache: ImageCache) {
    (self.file, self.fit, self.cache) = (file, fit, cache)
  }

  deinit { kept.withLock { cache.release($0?.count ?? 0) } }

  /// [C, H, W]; a second thread that asks meanwhile waits for the first.
  func bytes() throws -> [UInt8] {
    try kept.withLock { kept in
      if let kept { return kept }
      let bytes = try fit.bytes(of: file)
      if cache.reserve(bytes.count) { kept = bytes }
      return bytes
    }
  }
}
