import DataUtils
import Engine
import Foundation
import Tracking
import Utils

/// `evaluate`: rebuilds a network from its checkpoint alone and judges it.
struct EvaluateCommand {
  let catalog: ModelCatalog
  let workspace: Workspace?
  let options: EvaluateOptions

  /// The command as its options say; `workspace` is found when none is given.
  init(_ catalog: ModelCatalog, _ options: EvaluateOptions, in workspace: Workspace? = nil) {
    self.catalog = catalog
    self.workspace = workspace
    self.options = options
  }

  func run() throws -> Int32 {
    let logger = Narrative.begin(level: try options.common.level())
    try options.common.prepareComputing()
    let split = try options.split.map(part)
    let workspace = try self.workspace ?? Workspace()
    let outputs =
      options.outputDir.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? workspace.outputs(of: catalog.folder)
    let (url, run) = try CheckpointFinder(outputs: outputs, workspace: workspace).find(options.checkpoint)
    let checkpoint = try Checkpoint(contentsOf: url)
    let network = try catalog.network(of: checkpoint, url)
    let plan = try self.plan(checkpoint, url)
    if options.regions {
      let painter = RegionPainter(plan.data, title: plan.experiment.name)
      print(try painter?.figure(of: network, subtitle: "training samples").json.text() ?? "{}")
      return 0
    }

    let thresholds = TunedThresholds(
      among: checkpoint.metrics, classNames: plan.data.splits.train.classNames)
    let judgement = try Judgement(
      network, plan, on: split ?? plan.experiment.band.part, thresholds: thresholds)
    let trained = checkpoint.lab["experiment"]?.string ?? plan.experiment.name
    let epoch = checkpoint.lab["position"]?["epoch"]?.int.map { " after epoch \($0)" } ?? ""
    logger.info(
      "\(aligned([["checkpoint", url.path], ["trained on", "\(trained)\(epoch)"], ["judged on", plan.experiment.name]]))"
    )
    for line in judgement.lines(plan.experiment) { logger.info("\(line)") }
    for table in tables(judgement, plan.data.splits.train.classNames) { logger.info("\n\(table)") }
    for file in try written(judgement, plan, network, checkpoint: url, run: run) {
      logger.info("written: \(file.path)")
    }
    return 0
  }

  private func part(_ name: String) throws -> DataSplits.Part {
    guard let part = DataSplits.Part(rawValue: name) else {
      let names = DataSplits.Part.allCases.map(\.rawValue)
      let near = nearestName(to: name, in: names).map { "did you mean \($0)? " } ?? ""
      throw LabError(
        .usage, "--split \(name) is no part", remedy: near + "the parts are \(names.joined(separator: ", "))")
    }
    return part
  }

  /// The data to judge on: those of the checkpoint's own experiment as it was run, or of another one, which are then
  /// prepared as the network learnt to see them.
  private func plan(_ checkpoint: Checkpoint, _ url: URL) throws -> RunPlan {
    let own = checkpoint.lab["experiment"]?.string
    guard let name = options.experiment ?? own else {
      throw LabError(
        .checkpoint, "\(url.path) does not say on what it was trained", remedy: "give --experiment")
    }
    let experiment = try catalog.experiment(name)
    var settings = experiment.settings
    let isOwn = try own.map { try catalog.experiment($0).name } == experiment.name
    if isOwn, let saved = checkpoint.lab["settings"] { try settings.restore(saved, source: url.path) }
    let folder = DataFolder(options.common.dataRoot)
    var plan = try RunPlan(
      catalog, experiment, settings, folder: folder, prefetch: try options.common.prefetch())
    try check(plan, checkpoint, url)
    if !isOwn, let saved = checkpoint.lab["data"]?["preprocessing"] {
      plan.data.preprocessing = try Preprocessing(json: saved)
      guard plan.data.preprocessing.fits(plan.data.splits.train.sampleShape) else {
        throw LabError(
          .checkpoint, "\(url.path) prepares samples of another shape than its network takes",
          remedy: "use another checkpoint")
      }
    }
    return plan
  }

  /// Refuses data of another shape or with other classes than the network was made for.
  private func check(_ plan: RunPlan, _ checkpoint: Checkpoint, _ url: URL) throws {
    let data = checkpoint.lab["data"]
    let shape = data?["sample_shape"]?.array?.compactMap(\.int)
    let classes = data?["classes"]?.array?.count
    let train = plan.data.splits.train
    guard shape == nil || shape == Array(train.sampleShape), classes == nil || classes == plan.data.classes
    else {
      throw LabError(
        .checkpoint,
        "\(url.path) was trained on samples of shape \(shape ?? []) in \(classes ?? 0) classes, and \(plan.experiment.name) has samples of shape \(train.sampleShape) in \(plan.data.classes)",
        remedy: "judge it on its own experiment: leave --experiment out")
    }
    let network = try averaging(plan.bareNetwork(), as: checkpoint.lab["settings"])
    try checkpoint.load(into: network)  // a file may claim any shape of data; its weights do not lie
  }

  /// What the flags ask to be written: the result, the predictions, the pictures.
  private func written(
    _ judgement: Judgement, _ plan: RunPlan, _ network: any Layer, checkpoint: URL, run: RunFolder?
  ) throws -> [URL] {
    var files: [URL] = []
    let beside = run?.url ?? checkpoint.deletingLastPathComponent()
    let output = options.output.map { URL(filePath: $0) }
    if let output {
      var result = judgement.result(plan.experiment).json.object ?? [:]
      result["checkpoint"] = .string(checkpoint.path)
      result["checkpoint_sha256"] = .string(try SHA256.hex(ofFileAt: checkpoint))
      result.merge(judgement.details) { $1 }
      result["classes"] = .array(plan.data.splits.train.classNames.map(JSONValue.string))
      try AtomicFile.write(JSONValue.object(result).text(pretty: true) + "\n", to: output, kind: .usage)
      files.append(output)
    }
    if options.savePredictions {
      let url =
        output?.deletingPathExtension().appendingPathExtension("predictions.csv")
        ?? beside.appending(path: "predictions_\(judgement.part).csv")
      try AtomicFile.write(
        judgement.predictions(classNames: plan.data.splits.train.classNames), to: url, kind: .usage)
      files.append(url)
    }
    if options.visualize {
      let folder = beside.appending(path: "visualizations/evaluation_\(judgement.part)")
      try OutputLinks.refuse(at: folder.deletingLastPathComponent())
      try OutputLinks.refuse(inside: folder)
      let context = PictureContext(plan, network, judgement)
      for plot in plan.experiment.plots { files += try plot.write(context, to: folder) }
    }
    return files
  }

  /// What is told of the classes, one by one: by the usual threshold, and by tuned ones.
  private func tables(_ judgement: Judgement, _ classNames: [String]) -> [String] {
    switch judgement.evaluation.outcome {
    case .classes(_, let confusion): [confusion.report(classNames: classNames)]
    case .multiLabel(_, let report): [report.text] + (judgement.optimized.map { [$0.text] } ?? [])
    }
  }
}

extension Preprocessing {
  /// Samples of `shape` can go through.
  fileprivate func fits(_ shape: Shape) -> Bool {
    switch self {
    case .none: true
    case .standardized(let standardizer): standardizer.means.count == shape.elementCount
    case .normalized(let normalization): normalization.means.count == shape.first
    }
  }
}
