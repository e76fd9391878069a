import Synchronization

/// Things that take long to make and are wanted again: oneDNN's primitives, kept by what they are for.
///
/// Each is lent to one thread at a time; a second thread that asks for the same gets another.
final class Shelf<Key: Hashable & Sendable, Handle: Sendable>: Sendable {
  private let idle = Mutex<[Key: [Handle]]>([:])
  private let limit: Int
  private let destroy: @Sendable (Handle) -> Void

  /// A shelf for handles of up to `limit` keys, ended by `destroy`.
  ///
  /// Batches of ever new sizes must not fill the memory: a full shelf is cleared.
  init(limit: Int = 500, destroy: @escaping @Sendable (Handle) -> Void) {
    self.limit = limit
    self.destroy = destroy
  }

  /// Lends the handle for `key`, made now if there is none; nil where `make` cannot.
  func borrow<Result>(
    _ key: Key, make: () -> Handle?, _ body: (Handle) throws -> Result
  ) rethrows -> Result? {
    let kept = idle.withLock { $0[key]?.popLast() }
    guard let handle = kept ?? make() else { return nil }
    defer { giveBack(handle, key) }
    return try body(handle)
  }

  private func giveBack(_ handle: Handle, _ key: Key) {
    idle.withLock { idle in
      if idle.count >= limit, idle[key] == nil {
        for old in idle.values.joined() { destroy(old) }
        idle = [:]
      }
      idle[key, default: []].append(handle)
    }
  }
}
