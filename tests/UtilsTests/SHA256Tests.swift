import Foundation
import Testing
import Utils

@Suite("SHA-256")
struct SHA256Tests {
  @Test("gives the digests of FIPS 180-4")
  func vectors() {
    #expect(SHA256.hex(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hex(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("of pieces is that of the whole, also from a file longer than one read")
  func pieces() throws {
    let bytes = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var digest = SHA256()
    for start in stride(from: 0, to: bytes.count, by: 400_001) {
      bytes[start..<min(start + 400_001, bytes.count)].withUnsafeBytes { digest.update($0) }
    }
    let whole = SHA256.hex(of: bytes)
    #expect(digest.finish() == whole)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(bytes).write(to: url)
    #expect(try SHA256.hex(ofFileAt: url) == whole)
  }

  @Test("throws for a file that is not there")
  func missing() {
    #expect(throws: (any Error).self) { try SHA256.hex(ofFileAt: URL(fileURLWithPath: "/nowhere/at/all")) }
  }
}
