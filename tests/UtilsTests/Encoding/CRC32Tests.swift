import Testing
import Utils

@Suite struct CRC32Tests {
  /// The check values of Ross Williams' catalogue.
  @Test func knownValues() {
    let digits = Array("123456789".utf8)
    #expect(CRC32.ieee.check(digits) == 0xCBF4_3926)
    #expect(CRC32.castagnoli.check(digits) == 0xE306_9283)
    #expect(CRC32.ieee.check([]) == 0)
  }

  @Test func aCheckGoesOn() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
    #expect(
      CRC32.ieee.check(bytes[400...], after: CRC32.ieee.check(bytes[..<400])) == CRC32.ieee.check(bytes))
  }
}
