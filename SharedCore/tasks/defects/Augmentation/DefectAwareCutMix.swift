import DataUtils
import Utils

/// Pastes a rectangle of another training image into this one, where it neither hides a defect nor cuts through one.
///
/// CutMix: Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", 2019. As
/// in the published system the rectangle overlaps no defect of either image, and the targets are those of both together,
/// `no_defect` only when both say so. Confess: what is pasted shows no defect then, so that the targets of the other
/// image are set without being seen; with `unitesTargets` false the targets stay what the image shows.
public struct DefectAwareCutMix: TargetAugmentation, Equatable {
  /// How many places are tried before the image is left as it is.
  public static let tries = 10

  /// All classes.
  public let classes: DefectClasses
  /// How probable it is that anything happens.
  public let probability: Double
  /// Both parameters of the beta distribution that the rectangle's share of height and of width is drawn from.
  public let alpha: Double
  /// The smallest and largest such share.
  public let smallest, largest: Double
  /// Whether the other image's targets are set too.
  public let unitesTargets: Bool

  /// A CutMix whose rectangle has a share within `ratio` of the height and of the width.
  public init(
    classes: DefectClasses, probability: Double = 0.5, alpha: Double = 1,
    ratio: ClosedRange<Double> = 0.1...0.4,
    unitesTargets: Bool = true
  ) {
    require(0...1 ~= probability, "a probability lies between 0 and 1, not at \(probability)")
    require(
      alpha > 0 && ratio.lowerBound >= 0 && ratio.upperBound <= 1, "shares of \(ratio) by beta \(alpha)")
    self.classes = classes
    self.probability = probability
    self.alpha = alpha
    (smallest, largest) = (ratio.lowerBound, ratio.upperBound)
    self.unitesTargets = unitesTargets
  }

  /// Kind and parameters.
  public var json: JSONValue {
    [
      "kind": "defect_aware_cutmix", "probability": .number(probability), "alpha": .number(alpha),
      "ratio": [.number(smallest), .number(largest)], "unite_targets": .bool(unitesTargets),
    ]
  }

  /// Pastes a piece of another image in, if chance wills and a place is found.
  public func apply(
    to image: inout MutableSpan<Float>, showing content: inout ImageContent, size: ImageSize,
    from source: any SampleSource, using random: inout RandomStream
  ) throws {
    guard random.uniform() < probability, source.count > 1 else { return }
    let other = random.index(below: source.count)
    guard let otherMask = source.mask(other), let otherTargets = source.targets(other) else { return }
    let share = min(max(random.beta(alpha, alpha), smallest), largest)
    let height = max(Int(Double(size.height) * share), 1)
    let width = max(Int(Double(size.width) * share), 1)
    let boxes = (content.mask.regions + otherMask.regions).map { ($0.rows, $0.columns) }
    for _ in 0..<Self.tries {
      let top = random.index(below: size.height - height + 1)
      let left = random.index(below: size.width - width + 1)
      let (rows, columns) = (top..<top + height, left..<left + width)
      if boxes.contains(where: { $0.overlaps(rows) && $1.overlaps(columns) }) { continue }
      try paste(other, of: source, rows: rows, columns: columns, into: &image, size: size)
      if unitesTargets {
        for label in content.targets.indices { content.targets[label] |= otherTargets[label] }
        classes.settle(&content.targets)
      }
      return
    }
  }

  private func paste(
    _ other: Int, of source: any SampleSource, rows: Range<Int>, columns: Range<Int>,
    into image: inout MutableSpan<Float>, size: ImageSize
  ) throws {
    var pixels = [Float](repeating: 0, count: size.channels * size.area)
    var span = pixels.mutableSpan
    try source.read([other], into: &span)
    for channel in 0..<size.channels {
      for row in rows {
        let start = channel * size.area + row * size.width
        for place in start + columns.lowerBound..<start + columns.upperBound { image[place] = pixels[place] }
      }
    }
  }
}
