import DataUtils
import Foundation
import Images
import Utils

/// A set of images with defects, loaded: its parts with masks, and what was wrong with its files.
public struct SteelData: Sendable {
  /// Where the parts come from.
  public enum Parts: Sendable {
    /// An iterative stratification with a seed.
    case stratified(SplitStrategy, seed: UInt64)
    /// `train.txt`, `val.txt` and `test.txt` in a folder.
    case files(URL)
  }

  /// What is loaded, and how.
  public struct Request: Sendable {
    /// Where the files lie.
    public var folder: SteelFolder
    /// The classes to tell apart.
    public var classes = DefectClasses.four
    /// The size of a sample in pixels.
    public var height = 256, width = 1600
    /// Whether images of another size are resized; they are refused otherwise.
    public var resize = false
    /// Where the parts come from.
    public var parts = Parts.stratified(.stratified701515, seed: 42)

    /// All of the set in `folder`, as published.
    public init(_ folder: SteelFolder) { self.folder = folder }
  }

  /// The images that can be read, in the order of their names, [3, H, W] each, with targets and masks.
  public let dataset: Dataset
  /// Their names.
  public let names: [String]
  /// Which of them belong to which part.
  public let split: SplitIndices
  /// What was wrong with the files.
  public let report: AnnotationReport
  /// What is to be said about the parts; see `SplitCheck`.
  public let warnings: [String]

  /// Loads what `request` asks for, with all cores; every image is decoded once, to find those that cannot be.
  ///
  /// Images without defects and those whose annotation is missing or malformed show none; unreadable images are left
  /// out. Throws a `LabError` for an image of another size unless it may be resized, and when none is left.
  ///
  /// - Parameter progress: told how many of how many images are read, one call at a time, from any thread.
  public static func load(
    _ request: Request, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> SteelData {
    let source = try AnnotationSource(at: request.folder.annotations)
    let names = try request.folder.imageNames()
    let files = ImageFiles(
      names.map { ImageFile(request.folder.images.appending(path: $0)) },
      ImageFit(
        channels: 3, height: request.height, width: request.width, request.resize ? .stretch : .exact))
    let readings = try concurrentMap(names.count, progress: { progress($0, names.count) }) { index in
      try Reading(names[index], index, of: files, source, request)
    }
    return try SteelData(readings, names: names, files: files, source: source, request: request)
  }

  private init(
    _ readings: [Reading], names: [String], files: ImageFiles, source: AnnotationSource, request: Request
  ) throws {
    let kept = readings.indices.filter { readings[$0].annotation != nil }
    let annotations = kept.compactMap { readings[$0].annotation }
    guard !kept.isEmpty else {
      throw LabError(
        .data,
        "no image of \(request.folder.images.relativePath) can be read: \(readings[0].findings[0].reason)",
        remedy: "copy the images again")
    }
    guard annotations.contains(where: { !$0.findings.contains { $0.problem == .missingAnnotation } }) else {
      throw LabError(
        .data,
        "none of \(kept.count) images has an annotation in \(request.folder.annotations.relativePath)",
        remedy: "name the folder of the JSON files, or Kaggle's train.csv")
    }
    var report = AnnotationReport()
    report.imageCount = kept.count
    report.objectCount = annotations.reduce(0) { $0 + $1.objectCount }
    report.findings =
      source.findings + source.withoutImage(Set(names)).map { .init(.missingImage, $0, "its image is not there") }
      + readings.flatMap(\.findings)
    self.report = report
    let strangers = report.findings.filter { $0.problem == .unknownClass }
    if let first = strangers.first, report.objectCount == 0 {
      throw LabError(
        .data,
        "none of \(grouped(strangers.count)) objects is of a class of \(request.classes.names.joined(separator: ", ")): in "
          + "\(first.file) \(first.reason)",
        remedy: "name the classes as the annotations do, with data.class_names")
    }
    let targets = annotations.flatMap { request.classes.targets(showing: $0.present) }
    let isMadeUp = FileManager.default.fileExists(
      atPath: request.folder.images.deletingLastPathComponent().appending(path: "steel.json").path)
    let readable = Dataset(
      name: "steel", sampleShape: files.sampleShape, features: .images(files),
      labels: [Int32](repeating: 0, count: names.count), classNames: request.classes.names
    ).subset(kept)
    dataset = Dataset(
      name: "steel", sampleShape: files.sampleShape, features: readable.features, targets: targets,
      classNames: request.classes.names,
      licence: isMadeUp ? "none needed: generated" : "see where it comes from"
    ).withMasks(annotations.map(\.mask))
    self.names = kept.map { names[$0] }
    let rows = MultiLabelTargets(targets, classes: request.classes.names.count)
    split =
      switch request.parts {
      case .stratified(let strategy, let seed):
        IterativeStratification.split(rows, ratios: strategy.ratios, seed: seed)
      case .files(let folder): try SplitFiles.read(folder, names: self.names)
      }
    guard !split.train.isEmpty else {
      throw LabError(
        .data, "none of \(kept.count) images is left to train on", remedy: "use more images, or another split"
      )
    }
    warnings = SplitCheck.warnings(split, targets: rows, classNames: request.classes.names)
  }

  /// The parts, each with its targets and masks; those without an image are missing.
  public var splits: DataSplits {
    DataSplits(
      train: dataset.subset(split.train), val: split.val.isEmpty ? nil : dataset.subset(split.val),
      test: split.test.isEmpty ? nil : dataset.subset(split.test))
  }

  /// What a run keeps: the report and the warnings.
  public var json: JSONValue {
    ["annotations": report.json, "warnings": .array(warnings.map { .string($0) })]
  }
}

/// What became of one image: its annotation, or none when it is left out.
private struct Reading: Sendable {
  var annotation: AnnotationSource.Annotation?
  var findings: [AnnotationReport.Finding]

  init(
    _ name: String, _ index: Int, of files: ImageFiles, _ source: AnnotationSource,
    _ request: SteelData.Request
  ) throws {
    let path = files.file(index).url.relativePath
    let header: ImageHeader
    do {
      let bytes = try InputFile.read(files.file(index).url)
      header = try ImageHeader(of: bytes, file: path)
      if (header.height, header.width) == (request.height, request.width) || request.resize {
        _ = try files.bytes(index)
      }
    } catch {
      let reason = ((error as? LabError)?.cause ?? "\(error)").replacing(path, with: "it")
      (annotation, findings) = (nil, [.init(.unreadableImage, name, reason)])
      return
    }
    guard request.resize || (header.height, header.width) == (request.height, request.width) else {
      throw LabError(
        .data,
        "\(name) has \(header.height) x \(header.width) pixels instead of \(request.height) x \(request.width)",
        remedy: "leave it out, or let all images be resized (lab: --resize; train: data.resize=true)")
    }
    var annotation = source.annotation(
      of: name, height: header.height, width: header.width, classes: request.classes)
    annotation.mask = annotation.mask.resized(height: request.height, width: request.width)
    (self.annotation, findings) = (annotation, annotation.findings)
  }
}
