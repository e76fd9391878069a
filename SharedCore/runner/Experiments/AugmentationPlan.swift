import DataUtils
import Utils

/// How an experiment's training images are changed each time they are drawn: defaults of its row, each a setting that the
/// command line changes. Other parts of the data are never changed.
public struct AugmentationPlan: Sendable {
  /// The border of zeros from which a window of the image's size is cut, and how far images are moved, in pixels.
  public var cropPadding = 0, shift = 0
  /// Whether every second image is turned round, left for right.
  public var flip = false
  /// How far images are turned to either side, in degrees.
  public var rotation = 0.0
  /// How far brightness, contrast and saturation may lie from 1; the hue turns by a quarter of that.
  public var colorJitter = 0.0
  /// How strongly the light varies along the principal components of the colours; 0.1 in AlexNet.
  public var lighting = 0.0

  /// Nothing is changed unless settings say so.
  public init() {}

  /// Some changes.
  public init(_ change: (inout AugmentationPlan) -> Void) { change(&self) }

  /// A border of 4 pixels and flips: what He et al. 2015 (§4.2) do with CIFAR-10.
  public static let cropAndFlip = AugmentationPlan {
    $0.cropPadding = 4
    $0.flip = true
  }

  /// The settings by which it can be changed.
  var settings: [Setting] {
    [
      .whole(
        "crop_padding", cropPadding, in: 0...1000,
        "pixels of zeros round a training image, from which a window of its size is cut"),
      .flag("flip", flip, "turn every second training image round, left for right"),
      .whole("shift", shift, in: 0...1000, "pixels by which a training image is moved at the most"),
      .number("rotation", rotation, in: 0...180, "degrees by which a training image is turned at the most"),
      .number(
        "color_jitter", colorJitter, in: 0...2,
        "change of a training image's brightness, contrast and saturation; a quarter of it for the hue"),
      .number("lighting", lighting, in: 0...10, "strength of AlexNet's colour noise; 0.1 in the paper"),
    ]
  }

  /// What the merged settings ask for, in the order in which it is done.
  ///
  /// Throws a `LabError` when the training samples are no images, or have no colours that could be changed.
  static func augmentations(
    from settings: Settings, for data: ExperimentData
  ) throws -> [any Augmentation] {
    guard settings.all.contains(where: { $0.key == "crop_padding" }) else { return [] }
    let (padding, shift) = (settings.count("crop_padding"), settings.count("shift"))
    let (degrees, jitter) = (settings.double("rotation"), settings.double("color_jitter"))
    let strength = settings.double("lighting")
    var chosen: [any Augmentation] = []
    if padding > 0 { chosen.append(RandomCrop(padding: padding)) }
    if shift > 0 { chosen.append(RandomShift(pixels: shift)) }
    if degrees > 0 { chosen.append(RandomRotation(degrees: degrees)) }
    if settings.bool("flip") { chosen.append(HorizontalFlip()) }
    if jitter > 0 {
      chosen.append(ColorJitter(brightness: jitter, contrast: jitter, saturation: jitter, hue: jitter / 4))
    }
    if strength > 0 { chosen.append(try Lighting(fitting: data.splits.train, strength: strength)) }
    for augmentation in chosen { _ = try augmentation.size(of: data.splits.train.sampleShape) }
    return chosen
  }
}
