import DataUtils
import Engine
import Foundation
import Logging
import Plotting
import Utils

/// `predict`: what a trained network says of pictures that nobody has labelled.
struct PredictCommand {
  let catalog: ModelCatalog
  let workspace: Workspace?
  let options: PredictOptions

  /// The command as its options say; `workspace` is found when none is given.
  init(_ catalog: ModelCatalog, _ options: PredictOptions, in workspace: Workspace? = nil) {
    (self.catalog, self.options, self.workspace) = (catalog, options, workspace)
  }

  /// Predicts, writes and draws; 0, or 1 when a picture could not be read, which the others do not suffer for.
  func run() throws -> Int32 {
    let logger = Narrative.begin(level: try options.common.level())
    try options.common.prepareComputing()
    guard (1...10_000).contains(options.batchSize) else {
      throw LabError(
        .usage, "--batch-size is \(options.batchSize)", remedy: "give a whole number from 1 to 10000")
    }
    if let output = options.output, ![".csv", ".json"].contains(where: output.hasSuffix) {
      throw LabError(
        .usage, "--output \(output) is neither CSV nor JSON", remedy: "let it end with .csv or .json")
    }
    if options.drawings != nil, !options.visualize {
      throw LabError(
        .usage, "--drawings says where drawings go, and none are asked for", remedy: "add --visualize")
    }
    let threshold = try options.commonThreshold
    let (files, missing) = try PictureSearch.files(options.images)
    let predictor = try predictor(threshold)
    var predictions = Predictions(classNames: predictor.classNames, thresholds: predictor.thresholds)
    var drawing =
      options.visualize
      ? PredictionDrawing(predictor, folder: try drawingFolder()) : nil
    var squashing: String?
    var bar = ProgressBar("predicting", total: files.count, unit: "pictures")
    for start in stride(from: 0, to: files.count, by: options.batchSize) {
      let batch = files[start..<min(start + options.batchSize, files.count)]
      squashing = squashing ?? predictor.squashing(batch)
      try predict(batch, predictor, into: &predictions, drawing: &drawing)
      bar.show(start + batch.count)
    }
    bar.clear()
    if let squashing { logger.warning("\(squashing)") }
    tell(missing.map { "\($0)" } + predictions.failures.map(\.reason), logger)
    try write(predictions, logger)
    return predictions.failures.isEmpty && missing.isEmpty ? 0 : 1
  }

  /// What was left out, the first of many.
  private func tell(_ failures: [String], _ logger: Logger) {
    let shown = failures.count > 8 ? 5 : failures.count
    for failure in failures.prefix(shown) { logger.warning("left out: \(failure)") }
    if failures.count > shown {
      logger.warning("left out: \(failures.count - shown) more; --output FILE.json lists them all")
    }
  }

  /// Where the drawings go; throws where no folder can be made there.
  private func drawingFolder() throws -> URL {
    let folder = URL(filePath: options.drawings ?? PredictOptions.drawingsByDefault, directoryHint: .isDirectory)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw LabError(
        .usage, "no folder for drawings can be made at \(folder.relativePath)",
        remedy: "name another one with --drawings")
    }
    return folder
  }

  private func predictor(_ threshold: Double?) throws -> Predictor {
    let outputs =
      try options.outputDir.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? (workspace ?? Workspace()).outputs(of: catalog.folder)
    let (url, _) = try CheckpointFinder(
      outputs: outputs, workspace: workspace ?? (try? Workspace())
    ).find(options.checkpoint)
    let checkpoint = try Checkpoint(contentsOf: url)
    return try Predictor(
      try catalog.network(of: checkpoint, url), checkpoint, url, resizes: options.resize, threshold: threshold
    )
  }

  private func predict(
    _ files: ArraySlice<URL>, _ predictor: Predictor, into predictions: inout Predictions,
    drawing: inout PredictionDrawing?
  ) throws {
    let read = try predictor.read(files)
    var (names, pictures): ([URL], [[UInt8]]) = ([], [])
    for (file, result) in zip(files, read) {
      switch result {
      case .success(let bytes):
        names.append(file)
        pictures.append(bytes)
      case .failure(let error): predictions.failures.append((file, "\(error)"))
      }
    }
    guard !pictures.isEmpty else { return }
    let inputs = try predictor.inputs(pictures)
    let answers = predictor.answers(inputs)
    let drawn = try drawing?.draw(names, pictures, inputs, answers)
    predictions.rows += names.indices.map { (names[$0], answers[$0], drawn?[$0]) }
  }

  private func write(_ predictions: Predictions, _ logger: Logger) throws {
    guard let output = options.output else { return print(predictions.csv, terminator: "") }
    let text = output.hasSuffix(".json") ? predictions.json.text(pretty: true) + "\n" : predictions.csv
    try AtomicFile.write(text, to: URL(filePath: output), kind: .usage)
    logger.info("written: \(output), \(predictions.rows.count) pictures")
    if options.visualize { logger.info("drawn: \(options.drawings ?? PredictOptions.drawingsByDefault)") }
  }
}
