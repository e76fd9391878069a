/// A cyclic redundancy check of 32 bits, bits reflected, begun and ended inverted.
public struct CRC32: Sendable {
  /// That of zlib, PNG and Ethernet (IEEE 802.3).
  public static let ieee = CRC32(polynomial: 0xEDB8_8320)
  /// Castagnoli's, that of iSCSI and of TensorFlow's record files.
  public static let castagnoli = CRC32(polynomial: 0x82F6_3B78)

  private let table: [UInt32]

  private init(polynomial: UInt32) {
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ polynomial : rest >> 1 }
    }
  }

  /// The check of `bytes`, or of what `earlier` is the check of and then `bytes`.
  public func check(_ bytes: ArraySlice<UInt8>, after earlier: UInt32 = 0) -> UInt32 {
    ~table.withUnsafeBufferPointer { table in
      bytes.reduce(~earlier) { rest, byte in table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] ^ rest >> 8 }
    }
  }

  /// The check of `bytes`, or of what `earlier` is the check of and then `bytes`.
  public func check(_ bytes: [UInt8], after earlier: UInt32 = 0) -> UInt32 {
    check(bytes[...], after: earlier)
  }
}
