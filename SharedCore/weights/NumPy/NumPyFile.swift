import Engine
import Foundation
import Utils

/// Arrays in NumPy's formats: one in a .npy file, several in a .npz archive of them.
enum NumPyFile {
  static func isArray(_ data: Data) -> Bool { data.starts(with: NumPyHeader.magic) }

  /// The array in `data`, under `name`; what follows its elements is ignored, as NumPy does.
  static func array(_ name: String, in data: Data) throws -> WeightsTensor {
    let header = try NumPyHeader(of: data)
    guard let size = header.dtype.byteCount(shape: header.shape) else {
      throw WeightsDefect("has an array \(name.quoted) of the shape \(header.shape), which is too large")
    }
    guard size <= data.count - header.end else {
      throw WeightsDefect(
        "has an array \(name.quoted) of \(size) bytes and only \(data.count - header.end) of them")
    }
    let start = data.startIndex + header.end
    let view = try StridedView(
      name, storage: data[start..<start + size], dtype: header.dtype, offset: 0, shape: header.shape,
      strides: StridedView.strides(of: header.shape, columnMajor: header.isColumnMajor),
      isBigEndian: header.isBigEndian)
    return WeightsTensor(name, header.dtype, header.shape) { try view.withBytes($0) }
  }

  /// Whether `archive` is one of arrays.
  static func isArchive(_ archive: ZipArchive) -> Bool {
    archive.entries.allSatisfy { $0.name.hasSuffix(".npy") }
  }

  /// The arrays of `archive`, each named as its file without `.npy`.
  static func arrays(in archive: ZipArchive) throws -> [WeightsTensor] {
    try archive.entries.map { entry in
      try array(String(entry.name.dropLast(".npy".count)), in: archive.contents(of: entry))
    }
  }
}
