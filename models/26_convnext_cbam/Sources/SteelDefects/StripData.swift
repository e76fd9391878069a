import DataUtils
import Defects
import Engine
import Foundation
import Runner
import Synchronization
import Utils

/// Steel strips: those of a folder in the form of the Severstal set, and made-up ones that need no folder.
extension DataPlan {
  /// Images and annotations in the folders that the settings name.
  static func severstal(_ classes: DefectClasses) -> DataPlan {
    DataPlan(
      settings: [
        .text("data.img_dir", "data/images", "the folder of the images"),
        .text("data.ann_dir", "data/annotations", "the folder of Supervisely's JSON files, or train.csv"),
        .flag("data.resize", false, "resize images of another size instead of refusing them"),
        .text(
          "split_files", nil, "a folder of train.txt, val.txt and test.txt, as lab data split writes them"),
      ] + common(classes, height: 256, width: 1600),
      outline: { try blank(channels: 3, $0) }
    ) { request in
      let settings = request.settings
      var wanted = SteelData.Request(
        SteelFolder(images: place("data.img_dir", settings), annotations: place("data.ann_dir", settings)))
      guard FileManager.default.fileExists(atPath: wanted.folder.images.path) else {
        throw LabError(
          .data, "there is no folder of images \(wanted.folder.images.relativePath)",
          remedy:
            "make strips with lab data make steel --output FOLDER, then give data.img_dir=FOLDER/img and "
            + "data.ann_dir=FOLDER/ann, or try --experiment strips")
      }
      wanted.classes = try chosenClasses(settings)
      (wanted.height, wanted.width) = size(settings)
      wanted.resize = settings.bool("data.resize")
      wanted.parts =
        if let folder = settings.text("split_files") {
          .files(URL(filePath: folder))
        } else {
          .stratified(try SplitStrategy(named: settings.string("data.split_strategy")), seed: request.seed)
        }
      let bar = Mutex<ProgressBar?>(nil)
      let steel = try SteelData.load(wanted) { done, total in
        bar.withLock { bar in
          if bar == nil { bar = ProgressBar("reading", total: total, unit: "images") }
          bar?.show(done)
        }
      }
      bar.withLock { $0?.clear() }
      var data = try prepared(steel.splits, settings)
      (data.report, data.warnings) = (steel.json, steel.report.sentences + steel.warnings)
      return data
    }
  }

  /// Strips that are drawn from the seed, in memory; `strips` is how many.
  static func madeUp(_ classes: DefectClasses, strips: Int, height: Int, width: Int) -> DataPlan {
    DataPlan(
      settings: [.whole("strips", strips, in: 20...20_000, "strips to draw")]
        + common(classes, height: height, width: width),
      outline: { try blank(channels: 1, $0) }
    ) { request in
      let settings = request.settings
      let (height, width) = size(settings)
      let maker = try SteelStrips(height: height, width: width, seed: request.seed)
      let classes = try chosenClasses(settings)
      let count = settings.count("strips")
      var pixels: [UInt8] = []
      pixels.reserveCapacity(count * height * width)
      var (targets, masks): ([UInt8], [RegionMask]) = ([], [])
      for index in 0..<count {
        let strip = maker.strip(index)
        pixels += strip.pixels
        let shown = strip.objects.compactMap { classes.defect(titled: SteelStrips.kindNames[$0.kind]) }
        targets += classes.targets(showing: shown)
        masks.append(mask(of: strip.objects, classes, height: height, width: width))
      }
      let all = Dataset(
        name: "strips", sampleShape: [1, height, width], features: .bytes(pixels, maximum: 255),
        targets: targets,
        classNames: classes.names
      ).withMasks(masks)
      let split = IterativeStratification.split(
        MultiLabelTargets(targets, classes: classes.names.count),
        ratios: try SplitStrategy(named: settings.string("data.split_strategy")).ratios, seed: request.seed)
      return try prepared(
        DataSplits(
          train: all.subset(split.train), val: all.subset(split.val), test: all.subset(split.test)), settings)
    }
  }

  /// One black strip without a defect, of the size and with the classes of the settings.
  private static func blank(channels: Int, _ settings: Settings) throws -> ExperimentData {
    let (height, width) = size(settings)
    let names = try chosenClasses(settings).names
    return try prepared(
      DataSplits(
        trainingOnAll: Dataset(
          name: "strips", sampleShape: [channels, height, width],
          features: .bytes([UInt8](repeating: 0, count: channels * height * width), maximum: 255),
          targets: names.map { _ in 0 }, classNames: names)), settings)
  }

  /// What belongs to which class; of objects that overlap the last one counts.
  private static func mask(
    of objects: [SteelStrips.Object], _ classes: DefectClasses, height: Int, width: Int
  ) -> RegionMask {
    var map = [UInt8](repeating: 0, count: height * width)
    for object in objects {
      guard let label = classes.defect(titled: SteelStrips.kindNames[object.kind]) else { continue }
      for run in object.mask.runs {
        let start = Int(run.row) * width + Int(run.column)
        for place in start..<start + Int(run.length) { map[place] = UInt8(label + 1) }
      }
    }
    return RegionMask(map: map, height: height, width: width)
  }

  private static func common(_ classes: DefectClasses, height: Int, width: Int) -> [Setting] {
    let names = "[\(classes.names.joined(separator: ", "))]"
    return [
      .whole(
        "data.num_workers", 0, in: 0...64, "threads that prepare batches ahead; 0 leaves it to the loader"),
      .flag("data.pin_memory", false, "of no effect on a processor"),
      .value(
        "data.image_size", "[\(height), \(width)]", in: .list(.whole(16...4096), 2...2),
        "height and width, in pixels"),
      .whole("model.num_classes", classes.names.count, in: 1...254, "how many classes there are"),
      .whole("data.num_classes", classes.names.count, in: 1...254, "how many classes there are"),
      .value(
        "data.class_names", names, in: .list(.text, 1...254), "what the classes are called, in their order"),
      .choice(
        "data.split_strategy", SplitStrategy.stratified701515.rawValue,
        of: SplitStrategy.allCases.map(\.rawValue),
        "how the images become parts"),
    ] + augmentationSettings
  }

  /// A step of the augmentation each, with the standard preset's values.
  private static var augmentationSettings: [Setting] {
    func text(_ value: JSONValue?) -> String { value?.text() ?? "none" }
    let names = AugmentationRegistry.steel.names
    func values(_ preset: AugmentationPreset) -> [String: String] {
      let given = Dictionary(preset.configuration.map { ($0.name, $0.value) }) { first, _ in first }
      return Dictionary(uniqueKeysWithValues: names.map { ("augmentation.\($0)", text(given[$0])) })
    }
    let presets = Dictionary(
      uniqueKeysWithValues: AugmentationPreset.allCases.map { ($0.rawValue, values($0)) })
    return [
      .preset("augmentation_preset", "standard", of: presets, "augmentations that go together"),
      .value(
        "augmentation.order", "[\(names.joined(separator: ", "))]", in: .list(.text, 0...100),
        "what is done first; the others follow"),
    ]
      + AugmentationRegistry.steel.list.map { entry in
        Setting.value("augmentation.\(entry.name)", nil, in: .mapping, entry.description)
      }
  }

  private static func place(_ key: String, _ settings: Settings) -> URL {
    URL(filePath: settings.string(key))
  }

  private static func size(_ settings: Settings) -> (height: Int, width: Int) {
    let sides = settings.list("data.image_size").compactMap(\.int)
    return (sides[0], sides[1])
  }

  /// The classes by their names, of which there are as many as the configuration says twice.
  private static func chosenClasses(_ settings: Settings) throws -> DefectClasses {
    let names = settings.list("data.class_names").compactMap(\.string)
    for key in ["data.num_classes", "model.num_classes"]
    where settings.count(key) != names.count {
      throw LabError(
        .config, "\(key) is \(settings.count(key)), and data.class_names has \(names.count) names",
        remedy: "make them agree")
    }
    return try DefectClasses(names: names)
  }

  /// The parts with what a network is shown of them: normalised as ImageNet's pictures, the training part changed.
  private static func prepared(
    _ splits: DataSplits, _ settings: Settings
  ) throws -> ExperimentData {
    let grey = splits.train.sampleShape[0] == 1
    var data = ExperimentData(splits, .normalized(grey ? .greyImageNet : .imageNet))
    let first = settings.list("augmentation.order").compactMap(\.string)
    let order = first + AugmentationRegistry.steel.names.filter { !first.contains($0) }
    let steps = try AugmentationRegistry.steel.steps(
      order.map {
        ($0, try settings.has("augmentation.\($0)") ? settings.value(of: "augmentation.\($0)") : unknown($0))
      },
      classes: try chosenClasses(settings))
    (data.targetAugmentations, data.augmentations) = (steps.targets, steps.images)
    return data
  }

  private static func unknown(_ name: String) throws -> JSONValue {
    throw unknownName(name, what: "augmentation", known: AugmentationRegistry.steel.names)
  }
}
