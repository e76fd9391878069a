import Engine
import TestSupport
import Testing
import Utils

@testable import DataUtils

/// What one augmentation makes of `pixels`, drawn with `seed`.
private func changed(
  _ pixels: [Float], _ shape: Shape, _ augmentation: some Augmentation, seed: UInt64 = 1
) throws -> [Float] {
  var (pixels, random) = (pixels, RandomStream(seed: seed))
  var span = pixels.mutableSpan
  try augmentation.transform(&span, shape, &random)
  return pixels
}

@Suite struct TranslationTests {
  private let image: [Float] = (1...24).map(Float.init)  // [2, 3, 4]

  private func moved(down: Int, right: Int) throws -> [Float] {
    var pixels = image
    var span = pixels.mutableSpan
    translate(&span, size: try #require(ImageSize([2, 3, 4])), down: down, right: right)
    return pixels
  }

  @Test func everyDistanceEqualsTheDefinition() throws {
    for down in -4...4 {
      for right in -5...5 {
        let expected = (0..<24).map { position -> Float in
          let (row, column) = (position / 4 % 3 - down, position % 4 - right)
          return 0..<3 ~= row && 0..<4 ~= column ? image[position / 12 * 12 + row * 4 + column] : 0
        }
        #expect(try moved(down: down, right: right) == expected, "\(down) down, \(right) right")
      }
    }
  }

  @Test func aCropShowsEveryWindowAndNoOther() throws {
    var seen = Set<[Float]>()
    for seed in 0..<400 {
      let crop = try changed(image, [2, 3, 4], RandomCrop(padding: 1), seed: UInt64(seed))
      let shift = try changed(image, [2, 3, 4], RandomShift(pixels: 1), seed: UInt64(seed))
      seen.formUnion([crop, shift])
    }
    let all = try (-1...1).flatMap { down in try (-1...1).map { try moved(down: down, right: $0) } }
    #expect(seen == Set(all))
    #expect(try changed(image, [2, 3, 4], RandomCrop(padding: 0)) == image)
  }
}

@Suite struct HorizontalFlipTests {
  @Test func rowsAreTurnedRoundForTheShareThatIsAsked() throws {
    let image: [Float] = [1, 2, 3, 4, 5, 6]
    let turned: [Float] = [3, 2, 1, 6, 5, 4]
    #expect(try changed(image, [1, 2, 3], HorizontalFlip(probability: 1)) == turned)
    #expect(try changed(image, [2, 1, 3], HorizontalFlip(probability: 1)) == turned)
    #expect(try changed(image, [1, 2, 3], HorizontalFlip(probability: 0)) == image)
    let flips = try (0..<1000).count {
      try changed(image, [1, 2, 3], HorizontalFlip(), seed: UInt64($0)) == turned
    }
    #expect(abs(flips - 500) < 60)
  }
}

@Suite struct VerticalFlipTests {
  @Test func rowsChangePlacesWithinEachChannel() throws {
    let image: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    let turned: [Float] = [5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8]
    #expect(try changed(image, [2, 3, 2], VerticalFlip(probability: 1)) == turned)
    #expect(try changed(image, [2, 3, 2], VerticalFlip(probability: 0)) == image)
  }
}

@Suite struct GaussianBlurTests {
  @Test func weightsAreTheGaussian() {
    // torchvision's _get_gaussian_kernel1d(3, 1.0) and (5, 0.8)
    #expect(near(GaussianBlur.weights(3, sigma: 1), [0.2740686, 0.4518628, 0.2740686]))
    #expect(near(GaussianBlur.weights(5, sigma: 0.8), [0.0219, 0.2286, 0.4991, 0.2286, 0.0219], 1e-3))
  }

  @Test func everyPixelEqualsTheDefinition() throws {
    let image: [Float] = (0..<40).map { Float(($0 * 37) % 11) }  // [2, 4, 5]
    let weights = GaussianBlur.weights(5, sigma: 1.5)
    func mirrored(_ place: Int, _ count: Int) -> Int {
      place < 0 ? -place : place >= count ? 2 * count - 2 - place : place
    }
    let expected = (0..<40).map { position -> Float in
      let (row, column) = (position / 5 % 4, position % 5)
      return (-2...2).reduce(Float(0)) { sum, down in
        (-2...2).reduce(sum) { sum, right in
          let pixel = image[position / 20 * 20 + mirrored(row + down, 4) * 5 + mirrored(column + right, 5)]
          return sum + weights[down + 2] * weights[right + 2] * pixel
        }
      }
    }
    #expect(near(try changed(image, [2, 4, 5], GaussianBlur(kernelSize: 5, sigma: 1.5...1.5)), expected))
    #expect(try changed(image, [2, 4, 5], GaussianBlur(kernelSize: 9)) == image)
  }

  private func near(_ these: [Float], _ those: [Float], _ tolerance: Float = 1e-5) -> Bool {
    these.count == those.count && zip(these, those).allSatisfy { abs($0 - $1) < tolerance }
  }
}

@Suite struct RandomRotationProbabilityTests {
  @Test func onlyTheShareThatIsAskedIsTurned() throws {
    let image: [Float] = (0..<25).map(Float.init)
    let turned = try (0..<400).count {
      try changed(image, [1, 5, 5], RandomRotation(degrees: 30, probability: 0.25), seed: UInt64($0)) != image
    }
    #expect(abs(turned - 100) < 40)
    #expect(try changed(image, [1, 5, 5], RandomRotation(degrees: 30, probability: 0)) == image)
  }
}

@Suite struct AugmentationTests {
  private static let all: [any Augmentation] = [
    RandomCrop(padding: 4), RandomShift(pixels: 2), HorizontalFlip(), RandomRotation(degrees: 15),
    ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1), VerticalFlip(), GaussianBlur(),
  ]

  private static let images: Dataset = {
    var random = RandomStream(seed: 3)
    return Dataset(
      name: "noise", sampleShape: [3, 8, 8],
      features: .bytes((0..<40 * 192).map { _ in UInt8(random.index(below: 256)) }, maximum: 255),
      labels: [Int32](repeating: 0, count: 40), classNames: ["noise"])
  }()

  @Test func threadsChangeNothing() throws {
    let lighting = try Lighting(fitting: Self.images)
    func contents(_ threads: Int, epoch: Int) throws -> [Float] {
      var batches = Loader(
        Self.images, batchSize: 7, shuffleSeed: 5, transforms: (Self.all + [lighting]).map { $0.transform },
        preprocessing: .normalized(.cifar10), prefetchThreads: threads
      ).batches(epoch: epoch)
      var numbers: [Float] = []
      while let batch = try batches.next() { numbers += batch.inputs.elements }
      return numbers
    }
    let inline = try contents(0, epoch: 2)
    #expect(try contents(1, epoch: 2) == inline)
    #expect(try contents(4, epoch: 2) == inline)
    #expect(try contents(0, epoch: 3) != inline)
  }

  @Test func kindsHaveNamesOfTheirOwn() {
    let kinds = Self.all.compactMap { $0.json["kind"]?.string }
    #expect(
      kinds == [
        "random_crop", "random_shift", "horizontal_flip", "random_rotation", "color_jitter", "vertical_flip",
        "gaussian_blur",
      ])
    #expect(RandomCrop(padding: 4).json["padding"]?.int == 4)
  }

  @Test func whatIsNoImageOrHasNoColourIsRefused() throws {
    for augmentation in Self.all {
      expectLabError(mentioning: "[4]") { _ = try augmentation.size(of: [4]) }
    }
    expectLabError(mentioning: "color_jitter", "1 channel") {
      _ = try ColorJitter(hue: 0.1).size(of: [1, 8, 8])
    }
    expectLabError(mentioning: "lighting", "digits") { _ = try Lighting(fitting: EmbeddedData.digits()) }
    #expect(try RandomRotation(degrees: 5).size(of: [1, 8, 8]).area == 64)
  }
}

@Suite struct JPEGCompressionTests {
  /// A slope with a fine pattern, [3, 16, 24] from 0 to 1.
  private let image: [Float] = (0..<3 * 16 * 24).map { (place: Int) -> Float in
    let pattern: Float = place % 2 == 0 ? 0.1 : 0
    return Float(place % 24) / 30 + pattern
  }

  private func distance(_ quality: ClosedRange<Int>, seed: UInt64 = 1) throws -> Float {
    let after = try changed(image, [3, 16, 24], JPEGCompression(quality: quality), seed: seed)
    #expect(after.allSatisfy { 0...1 ~= $0 })
    let differences: [Float] = zip(after, image).map { abs($0 - $1) }
    return differences.reduce(0, +) / Float(image.count)
  }

  @Test func lowQualityChangesMore() throws {
    let (fine, coarse) = (try distance(95...95), try distance(10...10))
    #expect(fine < 0.02 && coarse > 2 * fine, "\(fine) and \(coarse)")
    #expect(try distance(10...95, seed: 3) == distance(10...95, seed: 3))
    #expect(try distance(10...95, seed: 3) != distance(10...95, seed: 4))
  }

  @Test func greyImagesAreRefused() {
    #expect(throws: LabError.self) { try JPEGCompression().size(of: [1, 8, 8]) }
  }
}
