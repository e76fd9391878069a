import Utils

/// One tensor of a safetensors file: what it is and where it lies.
public struct SafetensorsEntry: Equatable, Sendable {
  /// The name, as in a PyTorch state dict.
  public let name: String
  /// The type of the elements.
  public let dtype: SafetensorsDType
  /// The sides, outermost first; `[]` is a scalar, and a side of 0 makes an empty tensor.
  public let shape: [Int]
  /// The bytes in the file, row-major and little-endian, not necessarily aligned.
  public let byteRange: Range<Int>

  /// How many elements the tensor has.
  public var count: Int {
    // The sides before a 0 may be of any size: their product need not fit an Int.
    shape.contains(0) ? 0 : shape.reduce(1, *)
  }
}

/// The header of a safetensors file: `u64 N`, N bytes of JSON, then the data to the end of the file.
///
/// Every rule of the format is checked before a byte of data is touched. Stricter than the reference reader
/// in one point: the same name twice is refused, as the text of the format asks.
struct SafetensorsHeader {
  /// The longest JSON that is read, in bytes, as in the reference.
  static let longest = 100_000_000

  /// The longest JSON that is read before `dataCount` bytes of data, in bytes.
  ///
  /// Parsed JSON takes up to 22 times its length in memory; 2 MiB, and a 24th of the data, keep that within 64 MiB beside
  /// the file. A tensor needs about 100 bytes.
  static func longest(dataCount: Int) -> Int { min(longest, 2 << 20 + dataCount / 24) }

  /// The entries, sorted by the UTF-8 bytes of their names.
  private(set) var entries: [SafetensorsEntry] = []
  private(set) var metadata: [String: String] = [:]

  /// What is wrong with a file, in words that follow its name.
  struct Defect: Error {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// Reads and checks the header of `file`, the bytes of a whole file.
  init(of file: UnsafeRawBufferPointer) throws(Defect) {
    guard file.count >= 8 else { throw Defect("is too short for a header (\(file.count) of 8 bytes)") }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= Self.longest else {
      throw Defect("claims a header of \(length) bytes, more than allowed")
    }
    let start = 8 + Int(length)
    guard start <= file.count else {
      throw Defect("ends inside its header (\(file.count) of \(start) bytes)")
    }
    guard length <= Self.longest(dataCount: file.count - start) else {
      throw Defect("has a header of \(length) bytes for \(file.count - start) bytes of data")
    }
    guard case .object(var members) = try Self.json(file[8..<start]) else {
      throw Defect("has a header that is not a JSON object")
    }
    if let metadata = members.removeValue(forKey: "__metadata__") { try readMetadata(metadata) }
    entries.reserveCapacity(members.count)
    for (name, member) in members {
      entries.append(try Self.entry(name, member, dataStart: start, dataCount: file.count - start))
    }
    try checkCoverage(start..<file.count)
    entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func json(_ bytes: Slice<UnsafeRawBufferPointer>) throws(Defect) -> JSONValue {
    do throws(JSONParseError) {
      return try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: bytes))
    } catch {
      throw Defect("has a damaged header: \(error.reason) at byte \(8 + error.offset)")
    }
  }

  private mutating func readMetadata(_ value: JSONValue) throws(Defect) {
    if value == .null { return }
    guard let members = value.object else { throw Defect("has metadata that is not an object") }
    for (key, value) in members {
      guard let text = value.string else { throw Defect("has metadata \(key.quoted) that is not a string") }
      metadata[key] = text
    }
  }

  private static func entry(
    _ name: String, _ value: JSONValue, dataStart: Int, dataCount: Int
  ) throws(Defect) -> SafetensorsEntry {
    func defect(_ what: String) -> Defect { Defect("has a damaged tensor \(name.quoted): \(what)") }
    guard value.object != nil else { throw defect("its description is not an object") }
    guard let typeName = value["dtype"]?.string else { throw defect("its dtype is missing or not a string") }
    guard let dtype = SafetensorsDType(rawValue: typeName) else {
      throw defect("its dtype \(typeName.quoted) is unknown")
    }
    guard let shape = sizes(value["shape"]) else { throw defect("its shape is not a list of sizes") }
    guard let offsets = sizes(value["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
      throw defect("its data_offsets are not a begin and an end")
    }
    guard let size = dtype.byteCount(shape: shape) else {
      throw defect("its shape makes no whole number of bytes that a file could hold")
    }
    guard offsets[1] - offsets[0] == size else {
      throw defect("its shape needs \(size) bytes, but it has \(offsets[1] - offsets[0])")
    }
    guard offsets[1] <= dataCount else {
      throw defect("it ends at byte \(offsets[1]) of the data, of which there are only \(dataCount)")
    }
    return SafetensorsEntry(
      name: name, dtype: dtype, shape: shape,
      byteRange: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  /// A list of whole numbers from 0 on, written without a point; nil when it is anything else.
  private static func sizes(_ value: JSONValue?) -> [Int]? {
    guard let elements = value?.array else { return nil }
    var sizes: [Int] = []
    for element in elements {
      guard case .integer(let size) = element, size >= 0 else { return nil }
      sizes.append(Int(size))
    }
    return sizes
  }

  /// Checks that the tensors cover `data` without hole, overlap or rest.
  private func checkCoverage(_ data: Range<Int>) throws(Defect) {
    let inOrder = entries.sorted {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
    }
    var end = data.lowerBound
    for entry in inOrder {
      guard entry.byteRange.lowerBound == end else {
        let what = entry.byteRange.lowerBound < end ? "overlaps another tensor" : "follows a hole in the data"
        throw Defect("has a damaged tensor \(entry.name.quoted): it \(what)")
      }
      end = entry.byteRange.upperBound
    }
    guard end == data.upperBound else {
      throw Defect("has data after its last tensor (\(data.upperBound - end) bytes)")
    }
  }
}
