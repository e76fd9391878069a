import Foundation
import Utils

/// An array of bytes from a file in MNIST's IDX format, plain or packed by gzip.
///
/// Format (LeCun, Cortes, Burges, "The MNIST database", 1998): two zero bytes, the element type (8 for unsigned bytes,
/// the only one read here), the number of dimensions, each size as a big-endian 32-bit number, then the elements,
/// row-major.
public struct IDXArray: Equatable, Sendable {
  /// Sizes of the dimensions, outermost first.
  public let sizes: [Int]
  /// The elements, row-major.
  public let elements: [UInt8]

  /// Reads the file at `url`.
  ///
  /// Memory is asked for only after the sizes in the header have been held against the length of the file; a packed
  /// file is unpacked exactly as far as its header says. Throws a `LabError` that names the file and `remedy`.
  public init(contentsOf url: URL, remedy: String = "copy or download the file again") throws {
    try self.init(InputFile.read(url, remedy: remedy), file: url.relativePath, remedy: remedy)
  }

  init(_ bytes: [UInt8], file: String, remedy: String) throws {
    let header = HeaderReader(file: file, remedy: remedy)
    guard !bytes.isEmpty else { throw header.error("is empty") }
    if GzipStream.isGzip(bytes) {
      var stream = GzipStream(bytes, file: file, remedy: remedy)
      let rank = try header.rank(stream.read(4))
      sizes = try header.sizes(stream.read(4 * rank))
      let count = try header.elementCount(sizes, limit: bytes.count * GzipStream.highestRatio)
      elements = try stream.read(count)
      try stream.finish()
    } else {
      let rank = try header.rank(Array(bytes.prefix(4)))
      let dataStart = 4 + 4 * rank
      sizes = try header.sizes(Array(bytes.dropFirst(4).prefix(4 * rank)))
      let count = try header.elementCount(sizes, limit: bytes.count - dataStart)
      guard bytes.count == dataStart + count else {
        throw header.error("holds \(bytes.count - dataStart - count) bytes more than its header says")
      }
      elements = Array(bytes[dataStart...])
    }
  }
}

private struct HeaderReader {
  let file: String
  let remedy: String

  func rank(_ magic: [UInt8]) throws -> Int {
    guard magic.count == 4 else { throw error("is cut off inside its header") }
    guard magic[0] == 0, magic[1] == 0 else { throw error("is not an IDX file (it begins with other bytes)") }
    guard magic[2] == 8 else {
      throw error("holds elements of type \(magic[2]), and only unsigned bytes (8) are read")
    }
    let rank = Int(magic[3])
    guard 1...4 ~= rank else { throw error("says that it has \(rank) dimensions, and 1 to 4 are read") }
    return rank
  }

  func sizes(_ bytes: [UInt8]) throws -> [Int] {
    guard bytes.count > 0, bytes.count % 4 == 0 else { throw error("is cut off inside its header") }
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  func elementCount(_ sizes: [Int], limit: Int) throws -> Int {
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw tooMuch(sizes) }
      count = product
    }
    guard count <= limit else { throw tooMuch(sizes) }
    return count
  }

  private func tooMuch(_ sizes: [Int]) -> LabError {
    error("is too short for the \(sizes.map(String.init).joined(separator: " x ")) bytes its header promises")
  }

  func error(_ what: String) -> LabError { LabError(.data, "\(file) \(what)", remedy: remedy) }
}
