import Utils

/// Turns the image round, left for right, with some probability; not for digits or letters.
public struct HorizontalFlip: Augmentation {
  /// How probable a flip is, from 0 to 1.
  public let probability: Double

  /// A flip of every second image, or as `probability` says.
  public init(probability: Double = 0.5) {
    require(0...1 ~= probability, "a probability lies between 0 and 1, not at \(probability)")
    self.probability = probability
  }

  /// Kind and parameters.
  public var json: JSONValue { ["kind": "horizontal_flip", "probability": .number(probability)] }

  /// Changes one image [C, H, W] in place.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    guard random.uniform() < probability else { return }
    let width = size.width
    image.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<size.channels * size.height {
        let pixels = base + row * width
        for left in 0..<width / 2 {
          let pixel = pixels[left]
          pixels[left] = pixels[width - 1 - left]
          pixels[width - 1 - left] = pixel
        }
      }
    }
  }
}
