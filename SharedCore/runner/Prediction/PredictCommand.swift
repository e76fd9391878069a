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
    let (files, missing) = try PictureSearch.files(options.images)
    let predictor = try predictor()
    var predictions = Predictions(classNames: predictor.classNames)
    var drawing =
      options.visualize
      ? PredictionDrawing(predictor, folder: URL(filePath: options.drawings, directoryHint: .isDirectory))
      : nil
    var bar = ProgressBar("predicting", total: files.count, unit: "pictures")
    for start in stride(from: 0, to: files.count, by: options.batchSize) {
      let batch = files[start..<min(start + options.batchSize, files.count)]
      try predict(batch, predictor, into: &predictions, drawing: &drawing)
      bar.show(start + batch.count)
    }
    bar.clear()
    for failure in missing { logger.warning("left out: \(failure)") }
    for failure in predictions.failures { logger.warning("left out: \(failure.reason)") }
    try write(predictions, logger)
    return predictions.failures.isEmpty && missing.isEmpty ? 0 : 1
  }

  private func predictor() throws -> Predictor {
    let outputs =
      try options.outputDir.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? (workspace ?? Workspace()).outputs(of: catalog.folder)
    let (url, _) = try CheckpointFinder(
      outputs: outputs, workspace: workspace ?? (try? Workspace())
    ).find(options.checkpoint)
    let checkpoint = try Checkpoint(contentsOf: url)
    return try Predictor(
      try catalog.network(of: checkpoint, url), checkpoint, url, resizes: options.resize)
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
    predictions.rows += zip(names, answers).map { ($0, $1) }
    try drawing?.draw(names, pictures, inputs, answers)
  }

  private func write(_ predictions: Predictions, _ logger: Logger) throws {
    guard let output = options.output else { return print(predictions.csv, terminator: "") }
    let text = output.hasSuffix(".json") ? predictions.json.text(pretty: true) + "\n" : predictions.csv
    try AtomicFile.write(text, to: URL(filePath: output), kind: .usage)
    logger.info("written: \(output), \(predictions.rows.count) pictures")
    if options.visualize { logger.info("drawn: \(options.drawings)") }
  }
}
