import Engine

/// The element types of NumPy's `descr` that safetensors has too.
enum NumPyType {
  private static let kinds: [(code: String, dtype: SafetensorsDType)] = [
    ("b1", .bool), ("i1", .i8), ("u1", .u8), ("i2", .i16), ("u2", .u16), ("f2", .f16), ("i4", .i32),
    ("u4", .u32), ("f4", .f32), ("i8", .i64), ("u8", .u64), ("f8", .f64), ("c8", .c64),
  ]

  /// The type that `descr` means, such as `<f4`, and whether its bytes are in big-endian order.
  static func parse(_ descr: String) throws -> (dtype: SafetensorsDType, isBigEndian: Bool) {
    let order = descr.first.map { "<>|=".contains($0) ? $0 : "=" } ?? "="
    let code = descr.drop { "<>|=".contains($0) }
    if let kind = kinds.first(where: { $0.code == code }) {
      return (kind.dtype, order == ">" && kind.dtype.bits > 8)
    }
    if code.hasPrefix("O") {
      throw WeightsDefect(
        "holds Python objects, which only running its pickle would make", remedy: "save numbers instead")
    }
    throw WeightsDefect(
      "holds elements of type \(descr.quoted)",
      remedy: "save truth values, integers, floating-point numbers or complex64")
  }

  /// How NumPy writes `dtype`, little-endian; nil for the types that it does not have.
  static func descr(_ dtype: SafetensorsDType) -> String? {
    kinds.first { $0.dtype == dtype }.map { ($0.dtype.bits == 8 ? "|" : "<") + $0.code }
  }
}
