import Testing
import Utils

/// The expected bytes are those of the encoding's own guide, or were written by Google's Python package.
@Suite struct ProtobufMessageTests {
  private func bytes(_ build: (inout ProtobufMessage) -> Void) -> [UInt8] { ProtobufMessage(build).bytes }

  @Test func integersAreVarints() {
    #expect(bytes { $0.add(1, 150) } == [0x08, 0x96, 0x01])
    #expect(bytes { $0.add(1, 0) } == [0x08, 0x00])
    #expect(bytes { $0.add(16, true) } == [0x80, 0x01, 0x01])
    #expect(bytes { $0.add(1, -1) } == [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    #expect(bytes { $0.add(1, Int.max) } == [0x08] + [UInt8](repeating: 0xFF, count: 8) + [0x7F])
  }

  @Test func numbersAreLittleEndian() {
    #expect(bytes { $0.add(2, 1.0) } == [0x11, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(bytes { $0.add(2, Float(-2)) } == [0x15, 0, 0, 0, 0xC0])
    #expect(
      bytes { $0.add(6, packed: [1, 0]) } == [0x32, 16, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
        + [UInt8](repeating: 0, count: 8))
    #expect(bytes { $0.add(6, packed: []) } == [0x32, 0])
  }

  @Test func textsBytesAndMessagesHaveTheirLengthBeforeThem() {
    #expect(bytes { $0.add(2, "testing") } == [0x12, 7] + Array("testing".utf8))
    #expect(bytes { $0.add(2, "ä") } == [0x12, 2, 0xC3, 0xA4])
    #expect(bytes { $0.add(3) { $0.add(1, 150) } } == [0x1A, 3, 0x08, 0x96, 0x01])
    #expect(bytes { $0.add(3, ProtobufMessage()) } == [0x1A, 0])
    let long = [UInt8](repeating: 7, count: 300)
    #expect(bytes { $0.add(1, bytes: long) } == [0x0A, 0xAC, 0x02] + long)
  }
}
