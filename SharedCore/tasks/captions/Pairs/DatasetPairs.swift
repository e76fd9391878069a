import CaptionData
import DataUtils
import Engine
import Utils

/// How the pictures and the font of a pair become the inputs of a network; the same in training and in use.
public struct PairInputs: Equatable, Sendable {
  /// How pictures are brought to one size.
  public let fit: CaptionFit
  /// Which OCR visualisation.
  public let variant: OCRVariant
  /// Whether the font is told; zeros otherwise.
  public let usesFont: Bool

  /// Pictures of a size, with the visualisation `variant`.
  public init(_ fit: CaptionFit = CaptionFit(), _ variant: OCRVariant = .boundaries, usesFont: Bool = true) {
    (self.fit, self.variant, self.usesFont) = (fit, variant, usesFont)
  }

  /// Writes a pair to the row of a batch that begins at `start`: pictures [3, H, W] as ImageNet's are normalised, then place and
  /// font.
  func write(
    _ pictures: [[UInt8]], _ spatial: [Float], _ font: [Float]?, to numbers: inout MutableSpan<Float>,
    from start: Int = 0
  ) {
    let area = fit.width * fit.height
    let scale = Normalization.imageNet
    var start = start
    for picture in pictures {
      for channel in 0..<3 {
        let (factor, mean) = (
          1 / (255 * scale.deviations[channel]), scale.means[channel] / scale.deviations[channel]
        )
        for place in channel * area..<(channel + 1) * area {
          numbers[start + place] = Float(picture[place]) * factor - mean
        }
      }
      start += 3 * area
    }
    for value in spatial + (font.map { usesFont ? $0 : FontEmbedding.none } ?? []) {
      numbers[start] = value
      start += 1
    }
  }
}

/// The pairs of a data set, whose pictures are decoded when a batch is made.
struct DatasetPairs: SampleMaker {
  let dataset: CaptionDataset
  let inputs: PairInputs
  let layout: InputLayout
  let fingerprint: String

  init(_ dataset: CaptionDataset, _ inputs: PairInputs, _ configuration: CaptionConfiguration) {
    (self.dataset, self.inputs, layout) = (dataset, inputs, configuration.inputs)
    var digest = SHA256()
    for sample in dataset.samples {
      let text = "\(sample.videoHash) \(sample.first) \(sample.second) \(sample.label.rawValue)\n"
      Array(text.utf8).withUnsafeBytes { digest.update($0) }
    }
    let (fit, font) = (inputs.fit, inputs.usesFont ? dataset.fontVersions.first ?? "none" : "none")
    fingerprint =
      "caption pairs, version 1, \(fit.strategy.rawValue) \(fit.width) x \(fit.height), "
      + "\(inputs.variant.rawValue), font \(font), \(digest.finish())"
  }

  var count: Int { dataset.samples.count }
  var sampleShape: Shape { [layout.width] }

  func write(_ index: Int, to numbers: inout MutableSpan<Float>) throws {
    let pair = try dataset.pair(index, fit: inputs.fit, variant: inputs.variant)
    inputs.write([pair.visualization, pair.first, pair.second], pair.spatial, pair.font, to: &numbers)
  }
}

extension DataSplits {
  /// The parts of `dataset` as its maker divided it; throws a `LabError` where training has no pair of some label.
  ///
  /// - Parameters:
  ///   - limit: how many of the training pairs to keep, about the same share of each label and one at least; nil for all.
  ///   - seed: what decides which.
  init(
    _ dataset: CaptionDataset, _ inputs: PairInputs, _ configuration: CaptionConfiguration, limit: Int? = nil,
    seed: UInt64 = 42
  ) throws {
    try dataset.requireEveryLabel(in: .train)
    let labels = dataset.samples.map { sample in
      Int32(CaptionLabel.allCases.firstIndex(of: sample.label) ?? 0)
    }
    let maker = DatasetPairs(dataset, inputs, configuration)
    let all = Dataset(
      name: dataset.name, sampleShape: maker.sampleShape, features: .made(MadeSamples(maker)), labels: labels,
      classNames: CaptionLabel.names)
    func part(_ part: PairPart) -> Dataset? {
      let places = dataset.indices(of: part)
      return places.isEmpty ? nil : all.subset(places)
    }
    let kept = Self.share(limit, of: dataset.indices(of: .train), labels, seed)
    self.init(train: all.subset(kept), val: part(.val), test: part(.test))
  }

  /// About the same share of each label, `limit` of all.
  private static func share(_ limit: Int?, of places: [Int], _ labels: [Int32], _ seed: UInt64) -> [Int] {
    guard let limit, limit < places.count else { return places }
    return Dictionary(grouping: places) { labels[$0] }.flatMap { label, members in
      let wanted = Double(members.count) * Double(limit) / Double(places.count)
      var random = RandomStream(seed: seed, purpose: "share of pairs", number: Int(label))
      let order = random.permutation(of: members.count)
      return order.prefix(max(Int(wanted.rounded()), 1)).map { members[$0] }
    }.sorted()
  }
}
