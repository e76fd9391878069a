import Foundation
import Utils

/// Turns the image round its centre by a random angle; each pixel is blended from the four around its origin.
///
/// Bilinear, with zeros outside, as torchvision's `rotate` without a fill: pixel centres lie at whole numbers plus a
/// half, and a positive angle turns anticlockwise.
public struct RandomRotation: Augmentation {
  /// How far to either side at the most, in degrees.
  public let degrees: Double
  /// How probable a rotation is, from 0 to 1.
  public let probability: Double

  /// A rotation by -`degrees` to `degrees`, at least 0, of every image or as `probability` says.
  public init(degrees: Double, probability: Double = 1) {
    require(0...1 ~= probability, "a probability lies between 0 and 1, not at \(probability)")
    require(degrees >= 0 && degrees.isFinite, "an image cannot be turned by up to \(degrees) degrees")
    self.degrees = degrees
    self.probability = probability
  }

  /// Kind and parameters.
  public var json: JSONValue {
    ["kind": "random_rotation", "degrees": .number(degrees), "probability": .number(probability)]
  }

  /// Changes one image [C, H, W] in place.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    guard probability == 1 || random.uniform() < probability else { return }
    rotate(&image, size: size, degrees: random.uniform(in: -degrees..<max(degrees, .leastNormalMagnitude)))
  }
}

/// Turns every channel round the centre in place, anticlockwise.
///
/// The pixel at (x, y) from the centre comes from (x cos a - y sin a, x sin a + y cos a), y pointing down.
func rotate(_ image: inout MutableSpan<Float>, size: ImageSize, degrees: Double) {
  let (height, width, area) = (size.height, size.width, size.area)
  require(image.count == size.channels * area, "\(image.count) numbers are no image of \(size)")
  let angle = degrees * .pi / 180
  let (cosine, sine) = (Float(cos(angle)), Float(sin(angle)))
  let (middleX, middleY) = (Float(width - 1) / 2, Float(height - 1) / 2)
  image.withUnsafeMutableBufferPointer { target in
    withUnsafeTemporaryAllocation(of: Float.self, capacity: target.count) { source in
      _ = source.initialize(fromContentsOf: target)
      for row in 0..<height {
        let y = Float(row) - middleY
        for column in 0..<width {
          let x = Float(column) - middleX
          let sourceX = x * cosine - y * sine + middleX
          let sourceY = x * sine + y * cosine + middleY
          let (left, top) = (Int(sourceX.rounded(.down)), Int(sourceY.rounded(.down)))
          let (dx, dy) = (sourceX - Float(left), sourceY - Float(top))
          let position = row * width + column
          if left >= 0, top >= 0, left + 1 < width, top + 1 < height {
            for channel in 0..<size.channels {
              let corner = channel * area + top * width + left
              let upper = source[corner] * (1 - dx) + source[corner + 1] * dx
              let lower = source[corner + width] * (1 - dx) + source[corner + width + 1] * dx
              target[channel * area + position] = upper * (1 - dy) + lower * dy
            }
          } else {
            for channel in 0..<size.channels {
              func pixel(_ row: Int, _ column: Int) -> Float {
                0..<height ~= row && 0..<width ~= column ? source[channel * area + row * width + column] : 0
              }
              let upper = pixel(top, left) * (1 - dx) + pixel(top, left + 1) * dx
              let lower = pixel(top + 1, left) * (1 - dx) + pixel(top + 1, left + 1) * dx
              target[channel * area + position] = upper * (1 - dy) + lower * dy
            }
          }
        }
      }
    }
  }
}
