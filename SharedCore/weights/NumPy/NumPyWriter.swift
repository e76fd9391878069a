import Engine
import Foundation
import Utils

/// Writes arrays as NumPy does: a .npy file, or a .npz archive that `numpy.load` opens.
enum NumPyWriter {
  /// The header of an array, version 1.0: padded so that the elements begin on a multiple of 64.
  static func header(descr: String, shape: [Int]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let used = NumPyHeader.magic.count + 4 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - used % 64) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return NumPyHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + text.utf8
  }

  /// Writes `tensors` to the archive at `url`, BF16 as 32-bit floats because NumPy has no such type.
  ///
  /// Dates are left at 1980, so that equal arrays make equal files. Throws for types that NumPy does not have, and for
  /// more than 4 GiB, which this plain form cannot hold.
  static func write(_ tensors: [WeightsTensor], to url: URL) throws {
    let total = try tensors.reduce(0) {
      $0 + $1.byteCount * ($1.dtype == .bf16 ? 2 : 1) + (try header($1)).count + 200
    }
    guard total < UInt32.max, tensors.count < UInt16.max else {
      throw LabError(
        .checkpoint, "\(url.relativePath) would have more than 4 GiB or 65,534 arrays",
        remedy: "write safetensors instead")
    }
    try AtomicFile.write(to: url) { output in
      var archive = ZipWriter { try output.append($0) }
      for tensor in tensors {
        try archive.add("\(tensor.name).npy", try header(tensor)) { try hand(tensor, to: $0) }
      }
      try archive.finish()
    }
  }

  /// Writes the one array of `tensor` to `url`.
  static func write(_ tensor: WeightsTensor, to url: URL) throws {
    let header = try header(tensor)
    try AtomicFile.write(to: url) { output in
      try header.withUnsafeBytes { try output.append($0) }
      try hand(tensor) { try output.append($0) }
    }
  }

  private static func header(_ tensor: WeightsTensor) throws -> [UInt8] {
    guard let descr = NumPyType.descr(tensor.dtype == .bf16 ? .f32 : tensor.dtype) else {
      throw LabError(
        .checkpoint, "tensor \(tensor.name.quoted) holds \(tensor.dtype.rawValue), which NumPy does not have",
        remedy: "write safetensors instead")
    }
    return header(descr: descr, shape: tensor.shape)
  }

  /// Hands `body` the elements as they are written.
  private static func hand(_ tensor: WeightsTensor, to body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if tensor.dtype == .bf16 {
      try tensor.floats().withUnsafeBytes(body)
    } else {
      try tensor.withBytes(body)
    }
  }
}
