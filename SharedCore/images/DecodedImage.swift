import Utils

/// A picture as bytes: what a decoder gives and an encoder takes.
public struct DecodedImage: Equatable, Sendable {
  /// What the bytes of a pixel shall mean.
  public enum Form: String, Sendable {
    /// One byte: the luma 0.299 R + 0.587 G + 0.114 B of a coloured picture; transparency is left out.
    case grey
    /// Red, green, blue; grey three times; transparency is left out.
    case rgb
    /// One byte for grey, three for colours, four where there is transparency too.
    case asStored
  }

  /// Columns and rows, each at least 1.
  public let width, height: Int
  /// Bytes a pixel: 1 for grey, 3 for red, green, blue, 4 with opacity behind them (255 is opaque).
  public let channels: Int
  /// [H, W, C], row by row from the top, the bytes of a pixel side by side.
  public let pixels: [UInt8]

  /// A picture of these pixels; traps when the sizes do not fit each other.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    require(width > 0 && height > 0, "a picture has pixels, not \(width) x \(height)")
    require([1, 3, 4].contains(channels), "a pixel has 1, 3 or 4 bytes, not \(channels)")
    require(
      pixels.count == width * height * channels,
      "\(pixels.count) bytes are not a picture of \(width) x \(height) x \(channels)")
    (self.width, self.height, self.channels, self.pixels) = (width, height, channels, pixels)
  }

  /// The same bytes channel by channel: [C, H, W].
  public var planes: [UInt8] {
    if channels == 1 { return pixels }
    let area = width * height
    return [UInt8](unsafeUninitializedCapacity: pixels.count) { planes, filled in
      pixels.withUnsafeBufferPointer { pixels in
        for channel in 0..<channels {
          let plane = UnsafeMutableBufferPointer(rebasing: planes[channel * area..<(channel + 1) * area])
          for place in 0..<area { plane[place] = pixels[place * channels + channel] }
        }
      }
      filled = pixels.count
    }
  }

  /// The part of `width` x `height` pixels whose upper left corner is (`x`, `y`); traps when it is not inside.
  public func cropped(x: Int, y: Int, width: Int, height: Int) -> DecodedImage {
    require(
      x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= self.width && y + height <= self.height,
      "\(width) x \(height) at (\(x), \(y)) is not inside \(self.width) x \(self.height)")
    var part: [UInt8] = []
    part.reserveCapacity(width * height * channels)
    for row in y..<y + height {
      let start = (row * self.width + x) * channels
      part += pixels[start..<start + width * channels]
    }
    return DecodedImage(width: width, height: height, channels: channels, pixels: part)
  }
}
