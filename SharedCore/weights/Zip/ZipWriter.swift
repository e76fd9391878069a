import Foundation
import Utils

/// Writes a plain ZIP archive of stored files, piece by piece; all below 4 GiB, which the caller sees to.
struct ZipWriter {
  private let append: (UnsafeRawBufferPointer) throws -> Void
  private var directory: [UInt8] = []
  private var count = 0
  private var position = 0

  /// An archive whose bytes go to `append`, in order.
  init(_ append: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.append = append }

  /// Adds a file of `head` and what `content` hands over, which is asked for twice: for its sum, and for its bytes.
  mutating func add(
    _ name: String, _ head: [UInt8], _ content: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    var sum = Checksum()
    head.withUnsafeBytes { sum.update($0) }
    try content { sum.update($0) }
    let facts = Self.fields(
      [20, 0x0800, 0, 0, 0x0021], [sum.value, UInt32(sum.count), UInt32(sum.count)], [name.utf8.count, 0])
    directory += Self.bytes(0x0201_4B50 as UInt32) + Self.bytes(20 as UInt16) + facts
    directory += Self.fields([0, 0, 0], [0, UInt32(position)], []) + Array(name.utf8)
    count += 1
    try put(Self.bytes(0x0403_4B50 as UInt32) + facts + Array(name.utf8) + head)
    try content { try append($0) }
    position += sum.count - head.count
  }

  /// Adds the list of files, which ends the archive.
  mutating func finish() throws {
    let start = position
    let size = directory.count
    try put(directory)
    try put(
      Self.bytes(0x0605_4B50 as UInt32)
        + Self.fields([0, 0, count, count], [UInt32(size), UInt32(start)], [0]))
  }

  private mutating func put(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try append($0) }
    position += bytes.count
  }

  /// Numbers of 16, then of 32, then of 16 bits, little-endian.
  private static func fields(_ first: [Int], _ wide: [UInt32], _ last: [Int]) -> [UInt8] {
    first.flatMap { bytes(UInt16($0)) } + wide.flatMap { bytes($0) } + last.flatMap { bytes(UInt16($0)) }
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
