import Utils

/// Turns the image upside down with some probability; not for what has a top and a bottom.
public struct VerticalFlip: Augmentation {
  /// How probable a flip is, from 0 to 1.
  public let probability: Double

  /// A flip of every second image, or as `probability` says.
  public init(probability: Double = 0.5) {
    require(0...1 ~= probability, "a probability lies between 0 and 1, not at \(probability)")
    self.probability = probability
  }

  /// Kind and parameters.
  public var json: JSONValue { ["kind": "vertical_flip", "probability": .number(probability)] }

  /// Changes one image [C, H, W] in place.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    guard random.uniform() < probability else { return }
    let (height, width) = (size.height, size.width)
    image.withUnsafeMutableBufferPointer { pixels in
      for channel in 0..<size.channels {
        for row in 0..<height / 2 {
          let (top, bottom) = (
            channel * size.area + row * width, channel * size.area + (height - 1 - row) * width
          )
          for column in 0..<width { pixels.swapAt(top + column, bottom + column) }
        }
      }
    }
  }
}
