import DataUtils
import Utils

/// Paints defects over, so that a network must look at what is left and learns that an image may show less than usual.
///
/// Each connected region of a chosen class with enough pixels is painted with probability `probability`; with
/// `completeProbability` all regions of the chosen classes are, however small. What is painted leaves the mask, a class
/// without a pixel left leaves the targets, and `no_defect` comes in when no defect is left. A class that was annotated
/// without pixels stays: nobody knows where it is.
public struct DefectBlackout: TargetAugmentation, Equatable {
  /// All classes.
  public let classes: DefectClasses
  /// The classes whose regions may be painted.
  public let chosen: [Int]
  /// How many pixels a region has at least.
  public let minPixels: Int
  /// What they are painted with: a grey from 0 to 255.
  public let fillValue: Double
  /// How probable it is that a region is painted, and that all are.
  public let probability, completeProbability: Double

  /// A blackout of `chosen`, all defects when nil.
  public init(
    classes: DefectClasses, chosen: [Int]? = nil, minPixels: Int = 10, fillValue: Double = 0,
    probability: Double = 0.5, completeProbability: Double = 0
  ) {
    require(
      0...1 ~= probability && 0...1 ~= completeProbability, "probabilities lie between 0 and 1")
    self.classes = classes
    self.chosen = chosen ?? classes.defects
    self.minPixels = minPixels
    self.fillValue = fillValue
    self.probability = probability
    self.completeProbability = completeProbability
  }

  /// Kind and parameters.
  public var json: JSONValue {
    [
      "kind": "defect_blackout", "classes": .array(chosen.map { .string(classes.names[$0]) }),
      "min_pixels": .integer(Int64(minPixels)), "fill_value": .number(fillValue),
      "probability": .number(probability), "complete_blackout_prob": .number(completeProbability),
    ]
  }

  /// Paints over what chance takes.
  public func apply(
    to image: inout MutableSpan<Float>, showing content: inout ImageContent, size: ImageSize,
    from source: any SampleSource, using random: inout RandomStream
  ) {
    let candidates = content.mask.regions.filter { chosen.contains($0.label) }
    guard !candidates.isEmpty else { return }
    let takesAll = random.uniform() < completeProbability
    let taken = candidates.filter { region in
      takesAll || region.pixelCount >= minPixels && random.uniform() < probability
    }
    guard !taken.isEmpty else { return }
    for run in taken.lazy.flatMap(\.runs) {
      for channel in 0..<size.channels {
        let start = channel * size.area + Int(run.row) * size.width + Int(run.column)
        for place in start..<start + Int(run.length) { image[place] = Float(fillValue / 255) }
      }
    }
    content.mask = content.mask.removing(taken)
    let left = content.mask.pixelCounts
    for label in Set(taken.map(\.label)) where left[label] == nil { content.targets[label] = 0 }
    classes.settle(&content.targets)
  }
}
