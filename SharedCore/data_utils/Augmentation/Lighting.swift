import Foundation
import Utils

/// AlexNet's change of the light: one colour added to all pixels of an image, drawn along the directions in which the
/// colours of the training images vary (Krizhevsky, Sutskever, Hinton 2012, §4.1).
///
/// A pixel gets p1 a1 d1 + p2 a2 d2 + p3 a3 d3: p the principal components of red, green and blue, d the standard
/// deviations along them, a normal with deviation `strength`, drawn once an image. The paper multiplies by the eigenvalues
/// d²; then the strength would depend on the unit of a pixel, and the implementations that others took over use d.
public struct Lighting: Augmentation {
  /// The standard deviation of each draw; 0.1 in the paper.
  public let strength: Double
  /// The principal components, the one of the largest deviation first; each [red, green, blue] of length 1.
  public let components: [[Float]]
  /// The standard deviation along each component, of pixels from 0 to 1.
  public let deviations: [Float]

  /// Light that varies along the principal components of the colours of `training`.
  ///
  /// Throws a `LabError` unless its samples are images with three channels.
  public init(fitting training: Dataset, strength: Double = 0.1) throws {
    require(strength >= 0 && strength.isFinite, "light cannot vary by \(strength)")
    self.strength = strength
    let covariance = try colorCovariance(of: training)
    let found = symmetricEigenvectors(covariance)
    components = found.map { $0.vector.map(Float.init) }
    deviations = found.map { Float(max($0.value, 0).squareRoot()) }
  }

  /// Kind and parameters.
  public var json: JSONValue {
    [
      "kind": "lighting", "strength": .number(strength),
      "deviations": .array(deviations.map { .number(Double($0)) }),
      "components": .array(components.map { .array($0.map { .number(Double($0)) }) }),
    ]
  }

  /// Three: red, green, blue.
  public var channels: Int? { 3 }

  /// Changes one image [3, H, W] in place.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    let draws = deviations.map { $0 * Float(random.normal() * strength) }
    let area = size.area
    image.withUnsafeMutableBufferPointer { pixels in
      for channel in 0..<3 {
        let light = (0..<3).reduce(Float(0)) { $0 + draws[$1] * components[$1][channel] }
        for position in channel * area..<(channel + 1) * area { pixels[position] += light }
      }
    }
  }
}

/// [3][3], the covariance of red, green and blue over all pixels of all images.
private func colorCovariance(of images: Dataset) throws -> [[Double]] {
  guard let size = ImageSize(images.sampleShape), size.channels == 3, images.count > 0 else {
    throw LabError(
      .config, "lighting changes colours, and \(images.name) has samples of shape \(images.sampleShape)",
      remedy: "leave lighting out, or choose images with red, green and blue")
  }
  var sums = [0.0, 0, 0]
  var products = [[Double]](repeating: [0, 0, 0], count: 3)
  for index in 0..<images.count {
    let pixels = try images.sample(index)
    for first in 0..<3 {
      for second in first..<3 {
        // Of one image; the sums over images are in double precision.
        var (sum, product) = (Float(0), Float(0))
        for position in 0..<size.area {
          sum += pixels[first * size.area + position]
          product += pixels[first * size.area + position] * pixels[second * size.area + position]
        }
        if first == second { sums[first] += Double(sum) }
        products[first][second] += Double(product)
      }
    }
  }
  let count = Double(images.count * size.area)
  return (0..<3).map { row in
    (0..<3).map { column in
      products[min(row, column)][max(row, column)] / count - sums[row] / count * sums[column] / count
    }
  }
}

/// Eigenvalues and unit eigenvectors of a symmetric matrix, the largest first, by Jacobi's rotations (1846).
///
/// The first entry of a vector that is not 0 is positive.
func symmetricEigenvectors(_ matrix: [[Double]]) -> [(value: Double, vector: [Double])] {
  var a = matrix
  let n = a.count
  var vectors = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0 } }  // the columns
  for _ in 0..<50 {
    for p in 0..<n {
      for q in p + 1..<max(n, p + 1) where a[p][q] != 0 {
        // The angle that turns a[p][q] to 0.
        let angle = 0.5 * atan2(2 * a[p][q], a[q][q] - a[p][p])
        let (c, s) = (cos(angle), sin(angle))
        for k in 0..<n { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
        for k in 0..<n { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
        for k in 0..<n {
          (vectors[k][p], vectors[k][q]) = (
            c * vectors[k][p] - s * vectors[k][q], s * vectors[k][p] + c * vectors[k][q]
          )
        }
      }
    }
  }
  return (0..<n).map { column in
    let vector = (0..<n).map { vectors[$0][column] }
    let sign: Double = (vector.first { abs($0) > 1e-12 } ?? 1) < 0 ? -1 : 1
    return (a[column][column], vector.map { $0 * sign })
  }.sorted { $0.value > $1.value }
}
