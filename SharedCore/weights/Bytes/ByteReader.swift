/// Bytes read from front to back; whatever asks for more than there is throws.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  /// What the bytes are, for the message: "its pickle".
  let what: String

  init(_ bytes: UnsafeRawBufferPointer, _ what: String) {
    self.bytes = bytes
    self.what = what
  }

  /// How many bytes follow.
  var remaining: Int { bytes.count - position }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw WeightsDefect("ends inside \(what)") }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// The next integer, little-endian.
  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    Value(littleEndian: try take(MemoryLayout<Value>.size).loadUnaligned(as: Value.self))
  }

  /// A 64-bit length, which cannot be larger than what follows.
  mutating func length() throws -> Int {
    let length = try integer(UInt64.self)
    guard length <= UInt64(remaining) else { throw WeightsDefect("ends inside \(what)") }
    return Int(length)
  }

  /// The bytes up to the next line feed, which is passed over.
  mutating func line() throws -> UnsafeRawBufferPointer {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw WeightsDefect("ends inside \(what)")
    }
    let line = try take(end - position)
    position += 1
    return line
  }
}
