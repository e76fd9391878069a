import Utils

/// The list of files at the end of a ZIP archive (PKWARE, APPNOTE 6.3.10, §4.3), read and checked.
///
/// Sizes and sums come from this list; local headers may leave them out. Refused are encryption, several disks, methods
/// other than stored and deflate, paths that leave the folder, names that occur twice and entries that overlap.
struct ZipDirectory {
  /// The most files that an archive may hold; their list takes memory.
  private static let mostEntries = 100_000

  private(set) var entries: [ZipEntry] = []
  private let file: UnsafeRawBufferPointer

  init(of file: UnsafeRawBufferPointer) throws {
    self.file = file
    let end = try Self.end(of: file)
    let (start, size, count) = try Self.directory(of: file, end: end)
    guard count <= Self.mostEntries else { throw Self.damaged("holds \(count) files") }
    guard count <= size / 46 else { throw Self.damaged("claims \(count) entries in \(size) bytes") }
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: file[start..<start + size]), "its list of files")
    var names: Set<String> = []
    for _ in 0..<count {
      guard let entry = try next(&reader) else { continue }
      guard names.insert(entry.name).inserted else { throw Self.damaged("holds \(entry.name.quoted) twice") }
      entries.append(entry)
    }
    try checkOverlap()
  }

  /// Where the record of the end lies: the last one whose comment ends with the file.
  private static func end(of file: UnsafeRawBufferPointer) throws -> Int {
    var position = file.count - 22
    while position >= max(0, file.count - 22 - 0xFFFF) {
      if load(file, position, UInt32.self) == 0x0605_4B50,
        Int(load(file, position + 20, UInt16.self)) == file.count - position - 22
      {
        return position
      }
      position -= 1
    }
    throw damaged("has no list of files at its end; it may be cut off")
  }

  /// Where the list lies and how many entries it has, from the record of the end or its 64-bit twin.
  private static func directory(
    of file: UnsafeRawBufferPointer, end: Int
  ) throws -> (start: Int, size: Int, count: Int) {
    var count = UInt64(load(file, end + 10, UInt16.self))
    var size = UInt64(load(file, end + 12, UInt32.self))
    var start = UInt64(load(file, end + 16, UInt32.self))
    var disks = [load(file, end + 4, UInt16.self), load(file, end + 6, UInt16.self)].map { UInt32($0) }
    if end >= 20, load(file, end - 20, UInt32.self) == 0x0706_4B50 {
      let place = load(file, end - 12, UInt64.self)
      guard end >= 76, place <= UInt64(end - 76), load(file, Int(place), UInt32.self) == 0x0606_4B50 else {
        throw damaged("has a 64-bit list of files that is not there")
      }
      disks = [load(file, Int(place) + 16, UInt32.self), load(file, Int(place) + 20, UInt32.self)]
      count = load(file, Int(place) + 32, UInt64.self)
      size = load(file, Int(place) + 40, UInt64.self)
      start = load(file, Int(place) + 48, UInt64.self)
    }
    guard disks.allSatisfy({ $0 == 0 }) else { throw damaged("is one of several parts") }
    guard size <= UInt64(end), start <= UInt64(end) - size, count <= size else {
      throw damaged("has a list of files that lies outside it")
    }
    return (Int(start), Int(size), Int(count))
  }

  /// The next entry of the list; nil for a folder.
  private func next(_ reader: inout ByteReader) throws -> ZipEntry? {
    let head = try reader.take(46)
    guard Self.load(head, 0, UInt32.self) == 0x0201_4B50 else {
      throw Self.damaged("has a damaged list of files")
    }
    let flags = Self.load(head, 8, UInt16.self)
    let method = Self.load(head, 10, UInt16.self)
    var packed = UInt64(Self.load(head, 20, UInt32.self))
    var size = UInt64(Self.load(head, 24, UInt32.self))
    var start = UInt64(Self.load(head, 42, UInt32.self))
    let nameBytes = try reader.take(Int(Self.load(head, 28, UInt16.self)))
    let extra = try reader.take(Int(Self.load(head, 30, UInt16.self)))
    _ = try reader.take(Int(Self.load(head, 32, UInt16.self)))
    try Self.widen(extra, size: &size, packed: &packed, start: &start)

    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      throw Self.damaged("holds a file whose name is not UTF-8")
    }
    guard ZipEntry.isSafe(name) else {
      throw WeightsDefect(
        "holds a file called \(name.quoted), which would leave its folder", remedy: "do not trust it")
    }
    if name.hasSuffix("/") { return nil }
    guard flags & 1 == 0 else { throw Self.damaged("holds \(name.quoted), which is encrypted") }
    guard method == 0 || method == 8 else {
      throw WeightsDefect(
        "holds \(name.quoted) packed by method \(method), and only deflate is read", remedy: "pack it anew")
    }
    let isDeflated = method == 8
    guard packed <= UInt64(file.count), isDeflated || packed == size,
      size <= packed.multipliedReportingOverflow(by: UInt64(ZipEntry.highestRatio)).partialValue
    else {
      throw Self.damaged(
        "holds \(name.quoted) with sizes that cannot be (\(packed) packed, \(size) unpacked)")
    }
    let range = try dataRange(of: name, nameBytes, start: start, count: Int(packed))
    return ZipEntry(
      name: name, isDeflated: isDeflated, checksum: Self.load(head, 16, UInt32.self), size: Int(size),
      headerStart: Int(start), range: range)
  }

  /// Replaces what does not fit 32 bits by the numbers of the ZIP64 extra field, which has only those.
  private static func widen(
    _ extra: UnsafeRawBufferPointer, size: inout UInt64, packed: inout UInt64, start: inout UInt64
  ) throws {
    let full = UInt64(UInt32.max)
    guard size == full || packed == full || start == full else { return }
    var reader = ByteReader(extra, "its list of files")
    while reader.remaining >= 4 {
      let id = try reader.integer(UInt16.self)
      let field = try reader.take(Int(reader.integer(UInt16.self)))
      guard id == 1 else { continue }
      var numbers = ByteReader(field, "its list of files")
      if size == full { size = try numbers.integer(UInt64.self) }
      if packed == full { packed = try numbers.integer(UInt64.self) }
      if start == full { start = try numbers.integer(UInt64.self) }
      return
    }
    throw damaged("holds a large file without its 64-bit sizes")
  }

  /// The packed bytes behind the local header, whose name must be the same.
  private func dataRange(
    of name: String, _ nameBytes: UnsafeRawBufferPointer, start: UInt64, count: Int
  ) throws -> Range<Int> {
    let misplaced = Self.damaged("holds \(name.quoted) at a place that is not there")
    guard start <= UInt64(file.count), file.count - Int(start) >= 30 else { throw misplaced }
    let start = Int(start)
    guard Self.load(file, start, UInt32.self) == 0x0403_4B50 else { throw misplaced }
    let nameEnd = start + 30 + Int(Self.load(file, start + 26, UInt16.self))
    let data = nameEnd + Int(Self.load(file, start + 28, UInt16.self))
    guard data <= file.count, count <= file.count - data else { throw misplaced }
    guard file[start + 30..<nameEnd].elementsEqual(nameBytes) else {
      throw Self.damaged("calls one file by two names, one of them \(name.quoted)")
    }
    return data..<data + count
  }

  /// Entries that share bytes are how a small archive unfolds into a huge one.
  private func checkOverlap() throws {
    var end = 0
    for entry in entries.sorted(by: { $0.headerStart < $1.headerStart }) {
      guard entry.headerStart >= end else { throw Self.damaged("holds files that overlap") }
      end = entry.range.upperBound
    }
  }

  private static func load<Value: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _: Value.Type
  ) -> Value { Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)) }

  private static func damaged(_ what: String) -> WeightsDefect {
    WeightsDefect("is a ZIP archive that \(what)")
  }
}
