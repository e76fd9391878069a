import CZlib
import Foundation
import Utils

/// A ZIP archive in memory, opened for reading; nothing is ever written to a disk.
struct ZipArchive: Sendable {
  /// The files, in the order of the archive's list.
  let entries: [ZipEntry]
  private let data: Data
  private let indices: [String: Int]

  /// Whether `data` begins as a ZIP archive does; one without files begins with its end.
  static func isZip(_ data: Data) -> Bool {
    data.starts(with: [0x50, 0x4B, 3, 4]) || data.starts(with: [0x50, 0x4B, 5, 6])
  }

  /// Opens the archive in `data` and checks its whole list of files, and that it does not unfold into a bomb.
  init(_ data: Data) throws {
    self.data = data
    entries = try data.withUnsafeBytes { try ZipDirectory(of: $0).entries }
    indices = Dictionary(uniqueKeysWithValues: zip(entries.map(\.name), entries.indices))
    try DecodedLimit.check(entries.map(\.size), fileSize: data.count)
  }

  /// The file called `name`, or nil when there is none.
  subscript(name: String) -> ZipEntry? { indices[name].map { entries[$0] } }

  /// The unpacked bytes of `entry`, which are not copied when they are stored; throws unless their sum is right.
  func contents(of entry: ZipEntry) throws -> Data {
    let start = data.startIndex + entry.range.lowerBound
    let packed = data[start..<start + entry.range.count]
    let contents = entry.isDeflated ? try inflated(packed, entry) : packed
    var sum = Checksum()
    contents.withUnsafeBytes { sum.update($0) }
    guard sum.value == entry.checksum else {
      throw WeightsDefect("holds \(entry.name.quoted) with a wrong checksum")
    }
    return contents
  }

  /// `packed` (RFC 1951) unpacked into exactly the size that `entry` promises.
  private func inflated(_ packed: Data, _ entry: ZipEntry) throws -> Data {
    var stream = z_stream()
    let status = inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    require(status == Z_OK, "zlib \(String(cString: zlibVersion())) does not start: \(status)")
    defer { inflateEnd(&stream) }
    // Untouched memory costs nothing, so a lie about the size costs no more than what is really there.
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: max(entry.size, 1), alignment: 64)
    var isWhole = false
    defer { if !isWhole { output.deallocate() } }
    var filled = 0
    var ended = false
    try packed.withUnsafeBytes { packed in
      var consumed = 0
      while !ended {
        let input = packed[consumed...].prefix(1 << 30)  // zlib counts in 32 bits
        let room = output[filled..<entry.size].prefix(1 << 30)
        var spare: UInt8 = 0
        let status = withUnsafeMutablePointer(to: &spare) { spare in
          stream.next_in = UnsafeMutablePointer(
            mutating: UnsafeRawBufferPointer(rebasing: input).baseAddress?.assumingMemoryBound(to: UInt8.self)
          )
          stream.avail_in = UInt32(input.count)
          stream.next_out =
            room.isEmpty
            ? spare
            : UnsafeMutableRawBufferPointer(rebasing: room).baseAddress?.assumingMemoryBound(to: UInt8.self)
          stream.avail_out = UInt32(max(room.count, 1))
          return inflate(&stream, Z_NO_FLUSH)
        }
        let written = max(room.count, 1) - Int(stream.avail_out)
        let read = input.count - Int(stream.avail_in)
        guard written <= room.count, status == Z_STREAM_END || status == Z_OK,
          status != Z_OK || written + read > 0
        else {
          throw WeightsDefect(
            "holds \(entry.name.quoted), which does not unpack into its \(entry.size) bytes")
        }
        filled += written
        consumed += read
        ended = status == Z_STREAM_END
      }
      guard filled == entry.size, consumed == packed.count else {
        throw WeightsDefect("holds \(entry.name.quoted), which does not unpack into its \(entry.size) bytes")
      }
    }
    isWhole = true
    guard let start = output.baseAddress else { return Data() }
    return Data(
      bytesNoCopy: start, count: entry.size, deallocator: .custom { start, _ in start.deallocate() })
  }
}
