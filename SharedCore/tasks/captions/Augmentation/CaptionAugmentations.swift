import DataUtils
import Engine
import Utils

/// Ways to change the frames of training pairs that a user chooses by name.
public typealias CaptionAugmentationRegistry = Registry<CaptionAugmentation>

/// What is done to both frames of a training pair each time it is drawn.
///
/// Nothing that would make text unreadable or move it away from its boxes: no flip, no rotation, no crop.
public struct CaptionAugmentation: Sendable {
  /// The changes in their order; none leaves frames as they are.
  public let steps: [any Augmentation]

  /// These changes, of colours or of sharpness, of images with three channels from 0 to 1.
  public init(_ steps: [any Augmentation]) { self.steps = steps }
}

extension Registry<CaptionAugmentation> {
  /// Those that come with the workspace.
  public static let captions: CaptionAugmentationRegistry = {
    let (light, colors) = (
      ColorJitter(brightness: 0.1, contrast: 0.1),
      ColorJitter(brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.05)
    )
    let encoder: [any Augmentation] = [GaussianBlur(kernelSize: 3, sigma: 0.1...1), JPEGCompression()]
    var registry = CaptionAugmentationRegistry("augmentation")
    registry.register("none", CaptionAugmentation([]), description: "frames as they are")
    registry.register(
      "light", CaptionAugmentation([light]), description: "brightness and contrast by up to a tenth")
    registry.register(
      "jitter", CaptionAugmentation([colors]),
      description:
        "brightness, contrast and saturation by up to three tenths, hue by a twentieth of the circle")
    registry.register(
      "compression", CaptionAugmentation(encoder),
      description: "a slight blur, then a JPEG file of quality 30 to 90")
    registry.register(
      "strong", CaptionAugmentation([colors] + encoder), description: "jitter, then compression")
    return registry
  }()
}
