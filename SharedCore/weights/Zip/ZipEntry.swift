/// A file in a ZIP archive: where its bytes lie, and what they must be.
struct ZipEntry: Sendable {
  /// Its path within the archive, with `/`.
  let name: String
  /// Packed by deflate (method 8); else stored as it is (method 0).
  let isDeflated: Bool
  /// CRC-32 of the unpacked bytes.
  let checksum: UInt32
  /// Its size when unpacked.
  let size: Int
  /// Where its local header begins.
  let headerStart: Int
  /// Where its packed bytes lie in the archive.
  let range: Range<Int>

  /// Deflate cannot do better than 1032 to 1, so an entry that promises more is lying.
  static let highestRatio = 1032

  /// Whether `name` stays inside the folder that an archive would be unpacked into.
  static func isSafe(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/") && !name.contains { "\\\0:".contains($0) }
      && !name.split(separator: "/").contains("..")
  }
}
