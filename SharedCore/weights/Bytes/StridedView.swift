import Engine
import Foundation

/// A tensor in memory that may be transposed, sliced or repeated: element (i0, i1, ...) lies at
/// offset + i0 stride0 + i1 stride1 + ..., counted in elements.
struct StridedView: Sendable {
  private let storage: Data
  private let elementSize: Int
  /// The bytes that are turned around together when the file is big-endian; 1 when nothing is.
  private let swapSize: Int
  private let offset: Int
  private let shape: [Int]
  private let strides: [Int]
  private let byteCount: Int

  /// The most dimensions that PyTorch and NumPy know.
  static let mostDimensions = 64

  /// Checks that every element lies inside `storage`; throws a `WeightsDefect` about `name` otherwise.
  init(
    _ name: String, storage: Data, dtype: SafetensorsDType, offset: Int, shape: [Int], strides: [Int],
    isBigEndian: Bool
  ) throws {
    func defect(_ what: String) -> WeightsDefect {
      WeightsDefect("has a damaged tensor \(name.quoted): \(what)")
    }
    guard dtype.bits >= 8 else { throw defect("elements of \(dtype.bits) bits have no addresses") }
    guard shape.count == strides.count, shape.count <= Self.mostDimensions else {
      throw defect("it has \(shape.count) sizes and \(strides.count) strides")
    }
    guard shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }), offset >= 0 else {
      throw defect("its sizes \(shape), strides \(strides) or offset \(offset) are negative")
    }
    guard let byteCount = dtype.byteCount(shape: shape) else {
      throw defect("its shape \(shape) is too large")
    }
    elementSize = dtype.bits / 8
    let count = storage.count / elementSize
    if !shape.contains(0) {
      var last = offset
      for (size, stride) in zip(shape, strides) {
        let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
        let (sum, overflows) = last.addingReportingOverflow(reach)
        guard !overflow, !overflows else { throw defect("its strides \(strides) are too large") }
        last = sum
      }
      guard last < count else {
        throw defect("it reaches to element \(last) of a storage of \(count)")
      }
    }
    swapSize = isBigEndian ? (dtype == .c64 ? 4 : elementSize) : 1
    (self.storage, self.offset, self.shape, self.strides) = (storage, offset, shape, strides)
    self.byteCount = byteCount
  }

  /// Strides of a row-major tensor of `shape`, or, last index slowest, of a column-major one.
  static func strides(of shape: [Int], columnMajor: Bool = false) -> [Int] {
    var strides = [Int](repeating: 0, count: shape.count)
    var stride = 1
    for axis in columnMajor ? Array(shape.indices) : shape.indices.reversed() {
      strides[axis] = stride
      stride = stride.multipliedReportingOverflow(by: max(shape[axis], 1)).partialValue
    }
    return strides
  }

  /// Calls `body` with the elements, row-major and little-endian; they are copied only where they are not stored so.
  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try storage.withUnsafeBytes { storage in
      guard byteCount > 0 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
      if isRowMajor && swapSize == 1 {
        let start = offset * elementSize
        return try body(UnsafeRawBufferPointer(rebasing: storage[start..<start + byteCount]))
      }
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 8)
      defer { copy.deallocate() }
      switch elementSize {
      case 1: gather(UInt8.self, from: storage, into: copy)
      case 2: gather(UInt16.self, from: storage, into: copy)
      case 4: gather(UInt32.self, from: storage, into: copy)
      default: gather(UInt64.self, from: storage, into: copy)
      }
      turnAround(copy)
      try body(UnsafeRawBufferPointer(copy))
    }
  }

  private var isRowMajor: Bool {
    zip(zip(shape, strides), Self.strides(of: shape)).allSatisfy { $0.0 <= 1 || $0.1 == $1 }
  }

  /// Copies element by element, the last index fastest.
  private func gather<Element: BitwiseCopyable>(
    _ type: Element.Type, from storage: UnsafeRawBufferPointer, into copy: UnsafeMutableRawBufferPointer
  ) {
    let (length, step) = (shape.last ?? 1, strides.last ?? 1)
    let rows = byteCount / elementSize / length
    var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
    var start = offset
    for row in 0..<rows {
      for i in 0..<length {
        let element = storage.loadUnaligned(fromByteOffset: (start + i * step) * elementSize, as: type)
        copy.storeBytes(of: element, toByteOffset: (row * length + i) * elementSize, as: type)
      }
      for axis in index.indices.reversed() {
        index[axis] += 1
        start += strides[axis]
        if index[axis] < shape[axis] { break }
        start -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }

  private func turnAround(_ bytes: UnsafeMutableRawBufferPointer) {
    guard swapSize > 1 else { return }
    for start in stride(from: 0, to: bytes.count, by: swapSize) {
      for (front, back) in zip(start..<start + swapSize / 2, (start..<start + swapSize).reversed()) {
        bytes.swapAt(front, back)
      }
    }
  }
}
