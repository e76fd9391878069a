import DataUtils
import Utils

extension Registry<AugmentationRecipe> {
  /// Everything that steel strips are trained with.
  public static let steel: AugmentationRegistry = {
    var registry = AugmentationRegistry("augmentation")
    registry.register(
      "horizontal_flip", .horizontalFlip, description: "turns the image round, left for right")
    registry.register("vertical_flip", .verticalFlip, description: "turns the image upside down")
    registry.register("rotation", .rotation, description: "turns the image by some degrees to either side")
    registry.register(
      "brightness_contrast", .brightnessContrast, description: "changes brightness and contrast")
    registry.register(
      "color_jitter", .colorJitter, description: "changes brightness, contrast, saturation and hue")
    registry.register("gaussian_blur", .gaussianBlur, description: "blurs the image")
    registry.register(
      "defect_blackout", .defectBlackout, description: "paints defects over and takes them out of the targets"
    )
    registry.register(
      "defect_aware_cutmix", .defectAwareCutMix,
      description: "pastes a piece of another image in where no defect is")
    return registry
  }()
}

extension AugmentationRecipe {
  private static let share = AugmentationParameter.Domain.number(0...1)

  fileprivate static let horizontalFlip = AugmentationRecipe(
    parameters: [.init("probability", 0.5, share, isMain: true)]
  ) { values, _ in .image(HorizontalFlip(probability: values.number("probability"))) }

  fileprivate static let verticalFlip = AugmentationRecipe(
    parameters: [.init("probability", 0.3, share, isMain: true)]
  ) { values, _ in .image(VerticalFlip(probability: values.number("probability"))) }

  fileprivate static let rotation = AugmentationRecipe(
    parameters: [.init("degrees", 15, .number(0...180), isMain: true), .init("probability", 0.5, share)]
  ) { values, _ in
    .image(RandomRotation(degrees: values.number("degrees"), probability: values.number("probability")))
  }

  fileprivate static let brightnessContrast = AugmentationRecipe(
    parameters: [.init("brightness", 0.2, share, isMain: true), .init("contrast", 0.2, share, isMain: true)]
  ) { values, _ in
    .image(ColorJitter(brightness: values.number("brightness"), contrast: values.number("contrast")))
  }

  fileprivate static let colorJitter = AugmentationRecipe(
    parameters: [
      .init("brightness", 0.1, share), .init("contrast", 0.1, share), .init("saturation", 0.1, share),
      .init("hue", 0.05, .number(0...0.5)),
    ]
  ) { values, _ in
    .image(
      ColorJitter(
        brightness: values.number("brightness"), contrast: values.number("contrast"),
        saturation: values.number("saturation"), hue: values.number("hue")))
  }

  fileprivate static let gaussianBlur = AugmentationRecipe(
    parameters: [
      .init("kernel_size", 3, .odd(1...63), isMain: true), .init("sigma", [0.1, 2.0], .range(0.01...100)),
    ]
  ) { values, _ in
    .image(GaussianBlur(kernelSize: values.whole("kernel_size"), sigma: values.range("sigma")))
  }

  fileprivate static let defectBlackout = AugmentationRecipe(
    parameters: [
      .init("classes", nil, .defects), .init("min_pixels", 10, .whole(1...1_000_000)),
      .init("fill_value", 0, .number(0...255)), .init("probability", 0.5, share, isMain: true),
      .init("complete_blackout_prob", 0, share),
    ]
  ) { values, classes in
    .target(
      DefectBlackout(
        classes: classes, chosen: values.defects("classes"), minPixels: values.whole("min_pixels"),
        fillValue: values.number("fill_value"), probability: values.number("probability"),
        completeProbability: values.number("complete_blackout_prob")))
  }

  fileprivate static let defectAwareCutMix = AugmentationRecipe(
    parameters: [
      .init("probability", 0.5, share, isMain: true), .init("alpha", 1, .number(0.01...100)),
      .init("cut_ratio", [0.1, 0.4], .range(0.01...1)), .init("unite_targets", true, .flag),
    ]
  ) { values, classes in
    .target(
      DefectAwareCutMix(
        classes: classes, probability: values.number("probability"), alpha: values.number("alpha"),
        ratio: values.range("cut_ratio"), unitesTargets: values.flag("unite_targets")))
  }
}

/// Augmentations that go together, under one name.
public enum AugmentationPreset: String, CaseIterable, Sendable {
  case standard, light, heavy, none

  /// The preset called `name`; throws a `LabError` that lists them.
  public init(named name: String) throws {
    guard let preset = AugmentationPreset(rawValue: name) else {
      throw unknownName(name, what: "augmentation preset", known: AugmentationPreset.allCases.map(\.rawValue))
    }
    self = preset
  }

  /// The configuration that it stands for, in order.
  ///
  /// The published heavy preset says of its colour jitter only saturation and hue; brightness and contrast are changed
  /// by the step before it.
  public var configuration: [(name: String, value: JSONValue)] {
    switch self {
    case .standard:
      [
        ("horizontal_flip", 0.5), ("vertical_flip", 0.3), ("rotation", ["degrees": 15, "probability": 0.5]),
        ("brightness_contrast", ["brightness": 0.2, "contrast": 0.2]),
      ]
    case .light:
      [("horizontal_flip", 0.3), ("brightness_contrast", ["brightness": 0.1, "contrast": 0.1])]
    case .heavy:
      [
        ("horizontal_flip", 0.7), ("vertical_flip", 0.5), ("rotation", ["degrees": 30, "probability": 0.7]),
        ("brightness_contrast", ["brightness": 0.3, "contrast": 0.3]),
        ("color_jitter", ["brightness": 0, "contrast": 0, "saturation": 0.2, "hue": 0.1]),
        ("gaussian_blur", ["kernel_size": 3]),
      ]
    case .none: []
    }
  }
}
