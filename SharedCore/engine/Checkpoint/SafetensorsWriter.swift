import Foundation
import Utils

/// A checkpoint in the safetensors format, collected tensor by tensor and then written at once.
///
/// The bytes are those of the reference writer (safetensors 0.8): tensors by falling alignment of their type,
/// then by name; metadata first; the header padded with spaces to a multiple of 8. The same content gives the
/// same file: metadata is sorted, where the reference leaves its order to chance. Empty metadata is left out,
/// because the reference writes a damaged header for it when there are no tensors.
public struct SafetensorsWriter {
  /// Hands the bytes of a tensor, row-major and little-endian, to the closure it is called with, once.
  public typealias Source = ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

  /// The free text that travels with the tensors; PyTorch's readers want `format` to be `pt`.
  public var metadata: [String: String]

  private var tensors: [String: Tensor] = [:]

  private struct Tensor {
    let dtype: SafetensorsDType
    let shape: [Int]
    let byteCount: Int
    let source: Source
  }

  /// A checkpoint without tensors.
  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// Adds a tensor whose bytes `source` hands over when the file is written, so that nothing is copied.
  ///
  /// A name that was added before, `__metadata__`, a negative side, and bytes that do not fit the shape trap.
  public mutating func add(
    _ name: String, dtype: SafetensorsDType, shape: [Int], source: @escaping Source
  ) {
    require(name != "__metadata__", "__metadata__ cannot be the name of a tensor")
    require(tensors[name] == nil, "tensor \(name.quoted) is added twice")
    guard let byteCount = dtype.byteCount(shape: shape) else {
      trap(
        "tensor \(name.quoted) of shape \(shape) and type \(dtype.rawValue) has no size in bytes")
    }
    tensors[name] = Tensor(dtype: dtype, shape: shape, byteCount: byteCount, source: source)
  }

  /// Adds the F32 tensor `floats` of `shape`; the array is shared, not copied.
  public mutating func add(_ name: String, floats: [Float], shape: [Int]) {
    add(name, dtype: .f32, shape: shape) { body in try floats.withUnsafeBytes(body) }
  }

  /// Adds the I64 tensor `int64s` of `shape`; the array is shared, not copied.
  public mutating func add(_ name: String, int64s: [Int64], shape: [Int]) {
    add(name, dtype: .i64, shape: shape) { body in try int64s.withUnsafeBytes(body) }
  }

  /// Adds the tensor whose elements are stored in `bytes`, row-major and little-endian; the array is shared.
  public mutating func add(_ name: String, dtype: SafetensorsDType, shape: [Int], bytes: [UInt8]) {
    add(name, dtype: dtype, shape: shape) { body in try bytes.withUnsafeBytes(body) }
  }

  /// Writes the file at `url` completely or not at all; throws `LabError(.checkpoint)` with cause and remedy.
  public func write(to url: URL) throws {
    try AtomicFile.write(to: url) { output in try emit { try output.append($0) } }
  }

  /// Calls `append` with the pieces of the file, in order.
  func emit(_ append: (UnsafeRawBufferPointer) throws -> Void) throws {
    let inOrder = tensors.sorted {
      ($0.value.dtype.rank, Bytes($0.key)) < ($1.value.dtype.rank, Bytes($1.key))
    }
    try header(inOrder).withUnsafeBytes(append)
    for (name, tensor) in inOrder {
      try tensor.source { bytes in
        require(
          bytes.count == tensor.byteCount,
          "tensor \(name.quoted) of shape \(tensor.shape) has \(bytes.count) bytes, not \(tensor.byteCount)")
        try append(bytes)
      }
    }
  }

  /// The length and the JSON, in the order of keys and without the spaces that the reference writes them.
  private func header(_ inOrder: [(key: String, value: Tensor)]) throws -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      members.append(#""__metadata__":"# + JSONValue.object(metadata.mapValues { .string($0) }).text())
    }
    var begin = 0
    for (name, tensor) in inOrder {
      let end = begin + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        JSONValue.string(name).text()
          + #":{"dtype":"\#(tensor.dtype.rawValue)","shape":[\#(shape)],"data_offsets":[\#(begin),\#(end)]}"#)
      begin = end
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json += repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    guard json.count <= SafetensorsHeader.longest(dataCount: begin) else {
      throw LabError(
        .checkpoint,
        "\(tensors.count) tensors of together \(begin) bytes need a header that would not be read again",
        remedy: "write fewer and larger tensors, and less metadata")
    }
    return withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json
  }
}

/// A text in the order of its UTF-8 bytes; Swift's own order compares canonical forms.
private struct Bytes: Comparable {
  let text: String
  init(_ text: String) { self.text = text }
  static func < (a: Bytes, b: Bytes) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
}
