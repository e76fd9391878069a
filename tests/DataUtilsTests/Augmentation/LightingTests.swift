import Engine
import Testing
import Utils

@testable import DataUtils

@Suite struct LightingTests {
  /// Images [3, 4, 4] whose colours vary by 0.2 along (1, 1, 1) / sqrt 3 and by 0.05 along (1, -1, 0) / sqrt 2.
  private static let images: Dataset = {
    var random = RandomStream(seed: 11)
    var pixels = [Float](repeating: 0, count: 100 * 48)
    for image in 0..<100 {
      for position in 0..<16 {
        let (light, tint) = (
          random.normal() * 0.2 / 3.0.squareRoot(), random.normal() * 0.05 / 2.0.squareRoot()
        )
        for (channel, value) in [light + tint, light - tint, light].enumerated() {
          pixels[image * 48 + channel * 16 + position] = Float(0.5 + value)
        }
      }
    }
    return Dataset(
      name: "light", sampleShape: [3, 4, 4], features: .floats(pixels),
      labels: [Int32](repeating: 0, count: 100), classNames: ["a"])
  }()

  @Test func theComponentsAreThoseOfTheColours() throws {
    let lighting = try Lighting(fitting: Self.images)
    for (found, expected) in zip(lighting.deviations, [0.2, 0.05, 0] as [Float]) {
      #expect(abs(found - expected) < 0.01)
    }
    let expected: [[Float]] = [[0.577, 0.577, 0.577], [0.707, -0.707, 0]]
    for (found, expected) in zip(lighting.components, expected) {
      for (x, y) in zip(found, expected) { #expect(abs(x - y) < 0.03) }
    }
  }

  @Test func oneColourIsAddedToAllPixelsAndVariesAsItShould() throws {
    let lighting = try Lighting(fitting: Self.images, strength: 0.5)
    var squares = 0.0
    for seed in 0..<2000 {
      var (pixels, random) = ([Float](repeating: 0, count: 48), RandomStream(seed: UInt64(seed)))
      var span = pixels.mutableSpan
      try lighting.transform(&span, [3, 4, 4], &random)
      #expect((0..<3).allSatisfy { Set(pixels[$0 * 16..<($0 + 1) * 16]).count == 1 })
      squares += (0..<3).reduce(0) { $0 + Double(pixels[$1 * 16] * pixels[$1 * 16]) }
    }
    // The sum over colours of the variance: strength squared times the sum of the squared deviations.
    #expect(abs(squares / 2000 / (0.25 * (0.04 + 0.0025)) - 1) < 0.15)
  }

  @Test func eigenvectorsOfASymmetricMatrix() {
    let matrix = [[4.0, 1, -2], [1, 3, 0.5], [-2, 0.5, 1]]
    let found = symmetricEigenvectors(matrix)
    #expect(found.map(\.value) == found.map(\.value).sorted(by: >))
    for (value, vector) in found {
      for row in 0..<3 {
        let product = zip(matrix[row], vector).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - value * vector[row]) < 1e-12)
      }
    }
    #expect(abs(found.reduce(0) { $0 + $1.value } - 8) < 1e-12)
  }
}
