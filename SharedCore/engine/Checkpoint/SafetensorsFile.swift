import Foundation
import Utils

/// A checkpoint in the safetensors format (Hugging Face, 2022), opened for reading.
///
/// The file is mapped, not read: only tensors that are asked for cost time and memory. The writers of this
/// format replace files by renaming, so that an open one does not change; whoever shortens one in place stops
/// its readers. Errors are `LabError(.checkpoint)`, one sentence that names the file.
public struct SafetensorsFile: Sendable {
  /// The tensors, sorted by the UTF-8 bytes of their names.
  public let entries: [SafetensorsEntry]
  /// The free text that travels with the tensors; PyTorch's readers want `format` to be `pt`.
  public let metadata: [String: String]

  private let path: String
  private let data: Data
  private let indices: [String: Int]

  /// Opens the file at `url` and checks all of its header; throws when it is missing, unreadable or breaks
  /// any rule.
  public init(contentsOf url: URL) throws {
    let path = url.relativePath
    try self.init(Self.map(url, path), path: path)
  }

  /// The file whose bytes are `data`; errors call it `path`.
  init(_ data: Data, path: String) throws {
    do {
      let header = try data.withUnsafeBytes { try SafetensorsHeader(of: $0) }
      entries = header.entries
      metadata = header.metadata
    } catch let defect as SafetensorsHeader.Defect {
      throw Self.error(defect, path, data)
    }
    self.path = path
    self.data = data
    indices = Dictionary(uniqueKeysWithValues: zip(entries.map(\.name), entries.indices))
  }

  /// What is wrong with the bytes: a file of PyTorch may still be of use, and a page came from a wrong address.
  private static func error(_ defect: SafetensorsHeader.Defect, _ path: String, _ data: Data) -> LabError {
    let isPickle = data.first == 0x80 && (2...5).contains(data.dropFirst().first ?? 0)
    if isPickle || data.starts(with: Data("PK\u{3}\u{4}".utf8)) {
      return LabError(
        .checkpoint,
        "\(path) is no checkpoint of ours but a \(isPickle ? "pickle" : "ZIP archive"), as PyTorch and NumPy write",
        remedy:
          "begin with its weights by --pretrained, or make safetensors of it: lab convert IN OUT.safetensors")
    }
    if data.prefix(100).first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "<") {
      return LabError(
        .checkpoint, "\(path) is a page of HTML or XML",
        remedy: "check where it came from: its address may be another")
    }
    return LabError(
      .checkpoint, "\(path) \(defect.description)",
      remedy: "copy or download the file again, or use another checkpoint")
  }

  private static func map(_ url: URL, _ path: String) throws -> Data {
    let type = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)[.type]
    guard let type = type as? FileAttributeType else {
      throw LabError(.checkpoint, "\(path) does not exist", remedy: "check the path or train a model first")
    }
    guard type == .typeRegular else {
      throw LabError(.checkpoint, "\(path) is not a file", remedy: "name a .safetensors file")
    }
    do {
      return try Data(contentsOf: url, options: .alwaysMapped)
    } catch {
      throw LabError(.checkpoint, "\(path) cannot be read", remedy: "check that you may read it")
    }
  }

  /// The entry called `name`, or nil when there is none.
  public subscript(name: String) -> SafetensorsEntry? { indices[name].map { entries[$0] } }

  /// Calls `body` with the bytes of the tensor called `name`, which are not copied and need not be aligned.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let range = try entry(name).byteRange
    return try data.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// The elements of the tensor called `name`, an F32, F16, BF16 or F64, as Float; F64 is rounded to nearest.
  public func floats(_ name: String) throws -> [Float] {
    switch try entry(name).dtype {
    case .f32: try elements(name) { (value: Float) in value }
    case .f16: try elements(name) { (value: Float16) in Float(value) }
    case .bf16: try elements(name) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .f64: try elements(name) { (value: Double) in Float(value) }
    case let dtype: throw wrongType(name, dtype, "floating-point numbers (F32, F16, BF16 or F64)")
    }
  }

  /// The elements of the tensor called `name`, of any integer type but U64, or BOOL as 0 and 1.
  public func int64s(_ name: String) throws -> [Int64] {
    switch try entry(name).dtype {
    case .i64: try elements(name) { (value: Int64) in value }
    case .i32: try elements(name) { (value: Int32) in Int64(value) }
    case .i16: try elements(name) { (value: Int16) in Int64(value) }
    case .i8: try elements(name) { (value: Int8) in Int64(value) }
    case .u32: try elements(name) { (value: UInt32) in Int64(value) }
    case .u16: try elements(name) { (value: UInt16) in Int64(value) }
    case .u8: try elements(name) { (value: UInt8) in Int64(value) }
    case .bool: try elements(name) { (value: UInt8) in value == 0 ? 0 : 1 }
    case let dtype: throw wrongType(name, dtype, "integers that fit 64 bits with a sign")
    }
  }

  /// The elements of a tensor, each loaded as the type that the file stores and then converted.
  private func elements<Stored: BitwiseCopyable, Value>(
    _ name: String, _ convert: (Stored) -> Value
  ) throws -> [Value] {
    try withBytes(of: name) { bytes in
      let stride = MemoryLayout<Stored>.size
      let count = bytes.count / stride
      return [Value](unsafeUninitializedCapacity: count) { values, initialized in
        for index in 0..<count {
          let stored = bytes.loadUnaligned(fromByteOffset: index * stride, as: Stored.self)
          values.initializeElement(at: index, to: convert(stored))
        }
        initialized = count
      }
    }
  }

  private func entry(_ name: String) throws -> SafetensorsEntry {
    if let entry = self[name] { return entry }
    let nearest = nearestName(to: name, in: entries.map(\.name)).map { "; the nearest is \($0.quoted)" } ?? ""
    throw LabError(
      .checkpoint, "\(path) has no tensor \(name.quoted)\(nearest)",
      remedy: "use a checkpoint of this network")
  }

  private func wrongType(_ name: String, _ dtype: SafetensorsDType, _ wanted: String) -> LabError {
    LabError(
      .checkpoint, "\(path) holds tensor \(name.quoted) as \(dtype.rawValue), not as \(wanted)",
      remedy: "convert it or use a checkpoint of this network")
  }
}
