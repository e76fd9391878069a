import CCrypto
import Foundation

/// MD5 checksums (RFC 1321) by OpenSSL's libcrypto, for formats that name files by them; they prove nothing about who made
/// a file.
public enum MD5 {
  /// The 16 bytes of the digest of `bytes`; throws where the system's policy forbids MD5.
  public static func digest(of bytes: some Sequence<UInt8>) throws -> [UInt8] {
    var context = try Context()
    Array(bytes).withUnsafeBytes { context.update($0) }
    return context.finish()
  }

  /// The 16 bytes of the digest of the file at `url`, read in pieces of one MiB.
  public static func digest(ofFileAt url: URL) throws -> [UInt8] {
    let file = try FileHandle(forReadingFrom: url)
    defer { try? file.close() }
    var context = try Context()
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      piece.withUnsafeBytes { context.update($0) }
    }
    return context.finish()
  }

  private struct Context: ~Copyable {
    private let context: OpaquePointer

    init() throws {
      guard let context = EVP_MD_CTX_new() else { throw Self.unavailable }
      guard EVP_DigestInit_ex(context, EVP_md5(), nil) == 1 else {
        EVP_MD_CTX_free(context)
        throw Self.unavailable
      }
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    mutating func finish() -> [UInt8] {
      var digest = [UInt8](repeating: 0, count: 16)
      EVP_DigestFinal_ex(context, &digest, nil)
      return digest
    }

    private static var unavailable: LabError {
      LabError(
        .tracking, "MD5 is not available in this libcrypto", remedy: "allow it in the system's OpenSSL policy"
      )
    }
  }
}
