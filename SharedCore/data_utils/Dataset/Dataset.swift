import Engine
import Synchronization
import Utils

/// Samples with their classes: what a classifier is trained and judged on.
///
/// A sample has one class, or with `targets` any number of them. Images stay bytes until a batch is made of them. Everything
/// that takes a part of a data set gives a new one.
public struct Dataset: Sendable {
  /// The numbers of all samples, one sample after the other.
  public enum Features: Sendable {
    /// Numbers as they are.
    case floats([Float])
    /// Bytes that stand for `byte / maximum`, from 0 to 1: 255 for images.
    case bytes([UInt8], maximum: Float)
    /// Images on disk whose bytes stand for `byte / 255`; each is decoded when it is first asked for.
    case images(ImageFiles)
    /// Numbers that are made when a batch is: pictures of a database, several of them in one sample.
    case made(MadeSamples)
  }

  /// What the set is called: "iris", "mnist".
  public let name: String
  /// The shape of one sample: [4] for four measurements, [1, 28, 28] for a grey image (channels, height, width).
  public let sampleShape: Shape
  /// The numbers of all samples, row-major [N, ...].
  public let features: Features
  /// [N], the class of each sample, an index into `classNames`; with `targets` the first class present, or 0 where there is
  /// none.
  public let labels: [Int32]
  /// [N, K] row-major, 1 for each class that a sample has and 0 for the others; nil where each has exactly one.
  public let targets: [UInt8]?
  /// [N], which pixels of each image show which of its classes; nil where nobody has drawn that.
  public private(set) var masks: [RegionMask]?
  /// What the classes are called.
  public let classNames: [String]
  /// What the numbers of a sample are called, left to right; empty for images.
  public let featureNames: [String]
  /// The terms under which the data may be used.
  public let licence: String
  /// Who published it, and where.
  public let citation: String
  /// How many rows of the source were left out because a cell was missing.
  public let omittedRowCount: Int
  /// How many samples the published part has of which these are some; nil where these are what was published.
  public let publishedCount: Int?
  private var cachedFingerprint = FingerprintCache()

  /// A data set; traps when features, labels and names do not fit each other.
  public init(
    name: String, sampleShape: Shape, features: Features, labels: [Int32], classNames: [String],
    featureNames: [String] = [], licence: String = "none needed: generated", citation: String = "",
    omittedRowCount: Int = 0, publishedCount: Int? = nil
  ) {
    self.init(
      name: name, sampleShape: sampleShape, features: features, labels: labels, targets: nil,
      classNames: classNames, featureNames: featureNames, licence: licence, citation: citation,
      omittedRowCount: omittedRowCount, publishedCount: publishedCount)
  }

  /// A data set whose samples have any number of classes; traps when features, targets and names do not fit each other.
  ///
  /// - Parameter targets: [N, K] row-major, each 0 or 1.
  public init(
    name: String, sampleShape: Shape, features: Features, targets: [UInt8], classNames: [String],
    featureNames: [String] = [], licence: String = "none needed: generated", citation: String = "",
    omittedRowCount: Int = 0, publishedCount: Int? = nil
  ) {
    self.init(
      name: name, sampleShape: sampleShape, features: features,
      labels: Self.firstClasses(targets, classes: classNames.count), targets: targets, classNames: classNames,
      featureNames: featureNames, licence: licence, citation: citation, omittedRowCount: omittedRowCount,
      publishedCount: publishedCount)
  }

  init(
    name: String, sampleShape: Shape, features: Features, labels: [Int32], targets: [UInt8]?,
    classNames: [String], featureNames: [String], licence: String, citation: String, omittedRowCount: Int,
    publishedCount: Int?
  ) {
    let numbers = features.count
    require(
      numbers == labels.count * sampleShape.elementCount,
      "\(name): \(numbers) numbers are not \(labels.count) samples of shape \(sampleShape)")
    require(
      labels.allSatisfy { $0 >= 0 && $0 < classNames.count },
      "\(name): a label lies outside 0..<\(classNames.count)")
    if let targets {
      require(
        targets.count == labels.count * classNames.count && targets.allSatisfy { $0 <= 1 },
        "\(name): \(targets.count) targets are not \(labels.count) times \(classNames.count) of 0 and 1")
    }
    require(
      featureNames.isEmpty || featureNames.count == sampleShape.elementCount,
      "\(name): \(featureNames.count) names for samples of shape \(sampleShape)")
    self.name = name
    self.sampleShape = sampleShape
    self.features = features
    self.labels = labels
    self.targets = targets
    self.classNames = classNames
    self.featureNames = featureNames
    self.licence = licence
    self.citation = citation
    self.omittedRowCount = omittedRowCount
    self.publishedCount = publishedCount
  }

  /// The same set with a mask for each image; traps when there are not as many, or of another size.
  public func withMasks(_ masks: [RegionMask]?) -> Dataset {
    require(
      (masks ?? []).allSatisfy { sampleShape.suffix(2).elementsEqual([$0.height, $0.width]) }
        && masks?.count ?? count == count,
      "\(name): \(masks?.count ?? 0) masks do not fit \(count) samples of shape \(sampleShape)")
    var new = self
    new.masks = masks
    new.cachedFingerprint = FingerprintCache()
    return new
  }

  /// How many samples there are.
  public var count: Int { labels.count }

  /// How many samples each class has; with `targets` a sample counts for each of its classes.
  public var classCounts: [Int] {
    if let targets {
      let classes = classNames.count
      return (0..<classes).map { k in (0..<count).count { targets[$0 * classes + k] == 1 } }
    }
    return labels.reduce(into: [Int](repeating: 0, count: classNames.count)) { $0[Int($1)] += 1 }
  }

  /// Each row's first class, 0 for a row without any.
  private static func firstClasses(_ targets: [UInt8], classes: Int) -> [Int32] {
    (0..<targets.count / Swift.max(classes, 1)).map { n in
      Int32((0..<classes).first { targets[n * classes + $0] == 1 } ?? 0)
    }
  }

  /// The numbers of sample `index`, row-major; throws only where they come from a file that cannot be read.
  public func sample(_ index: Int) throws -> [Float] {
    require(index >= 0 && index < count, "\(name) has no sample \(index), only 0..<\(count)")
    let width = sampleShape.elementCount
    switch features {
    case .floats(let values): return Array(values[index * width..<(index + 1) * width])
    case .bytes(let values, let maximum):
      return values[index * width..<(index + 1) * width].map { Float($0) / maximum }
    case .images(let files): return try files.bytes(index).map { Float($0) / 255 }
    case .made(let samples): return try samples.numbers(index)
    }
  }

  /// SHA-256 of what determines training: shape, numbers, or the bytes and names of image files, and labels; computed once, then remembered.
  public var fingerprint: String { cachedFingerprint.value { computedFingerprint() } }

  private func computedFingerprint() -> String {
    var digest = SHA256()
    func update(_ numbers: [some BitwiseCopyable], _ digest: inout SHA256) {
      numbers.withUnsafeBytes { digest.update($0) }
    }
    update([sampleShape.count, count, classNames.count] + sampleShape, &digest)
    switch features {
    case .floats(let values): update(values, &digest)
    case .bytes(let values, let maximum):
      update([maximum], &digest)
      update(values, &digest)
    case .images(let files): files.update(&digest)
    case .made(let samples): samples.update(&digest)
    }
    update(labels, &digest)
    if let targets { update(targets, &digest) }
    for mask in masks ?? [] {
      update(mask.runs.flatMap { [$0.row, $0.column, $0.length, Int32($0.label)] }, &digest)
    }
    return digest.finish()
  }
}

extension Dataset.Features {
  /// How many numbers there are, of all samples together.
  var count: Int {
    switch self {
    case .floats(let values): values.count
    case .bytes(let values, _): values.count
    case .images(let files): files.count * files.sampleShape.elementCount
    case .made(let samples): samples.indices.count * samples.maker.sampleShape.elementCount
    }
  }
}

/// The fingerprint of a data set once somebody has asked for it.
private final class FingerprintCache: Sendable {
  private let known = Mutex<String?>(nil)

  func value(_ compute: () -> String) -> String {
    known.withLock { known in
      if let known { return known }
      let new = compute()
      known = new
      return new
    }
  }
}
