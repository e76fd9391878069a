import Engine
import TestSupport
import Testing
import Utils

@testable import DataUtils

/// Takes the only class away by chance, and blackens the image with it.
private struct Removal: TargetAugmentation {
  var json: JSONValue { ["kind": "removal"] }

  func apply(
    to image: inout MutableSpan<Float>, showing content: inout ImageContent, size: ImageSize,
    from source: any SampleSource, using random: inout RandomStream
  ) throws {
    guard random.uniform() < 0.5 else { return }
    for place in image.indices { image[place] = 0 }
    content = ImageContent(targets: [0, 0], mask: RegionMask(height: size.height, width: size.width))
  }
}

@Suite struct TargetAugmentationTests {
  private static let images = Dataset(
    name: "images", sampleShape: [1, 1, 2],
    features: .bytes([UInt8](repeating: 255, count: 24), maximum: 255),
    targets: (0..<12).flatMap { _ in [0, 1] as [UInt8] }, classNames: ["a", "b"]
  ).withMasks((0..<12).map { _ in RegionMask(map: [2, 0], height: 1, width: 2) })

  private func loader(threads: Int, _ images: Dataset = images) -> Loader {
    Loader(
      images, batchSize: 4, shuffleSeed: 3, targetAugmentations: [Removal()],
      transforms: [{ sample, _, _ in for place in sample.indices { sample[place] *= 2 } }],
      prefetchThreads: threads)
  }

  private func batches(_ loader: Loader, epoch: Int) throws -> [Batch] {
    var iterator = loader.batches(epoch: epoch)
    var all: [Batch] = []
    while let batch = try iterator.next() { all.append(batch) }
    return all
  }

  @Test func targetsChangeWithTheirImagesAndBeforeOtherTransforms() throws {
    var removed = 0
    for batch in try batches(loader(threads: 0), epoch: 1) {
      let targets = try #require(batch.targets).elements
      for sample in 0..<4 {
        let isRemoved = targets[2 * sample + 1] == 0
        removed += isRemoved ? 1 : 0
        #expect(batch.inputs.elements[2 * sample] == (isRemoved ? 0 : 2))
        #expect(batch.labels.elements[sample] == (isRemoved ? 0 : 1))
      }
    }
    #expect((1...11).contains(removed))
  }

  @Test func threadsChangeNothingAndEpochsDo() throws {
    func contents(_ threads: Int, _ epoch: Int) throws -> [[Float]] {
      try batches(loader(threads: threads), epoch: epoch).map {
        $0.inputs.elements + ($0.targets?.elements ?? [])
      }
    }
    #expect(try contents(0, 1) == contents(3, 1))
    #expect(try contents(0, 1) != contents(0, 2))
  }

  @Test func imagesWithoutMasksAreRefused() {
    expectLabError(mentioning: "no masks", "leave the augmentation out") {
      _ = try batches(loader(threads: 0, Self.images.withMasks(nil)), epoch: 1)
    }
  }

  @Test func partsOfASetKeepTheirMasksAndTheFingerprintKnowsThem() {
    let images = Self.images
    let other = images.withMasks((0..<12).map { _ in RegionMask(height: 1, width: 2) })
    #expect(images.fingerprint != other.fingerprint)
    #expect(images.withMasks(nil).fingerprint != images.fingerprint)
    #expect(images.subset([3]).masks?.count == 1)
    #expect(other.subset([1]).appending(images.subset([0])).masks == [other.masks![0], images.masks![0]])
    #expect(images.named("other").masks == images.masks)
  }
}
