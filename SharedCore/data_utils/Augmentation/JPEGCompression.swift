import Images
import Utils

/// Writes the image as a JPEG file of random quality and reads it again: blocks and rings as another encoder would leave them.
public struct JPEGCompression: Augmentation {
  /// The quality, drawn evenly from `lowest` to `highest`, both from 1, small, to 100, fine.
  public let lowest, highest: Int

  /// Files with a quality in `quality`.
  public init(quality: ClosedRange<Int> = 30...90) {
    require(1 <= quality.lowerBound && quality.upperBound <= 100, "JPEG has no quality \(quality)")
    (lowest, highest) = (quality.lowerBound, quality.upperBound)
  }

  /// Kind and parameters.
  public var json: JSONValue {
    ["kind": "jpeg_compression", "quality": [.integer(Int64(lowest)), .integer(Int64(highest))]]
  }

  /// Three: red, green, blue.
  public var channels: Int? { 3 }

  /// Changes one image [3, H, W] in place, of numbers from 0 to 1; it becomes one of whole 255ths.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    let quality = lowest + random.index(below: highest - lowest + 1)
    let area = size.area
    let bytes = [UInt8](unsafeUninitializedCapacity: 3 * area) { bytes, filled in
      for channel in 0..<3 {
        for place in 0..<area {
          let value = (image[channel * area + place] * 255).rounded()
          bytes[place * 3 + channel] = UInt8(min(max(value, 0), 255))
        }
      }
      filled = 3 * area
    }
    let file = DecodedImage(width: size.width, height: size.height, channels: 3, pixels: bytes).encodedJPEG(
      quality: quality)
    guard let read = try? DecodedImage(decoding: file, as: .rgb, file: "a compressed image") else {
      trap("a JPEG file of \(size) that was just written cannot be read")
    }
    for (place, byte) in read.planes.enumerated() { image[place] = Float(byte) / 255 }
  }
}
