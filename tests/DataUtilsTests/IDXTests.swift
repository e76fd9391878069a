import Foundation
import TestSupport
import Testing
import Utils

@testable import DataUtils

@Suite("IDX files")
struct IDXTests {
  private let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3]
  private let data: [UInt8] = Array(1...12)
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ bytes: [UInt8]) throws -> IDXArray {
    try IDXArray(contentsOf: folder.write(bytes, to: "images.idx"))
  }

  @Test func plainAndPacked() throws {
    for bytes in [header + data, gzipped(header + data)] {
      let array = try read(bytes)
      #expect(array.sizes == [2, 2, 3])
      #expect(array.elements == data)
    }
    #expect(try read([0, 0, 8, 1, 0, 0, 0, 0]).elements.isEmpty)
  }

  @Test func cutAtEveryByte() {
    let whole = header + data
    for length in 0..<whole.count {
      expectLabError(mentioning: "images.idx") { _ = try read(Array(whole.prefix(length))) }
      expectLabError(mentioning: "images.idx") { _ = try read(gzipped(Array(whole.prefix(length)))) }
    }
    let packed = gzipped(whole)
    for length in 0..<packed.count {
      expectLabError(mentioning: "images.idx") { _ = try read(Array(packed.prefix(length))) }
    }
  }

  @Test func everyBitFlipOfAPackedFileIsNoticedOrHarmless() {
    // gzip's header holds a time and the like, which do not matter; whatever else changes is caught by the checksum.
    let packed = gzipped(header + data)
    for position in packed.indices {
      for bit in 0..<8 {
        var damaged = packed
        damaged[position] ^= 1 << bit
        if let array = try? IDXArray(damaged, file: "images.idx", remedy: "") {
          #expect(array.elements == data)
        }
      }
    }
  }

  @Test func saysWhatIsWrong() {
    expectLabError(mentioning: "images.idx is empty", "again") { _ = try read([]) }
    expectLabError(mentioning: "not an IDX file") { _ = try read(Array("PNG and more".utf8)) }
    expectLabError(mentioning: "type 13") { _ = try read([0, 0, 13] + header[3...] + data) }
    expectLabError(mentioning: "0 dimensions") { _ = try read([0, 0, 8, 0]) }
    expectLabError(mentioning: "200 dimensions") { _ = try read([0, 0, 8, 200] + data) }
    expectLabError(mentioning: "2 bytes more") { _ = try read(header + data + [1, 2]) }
    expectLabError(mentioning: "more data than its header says") {
      _ = try read(gzipped(header + data + [1]))
    }
    expectLabError(mentioning: "something after its end") { _ = try read(gzipped(header + data) + [7]) }
    expectLabError(mentioning: "does not exist") {
      _ = try IDXArray(contentsOf: folder.url.appending(path: "nothing"))
    }
    expectLabError(mentioning: "is not a file") { _ = try IDXArray(contentsOf: folder.url) }
  }

  @Test func noMemoryForAClaim() {
    let huge: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12)
    expectLabError(mentioning: "too short for the 4294967295 x") { _ = try read(huge + data) }
    expectLabError(mentioning: "too short") { _ = try read(gzipped(huge + data)) }
    let overflowing: [UInt8] = [0, 0, 8, 4] + [UInt8](repeating: 0x7F, count: 16)
    expectLabError(mentioning: "too short") { _ = try read(overflowing) }
  }

  @Test func aBombIsUnpackedNoFurtherThanItsHeaderSays() {
    let bomb = gzipped(header + [UInt8](repeating: 0, count: 50_000_000))
    #expect(bomb.count < 60_000)
    let before = ContinuousClock.now
    expectLabError(mentioning: "more data than its header says") { _ = try read(bomb) }
    #expect(before.duration(to: .now) < .milliseconds(50))
  }
}
