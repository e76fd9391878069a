import Engine
import Utils

/// One tensor of a file of weights: what it is, and how to get at its elements.
public struct WeightsTensor: Sendable {
  /// The name, as in a PyTorch state dict; nested dictionaries are joined by points.
  public let name: String
  /// The type of the elements.
  public let dtype: SafetensorsDType
  /// The sides, outermost first; `[]` is a scalar, and a side of 0 makes an empty tensor.
  public let shape: [Int]
  private let source: @Sendable ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

  init(
    _ name: String, _ dtype: SafetensorsDType, _ shape: [Int],
    source: @escaping @Sendable ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) {
    (self.name, self.dtype, self.shape, self.source) = (name, dtype, shape, source)
  }

  /// How many elements there are.
  public var count: Int { shape.contains(0) ? 0 : shape.reduce(1, *) }

  /// The size of the elements, in bytes.
  public var byteCount: Int { count * dtype.bits / 8 }

  /// Calls `body` once with the elements, row-major and little-endian, not necessarily aligned.
  public func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws { try source(body) }

  /// The elements as Float: F16 and BF16 exactly, F64 and integers rounded to nearest, truth values as 0 and 1.
  public func floats() throws -> [Float] {
    switch dtype {
    case .f32: try elements { (value: Float) in value }
    case .f16: try elements { (value: Float16) in Float(value) }
    case .bf16: try elements { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .f64: try elements { (value: Double) in Float(value) }
    case .u64: try elements { (value: UInt64) in Float(value) }
    case .i64: try elements { (value: Int64) in Float(value) }
    case .u32: try elements { (value: UInt32) in Float(value) }
    case .i32: try elements { (value: Int32) in Float(value) }
    case .u16: try elements { (value: UInt16) in Float(value) }
    case .i16: try elements { (value: Int16) in Float(value) }
    case .u8: try elements { (value: UInt8) in Float(value) }
    case .i8: try elements { (value: Int8) in Float(value) }
    case .bool: try elements { (value: UInt8) in value == 0 ? 0 : 1 }
    default: throw wrongType("numbers")
    }
  }

  /// The elements as whole numbers, of any integer type but U64, or truth values as 0 and 1.
  public func int64s() throws -> [Int64] {
    switch dtype {
    case .i64: try elements { (value: Int64) in value }
    case .u32: try elements { (value: UInt32) in Int64(value) }
    case .i32: try elements { (value: Int32) in Int64(value) }
    case .u16: try elements { (value: UInt16) in Int64(value) }
    case .i16: try elements { (value: Int16) in Int64(value) }
    case .u8: try elements { (value: UInt8) in Int64(value) }
    case .i8: try elements { (value: Int8) in Int64(value) }
    case .bool: try elements { (value: UInt8) in value == 0 ? 0 : 1 }
    default: throw wrongType("whole numbers")
    }
  }

  /// Whether `floats()` reads the type.
  public var isNumeric: Bool { dtype.bits >= 8 && dtype != .c64 && !dtype.rawValue.hasPrefix("F8") }

  /// Whether `int64s()` reads the type.
  public var isWhole: Bool { isNumeric && ![.f16, .bf16, .f32, .f64, .u64].contains(dtype) }

  private func elements<Stored: BitwiseCopyable, Value>(_ convert: (Stored) -> Value) throws -> [Value] {
    try [Value](unsafeUninitializedCapacity: count) { values, initialized in
      try withBytes { bytes in
        for index in 0..<count {
          let offset = index * MemoryLayout<Stored>.size
          values.initializeElement(
            at: index, to: convert(bytes.loadUnaligned(fromByteOffset: offset, as: Stored.self)))
        }
        initialized = count
      }
    }
  }

  private func wrongType(_ wanted: String) -> LabError {
    LabError(
      .checkpoint, "tensor \(name.quoted) holds \(dtype.rawValue), which are not read as \(wanted)",
      remedy: "convert it where it was made")
  }
}
