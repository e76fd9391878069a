import Foundation
import Testing
import Utils

@Suite struct MD5Tests {
  private func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

  /// The values of RFC 1321, appendix A.5.
  @Test func knownValues() throws {
    #expect(hex(try MD5.digest(of: "".utf8)) == "d41d8cd98f00b204e9800998ecf8427e")
    #expect(hex(try MD5.digest(of: "message digest".utf8)) == "f96b697d7cb7938d525a2f31aaf161d0")
  }

  @Test func aFileHasTheDigestOfItsBytes() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "md5-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    let bytes = [UInt8](repeating: 3, count: 3 << 20)
    try Data(bytes).write(to: url)
    #expect(try MD5.digest(ofFileAt: url) == MD5.digest(of: bytes))
    #expect(throws: (any Error).self) { try MD5.digest(ofFileAt: url.appending(path: "missing")) }
  }
}
