import Foundation
import Utils

/// Blurs the image by a Gaussian of random width, as torchvision's `GaussianBlur`: along the rows, then along the columns,
/// the borders mirrored without their last pixel.
public struct GaussianBlur: Augmentation {
  /// How many pixels each new one is made from, in a row and in a column; odd.
  public let kernelSize: Int
  /// The standard deviation in pixels, drawn evenly from `lowest` to `highest`; above 0.
  public let lowest, highest: Double

  /// A blur with a standard deviation of `sigma` pixels, over `kernelSize` of them.
  public init(kernelSize: Int = 3, sigma: ClosedRange<Double> = 0.1...2) {
    require(kernelSize > 0 && kernelSize % 2 == 1, "a blur has an odd kernel, not one of \(kernelSize)")
    require(sigma.lowerBound > 0 && sigma.upperBound.isFinite, "a blur of \(sigma) pixels")
    self.kernelSize = kernelSize
    (lowest, highest) = (sigma.lowerBound, sigma.upperBound)
  }

  /// Kind and parameters.
  public var json: JSONValue {
    [
      "kind": "gaussian_blur", "kernel_size": .integer(Int64(kernelSize)),
      "sigma": [.number(lowest), .number(highest)],
    ]
  }

  /// Changes one image [C, H, W] in place; it has more than half a kernel's pixels in each direction, or stays as it is.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    let sigma = lowest + random.uniform() * (highest - lowest)
    guard min(size.height, size.width) > kernelSize / 2 else { return }
    blur(&image, size: size, weights: Self.weights(kernelSize, sigma: sigma))
  }

  /// The Gaussian at whole pixels from the middle, summing to 1.
  static func weights(_ count: Int, sigma: Double) -> [Float] {
    let weights = (0..<count).map { exp(-0.5 * pow(Double($0 - count / 2) / sigma, 2)) }
    let sum = weights.reduce(0, +)
    return weights.map { Float($0 / sum) }
  }
}

/// Convolves rows and then columns of each channel with `weights`, an odd number of them.
private func blur(_ image: inout MutableSpan<Float>, size: ImageSize, weights: [Float]) {
  let (height, width, reach) = (size.height, size.width, weights.count / 2)
  func mirrored(_ place: Int, _ count: Int) -> Int {
    place < 0 ? -place : place >= count ? 2 * count - 2 - place : place
  }
  image.withUnsafeMutableBufferPointer { pixels in
    withUnsafeTemporaryAllocation(of: Float.self, capacity: size.area) { rows in
      for channel in 0..<size.channels {
        let plane = UnsafeMutableBufferPointer(
          rebasing: pixels[channel * size.area..<(channel + 1) * size.area])
        rows.initialize(repeating: 0)
        for row in 0..<height {
          let start = row * width
          for (weight, shift) in zip(weights, -reach...reach) {
            let (first, last) = (min(max(-shift, 0), width), max(min(width - shift, width), 0))
            for column in first..<max(first, last) {
              rows[start + column] += weight * plane[start + column + shift]
            }
            for column in 0..<first {
              rows[start + column] += weight * plane[start + mirrored(column + shift, width)]
            }
            for column in max(first, last)..<width {
              rows[start + column] += weight * plane[start + mirrored(column + shift, width)]
            }
          }
        }
        plane.update(repeating: 0)
        for row in 0..<height {
          for (weight, shift) in zip(weights, -reach...reach) {
            let source = mirrored(row + shift, height) * width
            for column in 0..<width { plane[row * width + column] += weight * rows[source + column] }
          }
        }
      }
    }
  }
}
