import CZlib
import Utils

/// The chunks of a PNG file: length, kind, body, checksum.
enum PNGChunks {
  /// The same bytes, where the checksums of the chunks, as far as there are any, fit what is in them.
  static func withRightSums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = place + 8 + length
      guard end + 4 <= bytes.count else { break }
      let sum = bytes[(place + 4)..<end].withUnsafeBufferPointer {
        crc32(0, $0.baseAddress, UInt32($0.count))
      }
      for i in 0..<4 { bytes[end + i] = UInt8(truncatingIfNeeded: sum >> UInt(24 - 8 * i)) }
      place = end + 4
    }
    return bytes
  }
}
