import Utils

/// The framing of a W&B transaction log, `run-<id>.wandb`: that of a LevelDB log, with another check.
///
/// Blocks of 32 KiB are counted from the file's start. A record becomes one or more chunks, none of which crosses a block:
/// `u32 check | u16 length | u8 type | bytes`, little-endian, the check being plain CRC-32 of type and bytes.
struct WandBLog {
  private static let block = 32768
  private static let head = 7
  private var position = 0

  /// What a file begins with: ":W&B", the magic 0xBEE1, version 0.
  mutating func header() -> [UInt8] {
    let bytes = Array(":W&B".utf8) + [0xE1, 0xBE, 0]
    position += bytes.count
    return bytes
  }

  /// `record` as it stands in the file after all before it.
  mutating func frame(_ record: [UInt8]) -> [UInt8] {
    var framed: [UInt8] = []
    var rest = record[...]
    var isFirst = true
    repeat {
      var room = Self.block - position % Self.block
      if room < Self.head {
        framed += repeatElement(0, count: room)
        position += room
        room = Self.block
      }
      let part = rest.prefix(room - Self.head)
      rest = rest.dropFirst(part.count)
      framed += chunk(part, ChunkType(isFirst: isFirst, isLast: rest.isEmpty))
      position += Self.head + part.count
      isFirst = false
    } while !rest.isEmpty
    return framed
  }

  /// The records of a whole log; nil for a file that is none, or that ends inside a record.
  static func records(in file: [UInt8]) -> [[UInt8]]? {
    var log = WandBLog()
    guard file.starts(with: log.header()) else { return nil }
    var (records, record): ([[UInt8]], [UInt8]) = ([], [])
    var (place, isOpen) = (log.position, false)
    while place < file.count {
      let room = block - place % block
      guard room >= head else {
        place += room
        continue
      }
      guard place + head <= file.count, let type = ChunkType(rawValue: file[place + 6]) else { return nil }
      let end = place + head + Int(file[place + 4]) + Int(file[place + 5]) << 8
      guard end <= file.count, isOpen == (type == .middle || type == .last) else { return nil }
      record += file[place + head..<end]
      isOpen = type == .first || type == .middle
      if !isOpen {
        records.append(record)
        record = []
      }
      place = end
    }
    return isOpen ? nil : records
  }

  private enum ChunkType: UInt8 {
    case full = 1
    case first, middle, last

    init(isFirst: Bool, isLast: Bool) {
      self = isFirst ? (isLast ? .full : .first) : (isLast ? .last : .middle)
    }
  }

  private func chunk(_ bytes: ArraySlice<UInt8>, _ type: ChunkType) -> [UInt8] {
    let check = CRC32.ieee.check(bytes, after: CRC32.ieee.check([type.rawValue]))
    let head =
      withUnsafeBytes(of: check.littleEndian) { Array($0) }
      + withUnsafeBytes(of: UInt16(bytes.count).littleEndian) { Array($0) }
    return head + [type.rawValue] + bytes
  }
}
