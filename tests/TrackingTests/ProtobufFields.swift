import Testing

/// A protocol-buffer message read back: a reader of the tests' own.
struct ProtobufFields {
  enum Value: Equatable {
    case varint(UInt64)
    case bits64(UInt64)
    case bits32(UInt32)
    case bytes([UInt8])
  }

  private(set) var fields: [(number: Int, value: Value)] = []

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let tag = try Self.varint(&rest)
      let number = Int(tag >> 3)
      switch tag & 7 {
      case 0: fields.append((number, .varint(try Self.varint(&rest))))
      case 1:
        fields.append(
          (number, .bits64(try Self.take(8, &rest).reversed().reduce(0) { $0 << 8 | UInt64($1) })))
      case 5:
        fields.append(
          (number, .bits32(try Self.take(4, &rest).reversed().reduce(0) { $0 << 8 | UInt32($1) })))
      case 2:
        let count = Int(try Self.varint(&rest))
        fields.append((number, .bytes(try Self.take(count, &rest))))
      default: throw Malformed()
      }
    }
  }

  struct Malformed: Error {}

  subscript(number: Int) -> Value? { fields.first { $0.number == number }?.value }

  func int(_ number: Int) -> Int? {
    if case .varint(let value) = self[number] { Int(Int64(bitPattern: value)) } else { nil }
  }
  func double(_ number: Int) -> Double? {
    if case .bits64(let value) = self[number] { Double(bitPattern: value) } else { nil }
  }
  func float(_ number: Int) -> Float? {
    if case .bits32(let value) = self[number] { Float(bitPattern: value) } else { nil }
  }
  func all(_ number: Int) -> [[UInt8]] {
    fields.compactMap { if $0.number == number, case .bytes(let value) = $0.value { value } else { nil } }
  }
  func bytes(_ number: Int) -> [UInt8]? { all(number).first }
  func text(_ number: Int) -> String? { bytes(number).map { String(decoding: $0, as: UTF8.self) } }
  func message(_ number: Int) throws -> ProtobufFields {
    try ProtobufFields(try #require(bytes(number), "field \(number)"))
  }
  func messages(_ number: Int) throws -> [ProtobufFields] { try all(number).map(ProtobufFields.init) }
  func doubles(_ number: Int) -> [Double] {
    let run = bytes(number) ?? []
    return stride(from: 0, to: run.count, by: 8).map { start in
      Double(bitPattern: run[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws -> [UInt8] {
    guard count <= rest.count else { throw Malformed() }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw Malformed() }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw Malformed()
  }
}
