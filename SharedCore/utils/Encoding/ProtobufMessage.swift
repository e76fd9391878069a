/// A protocol-buffer message in its wire form, field by field (https://protobuf.dev/programming-guides/encoding).
///
/// What is added is written, also where it equals the default: a reader takes it the same, and a member of a one-of has to
/// be there to be chosen.
public struct ProtobufMessage: Equatable, Sendable {
  /// The fields so far.
  public private(set) var bytes: [UInt8] = []

  /// A message of the fields that `build` adds; without it, one that is present and empty.
  public init(_ build: (inout ProtobufMessage) -> Void = { _ in }) { build(&self) }

  /// An integer of any width but `sint`; negative ones take ten bytes.
  public mutating func add(_ field: Int, _ value: Int) {
    tag(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A truth value.
  public mutating func add(_ field: Int, _ value: Bool) { add(field, value ? 1 : 0) }

  /// A double, eight bytes.
  public mutating func add(_ field: Int, _ value: Double) {
    tag(field, .bits64)
    little(value.bitPattern)
  }

  /// A float, four bytes.
  public mutating func add(_ field: Int, _ value: Float) {
    tag(field, .bits32)
    little(value.bitPattern)
  }

  /// A text.
  public mutating func add(_ field: Int, _ value: String) { add(field, bytes: Array(value.utf8)) }

  /// A message within this one.
  public mutating func add(_ field: Int, _ value: ProtobufMessage) { add(field, bytes: value.bytes) }

  /// A message within this one, as `build` fills it.
  public mutating func add(_ field: Int, _ build: (inout ProtobufMessage) -> Void) {
    add(field, ProtobufMessage(build))
  }

  /// Bytes as they are.
  public mutating func add(_ field: Int, bytes value: [UInt8]) {
    tag(field, .lengthDelimited)
    varint(UInt64(value.count))
    bytes += value
  }

  /// The tag of a field with `count` bytes, and that count: what a large field begins with whose bytes are written apart.
  public static func beginning(_ field: Int, byteCount count: Int) -> [UInt8] {
    ProtobufMessage { message in
      message.tag(field, .lengthDelimited)
      message.varint(UInt64(count))
    }.bytes
  }

  /// Doubles as one run.
  public mutating func add(_ field: Int, packed values: [Double]) {
    tag(field, .lengthDelimited)
    varint(UInt64(values.count * 8))
    for value in values { little(value.bitPattern) }
  }

  private enum WireType: UInt64 { case varint = 0, bits64 = 1, lengthDelimited = 2, bits32 = 5 }

  private mutating func tag(_ field: Int, _ type: WireType) { varint(UInt64(field) << 3 | type.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func little(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
