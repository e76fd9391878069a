import DataUtils
import Engine
import Foundation
import Tracking
import Utils

/// `train`: answers questions about experiments, or resolves one and runs it.
struct TrainCommand {
  let catalog: ModelCatalog
  let workspace: Workspace?
  let options: TrainOptions
  /// The same as it was typed.
  let arguments: [String]
  /// Hears of the run before its first step.
  let begun: (RunBeginning) throws -> Void

  /// The command as its options say; `workspace` is found when none is given.
  init(
    _ catalog: ModelCatalog, _ options: TrainOptions, in workspace: Workspace? = nil,
    arguments: [String] = Array(CommandLine.arguments.dropFirst()),
    begun: @escaping (RunBeginning) throws -> Void = { _ in }
  ) {
    self.begun = begun
    self.catalog = catalog
    self.arguments = arguments
    self.workspace = workspace
    self.options = options
  }

  func run() throws -> Int32 {
    if options.listExperiments {
      print(experimentTable(catalog))
      return 0
    }
    if let name = options.experimentInfo {
      print(experimentInfo(try catalog.experiment(name), of: catalog))
      return 0
    }
    if let entries = options.questions.gradcheck {
      try options.common.prepareComputing()
      print(try GradientChecking(catalog: catalog, options: options).json(entries: entries).text())
      return 0
    }
    if let checkpoint = options.questions.onnxCheckpoint, let file = options.questions.onnxFile {
      try options.common.prepareComputing()
      print(
        try ONNXExport(catalog: catalog).json(
          checkpoint: checkpoint, to: file, withExample: options.questions.onnxExample
        ).text())
      return 0
    }
    if options.questions.describe {
      print(try ModelDescription(catalog, options).json.text())
      return 0
    }
    if let input = options.questions.summary {
      try options.common.prepareComputing()
      print(try NetworkCounting(catalog: catalog, options: options).json(input: input).text())
      return 0
    }
    try options.check()
    let logger = Narrative.begin(level: options.debug ? .debug : try options.common.level())
    try options.common.prepareComputing()

    let workspace = try self.workspace ?? Workspace()
    let outputs =
      options.outputDir.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? workspace.outputs(of: catalog.folder)
    let request = StudyRequest(catalog: catalog, options: options)
    if let place = options.questions.studyMember {
      let member = try StudyMember(place, request)
      return try session(member.plan, workspace, outputs).train(member)
    }
    if let study = try request.resumed(under: outputs) { return try run(study, workspace, outputs) }
    let (experiment, resumption) = try whatToRun(CheckpointFinder(outputs: outputs, workspace: workspace))
    let settings = try mergedSettings(experiment, resumption)
    try Pretraining.check(options, experiment, settings)
    if let study = try request.plan(experiment, settings, resuming: resumption, under: outputs) {
      return try run(study, workspace, outputs)
    }
    try resumption?.requireWork(under: settings)
    for notice in resumption?.notices ?? [] { logger.warning("\(notice)") }
    guard options.jobs == nil else {
      throw LabError(.usage, "--jobs is for many runs, and this is one", remedy: "add --sweep or --seeds")
    }
    if options.printConfig {
      print(try TrainingSession.config(catalog, experiment, settings).yaml(), terminator: "")
      return 0
    }
    for notice in settings.notices { logger.warning("\(notice)") }
    try experiment.data.checkAugmentations(settings)
    let folder = DataFolder(options.common.dataRoot)
    let gitReading = GitReading(workspace.root)
    let plan = try RunPlan(
      catalog, experiment, settings, folder: folder, prefetch: try options.common.prefetch())
    var told = options
    if settings.has("experiment.save_dir"), let place = settings.text("experiment.save_dir") {
      guard [nil, place].contains(told.outputDir) else {
        throw LabError(
          .usage, "--output-dir is \(told.outputDir ?? "") and experiment.save_dir is \(place)",
          remedy: "both say where runs are kept: leave one of them out")
      }
      told.outputDir = place
    }
    let inherited = resumption?.folder.flatMap(TrainOptions.init(ofRunIn:)).map { told.inherit($0) } ?? []
    var session = TrainingSession(
      plan: plan, options: told, explanations: try options.explanations, workspace: workspace,
      outputs: told.outputDir.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? outputs,
      resumption: resumption, logger: logger, git: gitReading)
    session.command += inherited
    return try session.train { folder in
      try begun(RunBeginning(folder: folder, settings: settings, configuration: plan.configuration))
    }.finished.outcome.exitCode
  }

  private func run(_ plan: StudyPlan, _ workspace: Workspace, _ outputs: URL) throws -> Int32 {
    guard !options.printConfig else {
      print(try plan.config(catalog).yaml(), terminator: "")
      return 0
    }
    return try session(plan, workspace, outputs).run()
  }

  private func session(_ plan: StudyPlan, _ workspace: Workspace, _ outputs: URL) throws -> StudySession {
    StudySession(
      catalog: catalog, plan: plan, options: options, arguments: arguments, workspace: workspace,
      outputs: outputs, git: GitReading(workspace.root),
      level: options.debug ? .debug : try options.common.level())
  }

  /// The experiment that is named, or the one that a configuration file speaks of unless one is named, or that of the run that
  /// is resumed.
  private func whatToRun(_ finder: CheckpointFinder) throws -> (Experiment, Resumption?) {
    let named =
      try options.experiment.map(catalog.experiment)
      ?? options.config.flatMap { try ConfigFile(contentsOf: URL(filePath: $0)).row(of: catalog.experiments) }
    guard options.config == nil || options.resume == nil else {
      throw LabError(
        .usage, "--config and --resume exclude each other: a run goes on as it was configured",
        remedy: "give --load-checkpoint to begin a new run with its weights")
    }
    guard let reference = options.resume else {
      guard let named else {
        throw LabError(
          .usage, "no experiment was named",
          remedy: "give --experiment with one of \(catalog.experiments.map(\.name).joined(separator: ", "))")
      }
      return (named, nil)
    }
    guard options.loadCheckpoint == nil else {
      throw LabError(
        .usage, "--resume and --load-checkpoint exclude each other",
        remedy: "give --resume to go on with a run, --load-checkpoint to begin a new one with its weights")
    }
    let resumption = try Resumption(reference, experiment: named, finder: finder)
    guard let name = resumption.checkpoint.lab["experiment"]?.string else {
      throw LabError(
        .checkpoint, "\(resumption.url.path) does not say which experiment it belongs to",
        remedy: "take its weights alone with --load-checkpoint")
    }
    let experiment = try catalog.experiment(name)
    guard named == nil || named?.name == experiment.name else {
      throw LabError(
        .usage, "\(resumption.url.path) belongs to \(experiment.name), not to \(named?.name ?? "")",
        remedy: "leave --experiment out, or give --load-checkpoint instead of --resume")
    }
    return (experiment, resumption)
  }

  /// The experiment's settings, those of the resumed run, a configuration file's, `--debug`, flags, then `key=value` words: later ones win.
  func mergedSettings(_ experiment: Experiment, _ resumption: Resumption?) throws -> Settings {
    var settings = experiment.settings
    if let resumption, let saved = resumption.checkpoint.lab["settings"] {
      try settings.restore(saved, source: resumption.url.path)
    }
    if let config = options.config { try ConfigFile(contentsOf: URL(filePath: config)).apply(to: &settings) }
    if options.debug {
      try settings.set("epochs", to: "\(min(settings.count("epochs"), 5))", source: "--debug")
      try settings.set("limit", to: "\(min(settings.int("limit") ?? 256, 256))", source: "--debug")
    }
    for (key, text, source) in options.flagSettings { try settings.set(key, to: text, source: source) }
    let words = StudyRequest.plainWords(options.settingWords)
    for word in words { try settings.apply(word: word) }
    try settings.refuseContradictions(
      options.flagSettings.map { ($0.key, $0.text, $0.source) }
        + words.compactMap { word in
          let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
          return parts.count == 2 ? (parts[0], parts[1], word) : nil
        })
    return settings
  }
}
