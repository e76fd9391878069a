import Engine
import Foundation
import Utils

/// The memory of the tensors of a PyTorch file, each piece fetched and checked once.
struct TorchStorages {
  private let isBigEndian: Bool
  private let fetch: (String) throws -> Data
  private var fetched: [String: Data] = [:]

  /// `fetch` gives the bytes of the storage that the file calls by a key.
  init(isBigEndian: Bool, fetch: @escaping (String) throws -> Data) {
    (self.isBigEndian, self.fetch) = (isBigEndian, fetch)
  }

  /// Refuses tensors that together are far larger than the file: repeated elements cost a file nothing.
  static func check(_ names: TorchNames, fileSize: Int) throws {
    try DecodedLimit.check(
      names.tensors.map { name, tensor in
        guard let size = tensor.dtype.byteCount(shape: tensor.shape) else {
          throw WeightsDefect("has a damaged tensor \(name.quoted): its shape \(tensor.shape) is no shape")
        }
        return size
      }, fileSize: fileSize)
  }

  /// The tensor called `name`, every element of which lies in its storage.
  mutating func tensor(_ name: String, _ tensor: TorchTensor) throws -> WeightsTensor {
    let view = try StridedView(
      name, storage: storage(tensor.storage), dtype: tensor.dtype, offset: tensor.offset, shape: tensor.shape,
      strides: tensor.strides, isBigEndian: isBigEndian)
    return WeightsTensor(name, tensor.dtype, tensor.shape) { try view.withBytes($0) }
  }

  private mutating func storage(_ storage: TorchStorage) throws -> Data {
    let data = try fetched[storage.key] ?? fetch(storage.key)
    fetched[storage.key] = data
    let size = storage.kind.elementSize
    let (expected, overflow) = storage.count.multipliedReportingOverflow(by: size)
    guard !overflow, data.count == expected else {
      throw WeightsDefect(
        "holds \(data.count) bytes in the storage \(storage.key.quoted), which should have \(storage.count) elements of \(size)"
      )
    }
    guard let view = storage.view else { return data }
    let start = data.startIndex + view.lowerBound * size
    return data[start..<start + view.count * size]
  }
}
