/// The element types of the safetensors format, from the least aligned to the most, as files lay them out
/// backwards.
public enum SafetensorsDType: String, CaseIterable, Sendable {
  case bool = "BOOL"
  case f4 = "F4"
  case f6e2m3 = "F6_E2M3"
  case f6e3m2 = "F6_E3M2"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case f8e8m0 = "F8_E8M0"
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case c64 = "C64"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"

  /// The size of one element in bits.
  public var bits: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  /// The bytes of a row-major tensor of `shape`; nil when they overflow, are no whole number, or a side is
  /// negative.
  ///
  /// Sides are multiplied from left to right, so that an overflow before a 0 counts, as in the reference.
  public func byteCount(shape: [Int]) -> Int? {
    var size: UInt64 = 1
    for side in shape.map(UInt64.init(exactly:)) + [UInt64(bits)] {
      guard let side else { return nil }
      let (product, overflow) = size.multipliedReportingOverflow(by: side)
      guard !overflow else { return nil }
      size = product
    }
    return size % 8 == 0 ? Int(size / 8) : nil
  }

  /// Where the type stands in a file: the most aligned come first, so that every tensor is aligned without
  /// gaps.
  var rank: Int { Self.ranks[self, default: 0] }

  private static let ranks = Dictionary(uniqueKeysWithValues: zip(allCases.reversed(), 0...))
}
