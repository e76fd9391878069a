import Engine
import Foundation
import Utils

/// A file of `torch.save` before PyTorch 1.6: five pickles one after another, then the memory of the tensors.
///
/// The pickles hold a magic number, the version of the form, the machine, the object, and the keys of the storages in the
/// order in which they follow: each a 64-bit count of elements and the elements.
struct TorchLegacyFile {
  let tensors: [WeightsTensor]
  let facts: [String: String]

  /// PyTorch's magic number, in the first pickle of such a file.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  static func isLegacy(_ data: Data) -> Bool {
    data.first == 0x80 && data.prefix(32).firstRange(of: magic) != nil
  }

  /// Reads `data`, the whole file.
  init(_ data: Data) throws {
    var position = 0
    func next() throws -> Unpickler.Content {
      try data.withUnsafeBytes { bytes in
        let (content, count) = try Unpickler.read(
          UnsafeRawBufferPointer(rebasing: bytes[position...].prefix(Unpickler.largest)))
        position += count
        return content
      }
    }
    _ = try next()  // the magic number
    guard try next().root.int == 1001 else { throw WeightsDefect("is of another form than PyTorch's 1001") }
    _ = try Self.machine(next())
    let object = try next()
    let names = try TorchNames(object)
    let list = try next()
    let keys = (list.root.elements ?? []).compactMap(\.text)
    guard keys.count == list.root.elements?.count, Set(keys).count == keys.count else {
      throw WeightsDefect("has no list of its storages")
    }
    try TorchStorages.check(names, fileSize: data.count)
    let ranges = try Self.ranges(of: keys, sizes: Self.elementSizes(names), in: data, from: position)
    var storages = TorchStorages(isBigEndian: false) { key in
      guard let range = ranges[key] else { throw WeightsDefect("lacks the storage \(key.quoted)") }
      return data[range]
    }
    tensors = try names.tensors.map { try storages.tensor($0.name, $0.tensor) }
    facts = names.facts
  }

  private static func machine(_ content: Unpickler.Content) throws {
    guard case .container(let machine) = content.root, machine.kind == .dictionary else {
      throw WeightsDefect("does not say which machine wrote it")
    }
    for index in stride(from: 0, to: machine.elements.count, by: 2)
    where machine.elements[index].text == "little_endian" {
      if case .bool(false) = machine.elements[index + 1] {
        throw WeightsDefect(
          "was written on a big-endian machine", remedy: "save it again with a newer PyTorch")
      }
    }
  }

  private static func elementSizes(_ names: TorchNames) -> [String: Int] {
    Dictionary(names.tensors.map { ($0.tensor.storage.key, $0.tensor.storage.kind.elementSize) }) {
      first, _ in first
    }
  }

  /// Where the storages lie, from `start` on.
  private static func ranges(
    of keys: [String], sizes: [String: Int], in data: Data, from start: Int
  ) throws -> [String: Range<Int>] {
    var ranges: [String: Range<Int>] = [:]
    try data.withUnsafeBytes { bytes in
      var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[start...]), "its storages")
      for key in keys {
        let count = try reader.length()
        guard let size = sizes[key] else {
          throw WeightsDefect("has a storage \(key.quoted) that belongs to no tensor")
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow, bytes <= reader.remaining else { throw WeightsDefect("ends inside its storages") }
        let begin = data.startIndex + start + reader.position
        _ = try reader.take(bytes)
        ranges[key] = begin..<begin + bytes
      }
    }
    return ranges
  }
}
