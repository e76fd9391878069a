import DataUtils
import Engine
import Plotting
import Utils

/// What augmentation makes of images: a row a sample, the original with its defects outlined, then changed versions.
public enum AugmentationSheet {
  /// A sheet of the samples `indices` of `images`; version v is what epoch v of a training with `seed` would see.
  ///
  /// - Parameters:
  ///   - images: samples [C, H, W] with targets and masks.
  ///   - indices: the samples to show.
  ///   - versions: how many changed versions of each.
  ///   - steps: what changes them.
  ///   - seed: what the changes depend on.
  ///   - title: the heading.
  public static func figure(
    of images: Dataset, _ indices: [Int], versions: Int, steps: AugmentationSteps, seed: UInt64, title: String
  ) throws -> ImageGrid {
    guard let size = ImageSize(images.sampleShape), let targets = images.targets else {
      throw LabError(
        .config, "\(images.name) has no images with several classes to show",
        remedy: "choose a set of defects")
    }
    let loader = Loader(
      images, batchSize: 1, targetAugmentations: steps.targets, transforms: steps.images.map { $0.transform },
      transformSeed: seed, prefetchThreads: 0)
    var shown: [ImageGrid.Image?] = []
    for index in indices {
      let row = targets[index * images.classNames.count..<(index + 1) * images.classNames.count]
      var original = OutlinedImage(try images.sample(index), size: size)
      if let mask = images.mask(index) { original.outline(mask) }
      shown.append(image(original, "original: " + words(row.map(Float.init), images.classNames)))
      for version in 1...max(versions, 1) {
        var batches = loader.batches(epoch: version, startingAt: index)
        guard let batch = try batches.next() else { continue }
        shown.append(
          image(
            OutlinedImage(batch.inputs.elements, size: size),
            words(batch.targets?.elements ?? [], images.classNames)))
      }
    }
    var grid = ImageGrid(
      title: title, subtitle: steps.names.isEmpty ? "no augmentation" : steps.names.joined(separator: ", "),
      images: shown,
      columns: max(versions, 1) + 1)
    if size.width >= 3 * size.height { grid.width = 20 }
    return grid
  }

  private static func image(_ picture: OutlinedImage, _ caption: String) -> ImageGrid.Image {
    ImageGrid.Image([caption], pixels: picture.pixels, width: picture.width)
  }

  /// The classes that `targets` sets: "defect_1, defect_3".
  private static func words(_ targets: [Float], _ names: [String]) -> String {
    let set = zip(targets, names).filter { $0.0 > 0.5 }.map(\.1)
    return set.isEmpty ? "no class" : set.joined(separator: ", ")
  }
}
