import Foundation
import Utils

/// Batches of CIFAR-10 in its published binary form (Krizhevsky 2009).
///
/// A record is 3,073 bytes: the class (0 to 9), then 32 x 32 red, green and blue values, each plane row-major.
public enum CIFAR10 {
  static let pixelCount = 3 * 32 * 32

  /// The names of the classes, in the order of their numbers.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// The images [N, 3, 32, 32] and classes of the file at `url`; throws a `LabError` that names it and `remedy`.
  public static func read(
    _ url: URL, remedy: String = "copy the file again"
  ) throws -> (images: [UInt8], labels: [Int32]) {
    try read(InputFile.read(url, remedy: remedy), file: url.relativePath, remedy: remedy)
  }

  static func read(
    _ bytes: [UInt8], file: String, remedy: String
  ) throws -> (images: [UInt8], labels: [Int32]) {
    let recordSize = 1 + pixelCount
    guard !bytes.isEmpty else { throw LabError(.data, "\(file) is empty", remedy: remedy) }
    guard bytes.count % recordSize == 0 else {
      throw LabError(
        .data, "\(file) has \(bytes.count) bytes, which is no whole number of \(recordSize)-byte records",
        remedy: remedy)
    }
    var labels: [Int32] = []
    var images: [UInt8] = []
    labels.reserveCapacity(bytes.count / recordSize)
    images.reserveCapacity(bytes.count - bytes.count / recordSize)
    for start in stride(from: 0, to: bytes.count, by: recordSize) {
      let label = bytes[start]
      guard label < classNames.count else {
        throw LabError(
          .data, "record \(start / recordSize) of \(file) has class \(label), and there are ten from 0",
          remedy: remedy)
      }
      labels.append(Int32(label))
      images += bytes[start + 1..<start + recordSize]
    }
    return (images, labels)
  }
}
