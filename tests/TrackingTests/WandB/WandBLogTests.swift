import Testing
import Utils

@testable import Tracking

/// The records of a W&B log, or nil where a chunk is not as it has to be: a reader of the tests' own.
func wandbRecords(_ bytes: [UInt8]) -> [[UInt8]]? {
  guard bytes.starts(with: Array(":W&B".utf8) + [0xE1, 0xBE, 0]) else { return nil }
  var (records, open): ([[UInt8]], [UInt8]?) = ([], nil)
  var position = 7
  while position < bytes.count {
    let room = 32768 - position % 32768
    if room < 7 {
      guard bytes[position..<position + room].allSatisfy({ $0 == 0 }) else { return nil }
      position += room
      continue
    }
    func number(_ start: Int, _ count: Int) -> Int {
      bytes[position + start..<position + start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let (check, length, type) = (number(0, 4), number(4, 2), bytes[position + 6])
    guard length + 7 <= room, position + 7 + length <= bytes.count else { return nil }
    let body = Array(bytes[position + 7..<position + 7 + length])
    guard check == Int(CRC32.ieee.check([type] + body)), (1...4).contains(type) else { return nil }
    guard (type == 1 || type == 2) == (open == nil) else { return nil }
    open = (open ?? []) + body
    if type == 1 || type == 4 {
      records.append(open!)
      open = nil
    }
    position += 7 + length
  }
  return open == nil ? records : nil
}

@Suite struct WandBLogTests {
  private func bytes(count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }
  }

  /// Blocks are 32,768 bytes, the file's header 7, a chunk's 7: a record of 32,754 fills the first block. One that is 0 to 8
  /// bytes shorter leaves room for no chunk, for an empty one, or for one byte.
  @Test(arguments: (32_745...32_756).map { $0 } + [0, 100_000])
  func recordsComeBackWhereverABlockEnds(count: Int) throws {
    var log = WandBLog()
    let records = [bytes(count: count), bytes(count: 3), bytes(count: 0), bytes(count: 9)]
    var file = log.header()
    for record in records { file += log.frame(record) }
    #expect(try #require(wandbRecords(file)) == records)
    #expect(WandBLog.records(in: file) == records)
  }

  @Test func aLogThatIsCutInsideARecordIsNotRead() {
    var log = WandBLog()
    let file = log.header() + log.frame(bytes(count: 40_000)) + log.frame(bytes(count: 5))
    let whole = [7, file.count - 12, file.count]
    for length in 0...file.count where length < 40 || length > 32_700 {
      #expect(
        (WandBLog.records(in: Array(file.prefix(length))) != nil) == whole.contains(length), "\(length)")
    }
    #expect(WandBLog.records(in: Array("no log at all".utf8)) == nil)
  }

  @Test func aChunkWithExactlySevenBytesLeftIsEmpty() {
    var log = WandBLog()
    var file = log.header()
    file += log.frame(bytes(count: 32_768 - 7 - 7 - 7))
    file += log.frame([1, 2, 3])
    #expect(file.count == 32_768 + 7 + 3)
    #expect(file[(32_768 - 3)..<32_768].elementsEqual([0, 0, 2]), "length 0, the first of two")
  }
}
