import DataUtils
import Utils

extension AugmentationRegistry {
  /// Everything that steel strips are trained with.
  public static let steel: AugmentationRegistry = {
    let share = AugmentationParameter.Domain.number(0...1)
    let amount = AugmentationParameter.Domain.number(0...1)
    var registry = AugmentationRegistry()
    registry.register(
      "horizontal_flip", "turns the image round, left for right",
      parameters: [.init("probability", 0.5, share, isMain: true)]
    ) { values, _ in .image(HorizontalFlip(probability: values.number("probability"))) }
    registry.register(
      "vertical_flip", "turns the image upside down",
      parameters: [.init("probability", 0.3, share, isMain: true)]
    ) { values, _ in .image(VerticalFlip(probability: values.number("probability"))) }
    registry.register(
      "rotation", "turns the image by up to so many degrees to either side",
      parameters: [.init("degrees", 15, .number(0...180), isMain: true), .init("probability", 0.5, share)]
    ) { values, _ in
      .image(RandomRotation(degrees: values.number("degrees"), probability: values.number("probability")))
    }
    registry.register(
      "brightness_contrast", "changes brightness and contrast",
      parameters: [
        .init("brightness", 0.2, amount, isMain: true), .init("contrast", 0.2, amount, isMain: true),
      ]
    ) { values, _ in
      .image(ColorJitter(brightness: values.number("brightness"), contrast: values.number("contrast")))
    }
    registry.register(
      "color_jitter", "changes brightness, contrast, saturation and hue",
      parameters: [
        .init("brightness", 0.1, amount), .init("contrast", 0.1, amount), .init("saturation", 0.1, amount),
        .init("hue", 0.05, .number(0...0.5)),
      ]
    ) { values, _ in
      .image(
        ColorJitter(
          brightness: values.number("brightness"), contrast: values.number("contrast"),
          saturation: values.number("saturation"), hue: values.number("hue")))
    }
    registry.register(
      "gaussian_blur", "blurs the image",
      parameters: [
        .init("kernel_size", 3, .odd(1...63), isMain: true), .init("sigma", [0.1, 2.0], .range(0.01...100)),
      ]
    ) { values, _ in
      .image(GaussianBlur(kernelSize: values.whole("kernel_size"), sigma: values.range("sigma")))
    }
    registry.register(
      "defect_blackout", "paints defects over and takes them out of the targets",
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
    registry.register(
      "defect_aware_cutmix", "pastes a piece of another image in where no defect is",
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
    return registry
  }()
}

/// Augmentations that go together, under one name.
public enum AugmentationPreset: String, CaseIterable, Sendable {
  case standard, light, heavy, none

  /// The preset called `name`; throws a `LabError` that lists them.
  public init(named name: String) throws {
    guard let preset = AugmentationPreset(rawValue: name) else {
      let names = AugmentationPreset.allCases.map(\.rawValue)
      let near = nearestName(to: name, in: names).map { "did you mean \($0)? " } ?? ""
      throw LabError(
        .config, "there is no augmentation preset \(name.quoted)",
        remedy: near + "choose among \(names.joined(separator: ", "))")
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
