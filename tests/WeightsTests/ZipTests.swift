import CZlib
import Foundation
import Testing
import Utils

@testable import Weights

/// Archives made byte by byte, each with one thing that is not as it should be.
@Suite("ZIP archives")
struct ZipTests {
  /// An archive of one entry for each of `files`.
  struct Maker {
    struct File {
      var name = "folder/file"
      var localName: String?
      var content: [UInt8] = Array("hello".utf8)
      var method: UInt16 = 0
      var flags: UInt16 = 0x0808
      var checksum: UInt32?
      var size: UInt32?
      var start: UInt32?
    }

    var files: [File]
    var comment: [UInt8] = []
    var count: UInt16?
    var disk: UInt16 = 0

    var data: Data {
      var bytes: [UInt8] = []
      var list: [UInt8] = []
      for file in files {
        let start = UInt32(bytes.count)
        let packed = file.method == 8 ? deflated(file.content) : file.content
        var sum = Checksum()
        file.content.withUnsafeBytes { sum.update($0) }
        let local = Array((file.localName ?? file.name).utf8)
        bytes += little(0x0403_4B50 as UInt32) + [20, 0] + little(file.flags) + little(file.method)
        bytes += [UInt8](repeating: 0, count: 16) + little(UInt16(local.count)) + [0, 0] + local + packed
        let name = Array(file.name.utf8)
        list += little(0x0201_4B50 as UInt32) + [20, 0, 20, 0] + little(file.flags) + little(file.method)
        list += [0, 0, 0, 0] + little(file.checksum ?? sum.value) + little(UInt32(packed.count))
        list += little(file.size ?? UInt32(file.content.count)) + little(UInt16(name.count))
        list += [UInt8](repeating: 0, count: 12) + little(file.start ?? start) + name
      }
      let start = bytes.count
      bytes += list + little(0x0605_4B50 as UInt32) + little(disk) + little(disk)
      bytes += little(count ?? UInt16(files.count)) + little(count ?? UInt16(files.count))
      bytes += little(UInt32(list.count)) + little(UInt32(start)) + little(UInt16(comment.count)) + comment
      return Data(bytes)
    }
  }

  typealias File = Maker.File

  private func contents(_ files: File...) throws -> [UInt8] {
    let archive = try ZipArchive(Maker(files: files).data)
    return Array(try archive.contents(of: #require(archive.entries.first)))
  }

  @Test func storedAndDeflated() throws {
    #expect(try contents(File()) == Array("hello".utf8))
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 100) }
    #expect(try contents(File(content: content, method: 8)) == content)
    #expect(try contents(File(content: [], method: 8)) == [])
    #expect(try contents(File(content: [])) == [])
    var maker = Maker(files: [File(name: "folder/", content: []), File()])
    maker.comment = Array("PK\u{5}\u{6} is no end".utf8)
    #expect(try ZipArchive(maker.data).entries.map(\.name) == ["folder/file"])
  }

  @Test(arguments: [
    "../file", "folder/../../file", "/etc/passwd", "..", "C:file", "folder\\file", "a\0b", "",
  ])
  func pathsThatLeaveTheFolder(name: String) throws {
    try expectDefect(mentioning: "leave its folder") { try ZipArchive(Maker(files: [File(name: name)]).data) }
  }

  @Test func oneThingWrong() throws {
    try expectDefect(mentioning: "encrypted") { try contents(File(flags: 1)) }
    try expectDefect(mentioning: "method 14") { try contents(File(method: 14)) }
    try expectDefect(mentioning: "wrong checksum") { try contents(File(checksum: 1)) }
    try expectDefect(mentioning: "wrong checksum") { try contents(File(method: 8, checksum: 1)) }
    try expectDefect(mentioning: "sizes that cannot be") { try contents(File(size: 6)) }
    try expectDefect(mentioning: "does not unpack into its 6") { try contents(File(method: 8, size: 6)) }
    try expectDefect(mentioning: "does not unpack into its 4") { try contents(File(method: 8, size: 4)) }
    try expectDefect(mentioning: "two names") { try contents(File(localName: "folder/other")) }
    try expectDefect(mentioning: "not there") { try contents(File(start: 5)) }
    try expectDefect(mentioning: "not there") { try contents(File(start: .max - 1)) }
    try expectDefect(mentioning: "twice") { try contents(File(), File()) }
    try expectDefect(mentioning: "overlap") {
      // two entries of the list, one file behind them
      let inner = Maker(files: [File(name: "a", content: Array("longer".utf8))]).data
      return try contents(
        File(name: "b", content: Array(inner)), File(name: "a", content: Array("longer".utf8), start: 31))
    }
    var maker = Maker(files: [File()])
    maker.count = 2
    try expectDefect(mentioning: "claims 2 entries in 57 bytes") { try ZipArchive(maker.data) }
    maker.count = 60_000
    try expectDefect(mentioning: "lies outside it") { try ZipArchive(maker.data) }
    maker.count = nil
    maker.disk = 1
    try expectDefect(mentioning: "several parts") { try ZipArchive(maker.data) }
    try expectDefect(mentioning: "no list of files") { try ZipArchive(Data([0x50, 0x4B, 3, 4])) }
  }

  /// 270 kB that promise 260 MiB, and more claimed than deflate can pack.
  @Test func bombs() throws {
    var random = RandomStream(seed: 1)
    let noise = (0..<270_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    try expectDefect(mentioning: "would unfold into more than 256 MiB") {
      try contents(File(content: noise, method: 8, size: 260 << 20))
    }
    try expectDefect(mentioning: "sizes that cannot be") { try contents(File(method: 8, size: 100_000)) }
  }

  @Test func whatWeWrite() throws {
    var bytes: [UInt8] = []
    var writer = ZipWriter { bytes += $0 }
    try writer.add("one", [1, 2]) { body in try [UInt8]([3, 4, 5]).withUnsafeBytes(body) }
    try writer.add("folder/two", []) { _ in }
    try writer.finish()
    let archive = try ZipArchive(Data(bytes))
    #expect(archive.entries.map(\.name) == ["one", "folder/two"])
    #expect(try archive.entries.map { Array(try archive.contents(of: $0)) } == [[1, 2, 3, 4, 5], []])
  }
}

/// `bytes` packed by deflate, without a header.
private func deflated(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  let capacity = output.count
  input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      deflate(&stream, Z_FINISH)
    }
  }
  return Array(output.prefix(capacity - Int(stream.avail_out)))
}
