import ArgumentParser
import DataUtils
import Defects
import Foundation
import Plotting
import Synchronization
import Utils

/// Which set of images with defects a command reads, and how.
struct SteelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A folder with images (img, images or train_images) and annotations (ann, annotations or train.csv).",
      valueName: "folder"))
  var path: String
  @Option(help: ArgumentHelp("The images, where they lie elsewhere.", valueName: "folder"))
  var images: String?
  @Option(help: ArgumentHelp("The annotations, where they lie elsewhere.", valueName: "folder or csv"))
  var annotations: String?
  @Option(help: "4 classes, or 5 with no_defect.")
  var classes: Int = 4
  @Option(help: "Rows of an image (default: those of the first one).")
  var height: Int?
  @Option(help: "Columns of an image (default: those of the first one).")
  var width: Int?
  @Flag(help: "Resize images of another size; they are refused otherwise.")
  var resize = false
  @Option(help: ArgumentHelp("How the images are divided.", valueName: "name"))
  var strategy: String = SplitStrategy.stratified701515.rawValue
  @Option(help: "What the division depends on.")
  var seed: UInt64 = 42

  /// Loads the set, its parts from the files in `splits` where that is given.
  func load(splits: String? = nil) throws -> SteelData {
    guard classes == 4 || classes == 5 else {
      throw LabError(.usage, "there are no \(classes) classes", remedy: "choose 4, or 5 with no_defect")
    }
    for side in [height, width].compactMap(\.self) where !SteelStrips.sides.contains(side) {
      throw LabError(.usage, "an image cannot have a side of \(side) pixels", remedy: "choose 16 to 4096")
    }
    var request = SteelData.Request(try folder())
    let size = try request.folder.firstSize()
    (request.height, request.width) = (height ?? size.height, width ?? size.width)
    request.classes = classes == 4 ? .four : .five
    request.resize = resize
    if let splits {
      request.parts = .files(URL(fileURLWithPath: splits))
    } else {
      let strategy = try SplitStrategy(named: strategy)
      request.parts = .stratified(strategy, seed: seed)
    }
    let bar = Mutex<ProgressBar?>(nil)
    defer { bar.withLock { $0?.clear() } }
    return try SteelData.load(request) { done, total in
      bar.withLock { bar in
        if bar == nil { bar = ProgressBar("reading images", total: total, unit: "images") }
        bar?.show(done)
      }
    }
  }

  private func folder() throws -> SteelFolder {
    if let images, let annotations {
      return SteelFolder(
        images: URL(fileURLWithPath: images), annotations: URL(fileURLWithPath: annotations))
    }
    let found = try SteelFolder(URL(fileURLWithPath: path))
    return SteelFolder(
      images: images.map { URL(fileURLWithPath: $0) } ?? found.images,
      annotations: annotations.map { URL(fileURLWithPath: $0) } ?? found.annotations)
  }
}

/// `lab data check FOLDER`: reads every image and annotation, and says what is wrong; exit code 1 where anything is.
struct DataCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read a set of images with defects and say what is wrong with it.",
    discussion: """
      With --splits also: that train.txt, val.txt and test.txt have every image exactly once, and how often each class \
      is in each of them. An image without an annotation is no fault: it counts as one without defects.
      """)

  @OptionGroup var options: SteelOptions
  @Option(help: ArgumentHelp("The folder of train.txt, val.txt and test.txt.", valueName: "folder"))
  var splits: String?

  func run() throws {
    let data = try options.load(splits: splits)
    print("\(grouped(data.report.imageCount)) images, \(grouped(data.report.objectCount)) objects")
    print(PartsTable.text(data))
    for sentence in data.report.sentences + data.warnings { print(sentence) }
    let faults = data.report.findings.filter { $0.problem != .missingAnnotation }
    guard let first = faults.first else { return }
    throw LabError(
      .data,
      "\(grouped(faults.count)) fault\(faults.count == 1 ? " was" : "s were") found, the first in \(first.file)",
      remedy: "mend or remove these files; a training does with them what the lines above say")
  }
}

/// `lab data split FOLDER --output FOLDER`: divides a set and saves the parts.
struct DataSplit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split", abstract: "Divide a set of images with defects, and save the parts as text files.")

  @OptionGroup var options: SteelOptions
  @Option(help: ArgumentHelp("Where train.txt, val.txt and test.txt are written.", valueName: "folder"))
  var output: String

  func run() throws {
    let data = try options.load()
    let folder = URL(fileURLWithPath: output)
    try SplitFiles.write(data.split, names: data.names, to: folder)
    print(PartsTable.text(data))
    for sentence in data.report.sentences + data.warnings { print(sentence) }
    print("train.txt, val.txt and test.txt lie in \(folder.relativePath)")
  }
}

/// `lab data preview FOLDER`: a sheet of what augmentation does.
struct DataPreview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Show what augmentation makes of the images of a set with defects.",
    discussion: """
      A row is a training image: as it is with its defects outlined, then changed as in the first epochs of a training. \
      The augmentations are those of --preset, or of --step in the order given: \
      --step horizontal_flip=0.5 --step 'defect_blackout={"classes":[1,2],"min_pixels":15}'.
      """)

  @OptionGroup var options: SteelOptions
  @Option(help: ArgumentHelp("standard, light, heavy or none.", valueName: "name"))
  var preset: String = AugmentationPreset.standard.rawValue
  @Option(
    help: ArgumentHelp("An augmentation and its value as JSON; instead of a preset.", valueName: "name=json"))
  var step: [String] = []
  @Option(help: "How many images.")
  var samples: Int = 6
  @Option(help: "How many changed versions of each.")
  var versions: Int = 2
  @Option(help: ArgumentHelp("Where the picture is written: NAME.png and NAME.svg.", valueName: "name"))
  var output: String = "preview"

  func run() throws {
    guard 1...40 ~= samples, 1...8 ~= versions else {
      throw LabError(
        .usage, "\(samples) images in \(versions) versions are not shown",
        remedy: "choose 1 to 40 images and 1 to 8 versions")
    }
    let configuration =
      step.isEmpty ? try AugmentationPreset(named: preset).configuration : try step.map(parsed)
    let classes: DefectClasses = options.classes == 4 ? .four : .five
    let steps = try AugmentationRegistry.steel.steps(configuration, classes: classes)
    let images = try options.load().splits.train
    let title = "\(images.name): \(step.isEmpty ? "\(preset) augmentation" : "augmentation")"
    let figure = try AugmentationSheet.figure(
      of: images, chosen(images), versions: versions, steps: steps, seed: options.seed, title: title)
    let given = URL(fileURLWithPath: output)
    let place = ["png", "svg"].contains(given.pathExtension) ? given.deletingPathExtension() : given
    let folder = place.deletingLastPathComponent()
    try figure.write(to: folder, named: place.lastPathComponent)
    print("\(place.relativePath).png and .svg show \(min(samples, images.count)) images")
  }

  private func parsed(_ text: String) throws -> (name: String, value: JSONValue) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let value = try? JSONValue(parsing: parts[1]) else {
      throw LabError(
        .usage, "--step \(text.quoted) is no augmentation and its value",
        remedy: "write it as horizontal_flip=0.5 or rotation='{\"degrees\":10}'")
    }
    return (parts[0], value)
  }

  /// Images of each class in turn, so that a few show all kinds.
  private func chosen(_ images: Dataset) -> [Int] {
    var queues = images.classNames.indices.map { label in
      (0..<images.count).filter { images.targets($0)?[label] == 1 }
    }
    queues.append((0..<images.count).filter { images.mask($0)?.isEmpty == true })
    var order: [Int] = []
    while order.count < samples, queues.contains(where: { !$0.isEmpty }) {
      for index in queues.indices where order.count < samples {
        queues[index].removeAll { order.contains($0) }
        if !queues[index].isEmpty { order.append(queues[index].removeFirst()) }
      }
    }
    return order
  }
}

/// How many images of each class each part has.
private enum PartsTable {
  static func text(_ data: SteelData) -> String {
    let names = data.dataset.classNames
    let rows = data.split.parts.map { name, indices in
      [name, grouped(indices.count)]
        + names.indices.map { label in
          let count = indices.count { data.dataset.targets($0)?[label] == 1 }
          let share = indices.isEmpty ? 0 : (Double(count) / Double(indices.count) * 1000).rounded() / 10
          return "\(grouped(count)) (\(share) %)"
        }
    }
    return aligned([["PART", "IMAGES"] + names.map { $0.uppercased() }] + rows)
  }
}
