import CZlib
import Utils

/// Bytes packed and unpacked in the zlib format (RFC 1950).
enum ZlibBytes {
  /// What `packed` holds, at most `limit` bytes: a bomb costs no more than that.
  static func unpacked(_ packed: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
    var stream = z_stream()
    let started = inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    require(started == Z_OK, "zlib \(String(cString: zlibVersion())) does not start: \(started)")
    defer { inflateEnd(&stream) }
    var status = Z_OK
    var packed = packed
    let pieceSize = 1 << 16
    var bytes: [UInt8] = []
    packed.withUnsafeMutableBufferPointer { packed in
      stream.next_in = packed.baseAddress
      stream.avail_in = UInt32(packed.count)
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: pieceSize) { piece in
        while status == Z_OK, bytes.count <= limit {
          stream.next_out = piece.baseAddress
          stream.avail_out = UInt32(pieceSize)
          status = inflate(&stream, Z_NO_FLUSH)
          bytes += piece.prefix(pieceSize - Int(stream.avail_out))
        }
      }
    }
    guard bytes.count <= limit else {
      throw Fault("the packed mask unpacks to more than \(grouped(limit)) bytes")
    }
    guard status == Z_STREAM_END else { throw Fault("the packed mask is damaged or cut off") }
    guard stream.avail_in == 0 else { throw Fault("the packed mask has something after its end") }
    return bytes
  }

  /// `bytes` packed.
  static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var size = compressBound(UInt(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(size)) { target, filled in
      let status = compress2(target.baseAddress, &size, bytes, UInt(bytes.count), Z_DEFAULT_COMPRESSION)
      require(status == Z_OK, "zlib cannot pack \(bytes.count) bytes: \(status)")
      filled = Int(size)
    }
  }
}
