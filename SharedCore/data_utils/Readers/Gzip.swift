import CZlib
import Utils

/// A gzip file (RFC 1952) unpacked step by step, never further than asked: a bomb costs no more than its reader wanted.
///
/// One member only, as `gzip` writes. The checksum is zlib's affair and compared at `finish`.
struct GzipStream: ~Copyable {
  /// Deflate cannot do better than 1032 to 1, so a file that promises more is lying.
  static let highestRatio = 1032

  private let packed: [UInt8]
  private let file: String
  private let remedy: String
  // On the heap because zlib remembers the address of its own stream.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isAtEnd = false

  /// Whether `bytes` begin as a gzip file does.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Starts to unpack `packed`, the content of `file`.
  init(_ packed: [UInt8], file: String, remedy: String) {
    self.packed = packed
    self.file = file
    self.remedy = remedy
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let gzipOnly = MAX_WBITS + 16
    let status = inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    require(status == Z_OK, "zlib \(String(cString: zlibVersion())) does not start: \(status)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The next `count` unpacked bytes; throws when the file ends before or is damaged.
  mutating func read(_ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = try unpack(into: UnsafeMutableRawBufferPointer(buffer))
      guard filled == count else {
        throw error("ends \(count - filled) bytes early")
      }
    }
  }

  /// Checks that nothing follows what was read and that the checksum is right.
  mutating func finish() throws {
    let extra = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try unpack(into: $0) }
    guard extra == 0 else { throw error("holds more data than its header says") }
    guard stream.pointee.total_in == packed.count else { throw error("has something after its end") }
  }

  /// Fills `buffer` as far as the file goes; returns how many bytes there were.
  private mutating func unpack(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    try packed.withUnsafeBufferPointer { packed in
      while !isAtEnd {
        let piece = 1 << 30  // zlib counts in 32 bits
        let consumed = Int(stream.pointee.total_in)
        let input = packed[consumed...].prefix(piece)
        let output = buffer[filled...].prefix(piece)
        stream.pointee.next_in = UnsafeMutablePointer(
          mutating: UnsafeBufferPointer(rebasing: input).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = UnsafeMutableRawBufferPointer(rebasing: output).baseAddress?
          .assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        let status = inflate(stream, Z_NO_FLUSH)
        filled += output.count - Int(stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END: isAtEnd = true
        case Z_OK where filled < buffer.count: continue
        case Z_OK: return
        case Z_BUF_ERROR where filled == buffer.count: return
        case Z_BUF_ERROR: throw error("is cut off after \(packed.count) bytes")
        default:
          throw error("is damaged (\(stream.pointee.msg.map { String(cString: $0) } ?? "zlib \(status)"))")
        }
      }
    }
    return filled
  }

  private func error(_ what: String) -> LabError { LabError(.data, "\(file) \(what)", remedy: remedy) }
}
