import Engine

/// The memory of one or several tensors of a PyTorch file, as its pickle speaks of it.
final class TorchStorage {
  /// What a storage is called and what it holds: `FloatStorage`.
  enum Kind: Equatable {
    case typed(SafetensorsDType)
    /// Bytes; the tensors know what they mean.
    case untyped
    /// `ComplexDoubleStorage`, which nothing here can hold.
    case unreadable

    init?(name: String) {
      switch name {
      case "FloatStorage": self = .typed(.f32)
      case "DoubleStorage": self = .typed(.f64)
      case "HalfStorage": self = .typed(.f16)
      case "BFloat16Storage": self = .typed(.bf16)
      case "LongStorage": self = .typed(.i64)
      case "IntStorage": self = .typed(.i32)
      case "ShortStorage": self = .typed(.i16)
      case "CharStorage": self = .typed(.i8)
      case "ByteStorage": self = .typed(.u8)
      case "BoolStorage": self = .typed(.bool)
      case "ComplexFloatStorage": self = .typed(.c64)
      case "ComplexDoubleStorage": self = .unreadable
      default: return nil
      }
    }

    /// The size of one element, in bytes.
    var elementSize: Int { if case .typed(let dtype) = self { dtype.bits / 8 } else { 1 } }
  }

  let kind: Kind
  /// What the file calls it.
  let key: String
  /// How many elements it has.
  let count: Int
  /// The part of the stored memory that is meant, in elements: files before PyTorch 0.4 share memory so.
  let view: Range<Int>?

  init(_ kind: Kind, key: String, count: Int, view: Range<Int>? = nil) {
    (self.kind, self.key, self.count, self.view) = (kind, key, count, view)
  }
}

/// A tensor of a PyTorch file, as its pickle speaks of it; nothing is checked yet against its storage.
final class TorchTensor {
  let storage: TorchStorage
  let dtype: SafetensorsDType
  let offset: Int
  let shape, strides: [Int]

  init(_ storage: TorchStorage, _ dtype: SafetensorsDType, offset: Int, shape: [Int], strides: [Int]) {
    (self.storage, self.dtype, self.offset, self.shape, self.strides) = (
      storage, dtype, offset, shape, strides
    )
  }
}
