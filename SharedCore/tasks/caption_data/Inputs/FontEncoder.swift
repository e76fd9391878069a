import Images
import Utils

/// What makes 512 numbers of a picture of a caption, which tell its font.
public protocol FontEncoder: Sendable {
  /// The name and version of the numbers; embeddings of different versions cannot be compared.
  var version: String { get }

  /// 512 finite numbers for the red, green and blue `picture` of a caption.
  func embedding(of picture: DecodedImage) throws -> [Float]
}

/// What all font encoders agree on.
public enum FontEmbedding {
  /// How many numbers an embedding has.
  public static let dimension = 512
  /// The embedding of a video without a frame to take it from.
  public static let none = [Float](repeating: 0, count: dimension)

  /// The embedding as bytes: 32-bit floating point, little-endian.
  static func bytes(_ embedding: [Float]) -> [UInt8] {
    embedding.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
  }

  /// The embedding in `bytes`, or nil where these are not 512 finite numbers.
  static func numbers(_ bytes: [UInt8]) -> [Float]? {
    guard bytes.count == 4 * dimension else { return nil }
    let numbers = (0..<dimension).map { place in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[4 * place + $1]) << (8 * UInt32($1)) })
    }
    return numbers.allSatisfy(\.isFinite) ? numbers : nil
  }
}

/// The frame that a video's font is read from.
enum ReferenceFrame {
  /// The number of the frame, of its boxes, and their mean confidence.
  struct Choice: Equatable {
    let frameIndex, boxCount: Int
    let meanConfidence: Double
  }

  /// Of the frames in `available` with 10 boxes or more and a mean confidence of 0.7 or more: of the five with the most boxes
  /// the surest; of equals the earlier.
  static func choose(_ boxes: [OCRBox], available: Set<Int>) -> Choice? {
    let frames = Dictionary(grouping: boxes.filter { available.contains($0.frameIndex) }, by: \.frameIndex)
    let good = frames.compactMap { index, boxes -> Choice? in
      let mean = boxes.reduce(0) { $0 + $1.confidence } / Double(boxes.count)
      // The mean of equal numbers may be a little below them.
      guard boxes.count >= 10, mean >= 0.7 - 1e-9 else { return nil }
      return Choice(frameIndex: index, boxCount: boxes.count, meanConfidence: mean)
    }
    let most = good.sorted { ($1.boxCount, $0.frameIndex) < ($0.boxCount, $1.frameIndex) }.prefix(5)
    return most.max { ($0.meanConfidence, $1.frameIndex) < ($1.meanConfidence, $0.frameIndex) }
  }
}
