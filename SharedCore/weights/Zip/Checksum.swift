import CZlib

/// CRC-32 as ZIP uses it, and the number of bytes that went into it.
struct Checksum {
  private(set) var value: UInt32 = 0
  private(set) var count = 0

  /// Adds `bytes`.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    value = UInt32(crc32_z(UInt(value), start.assumingMemoryBound(to: UInt8.self), bytes.count))
    count += bytes.count
  }
}
