import Utils

/// Cuts a window of the image's own size at random from the image with a border of zeros: the usual recipe for CIFAR.
///
/// He et al. 2015, "Deep Residual Learning", §4.2: 4 pixels of padding on each side, and a random 32 x 32 crop. The same
/// as a shift by up to `padding` pixels, and computed so, without the border ever being made.
public struct RandomCrop: Augmentation {
  /// The width of the border on each side, in pixels.
  public let padding: Int

  /// A crop from an image with `padding` pixels of zeros on each side, at least 0.
  public init(padding: Int) {
    require(padding >= 0, "a border cannot be \(padding) pixels wide")
    self.padding = padding
  }

  /// Kind and parameters.
  public var json: JSONValue { ["kind": "random_crop", "padding": .integer(Int64(padding))] }

  /// Changes one image [C, H, W] in place.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    // padding 4: the corner of the window is one of 9 x 9
    let down = padding - random.index(below: 2 * padding + 1)
    let right = padding - random.index(below: 2 * padding + 1)
    translate(&image, size: size, down: down, right: right)
  }
}

/// Moves the image by a random number of whole pixels up or down, and left or right; what comes in is 0.
public struct RandomShift: Augmentation {
  /// How far at the most, in pixels.
  public let pixels: Int

  /// A shift by up to `pixels`, at least 0.
  public init(pixels: Int) {
    require(pixels >= 0, "an image cannot be moved by up to \(pixels) pixels")
    self.pixels = pixels
  }

  /// Kind and parameters.
  public var json: JSONValue { ["kind": "random_shift", "pixels": .integer(Int64(pixels))] }

  /// Changes one image [C, H, W] in place.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    let down = random.index(below: 2 * pixels + 1) - pixels
    let right = random.index(below: 2 * pixels + 1) - pixels
    translate(&image, size: size, down: down, right: right)
  }
}

/// Moves every channel by whole pixels in place: y[row][column] = x[row - down][column - right], and 0 outside.
func translate<Number: BitwiseCopyable & ExpressibleByIntegerLiteral>(
  _ image: inout MutableSpan<Number>, size: ImageSize, down: Int, right: Int
) {
  if down == 0 && right == 0 { return }
  let (height, width) = (size.height, size.width)
  let kept = max(width - abs(right), 0)
  require(image.count == size.channels * size.area, "\(image.count) numbers are no image of \(size)")
  image.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    for channel in 0..<size.channels {
      let plane = base + channel * size.area
      for step in 0..<height {
        // From the far side, so that no row is overwritten before it is read.
        let row = down > 0 ? height - 1 - step : step
        let target = plane + row * width
        guard kept > 0, 0..<height ~= row - down else {
          target.update(repeating: 0, count: width)
          continue
        }
        let source = plane + (row - down) * width
        (target + max(right, 0)).update(from: source + max(-right, 0), count: kept)
        (right > 0 ? target : target + kept).update(repeating: 0, count: width - kept)
      }
    }
  }
}
