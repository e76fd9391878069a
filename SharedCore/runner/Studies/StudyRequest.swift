import Foundation
import Tracking
import Utils

/// Which study a command line means: that of the experiment's row, one that is asked for on the spot or by a sweep file, or
/// one that goes on.
struct StudyRequest {
  /// The most runs that a study may have.
  static let mostRuns = 1000

  let catalog: ModelCatalog
  let options: TrainOptions

  /// The study of `experiment`, nil for a single run; `era=both` is short for `--sweep era=original,modern`.
  func plan(
    _ experiment: Experiment, _ settings: Settings, resuming: Resumption?, under outputs: URL
  ) throws -> StudyPlan? {
    if resuming == nil, let plan = try filePlan(experiment, settings, under: outputs) { return plan }
    guard let resuming else {
      return try plan(experiment, settings, sweeps(settings), options.seeds.map(seedCount))
    }
    guard options.sweep.isEmpty, options.seeds == nil, !options.settingWords.contains(Self.both) else {
      throw LabError(
        .usage, "\(resuming.url.path) is one run, and --sweep and --seeds begin many",
        remedy: "leave them out, or leave out --resume")
    }
    return nil
  }

  /// The study that `--resume` means; nil where it means a single run, or nothing.
  func resumed(under outputs: URL) throws -> StudyPlan? {
    guard let reference = options.resume, !reference.hasSuffix(".safetensors") else { return nil }
    let named = try options.experiment.map(catalog.experiment)
    let folder =
      reference == "auto"
      ? Resumption.newestUnfinished(named, under: outputs) : try? RunFolder.find(reference, under: outputs)
    guard let folder, let record = try StudyRecord(in: folder) else { return nil }
    guard try named == nil || named?.name == catalog.experiment(record.experiment).name else {
      throw LabError(
        .usage, "\(reference) is a study of \(record.experiment), not of \(named?.name ?? "")",
        remedy: "leave --experiment out")
    }
    guard options.sweep.isEmpty, options.seeds == nil, options.settingWords.isEmpty,
      options.flagSettings.isEmpty, options.loadCheckpoint == nil
    else {
      throw LabError(
        .usage, "a study goes on as it was begun", remedy: "give --resume alone, or begin a new study")
    }
    return try plan(record, in: folder)
  }

  /// The study that `folder` holds.
  func plan(_ record: StudyRecord, in folder: RunFolder) throws -> StudyPlan {
    let experiment = try catalog.experiment(record.experiment)
    let file = StudyRecord.file(in: folder).path
    var settings = experiment.settings
    try settings.restore(record.given, source: file)
    guard settings.json == record.settings else {
      throw LabError(
        .config, "\(file) was begun with other settings than \(experiment.name) has today",
        remedy: "begin the study anew without --resume")
    }
    let study =
      try record.search.map { try self.study(of: experiment, search: $0, seeds: record.seeds) }
      ?? self.study(of: experiment, sweep: record.sweep, seeds: record.seeds)
    return StudyPlan(experiment: experiment, study: study, settings: settings, resumed: folder)
  }

  /// The words that are settings of every run, without `era=both`.
  static func plainWords(_ words: [String]) -> [String] { words.filter { $0 != both } }

  private static let both = "era=both"

  private func plan(
    _ experiment: Experiment, _ settings: Settings, _ asked: [(key: String, values: [String])], _ seeds: Int?
  ) throws -> StudyPlan? {
    let row = experiment.study
    guard row != nil || !asked.isEmpty || seeds ?? 1 > 1 else { return nil }
    // A swept setting that was given a value of its own is not swept.
    let sweep = asked.isEmpty ? row?.sweep.filter { !settings.isGiven($0.key) } ?? [] : asked
    let study = try study(
      of: experiment, sweep: sweep, seeds: seeds ?? row?.seeds ?? 1, isBrief: options.debug)
    guard !settings.count("seed").addingReportingOverflow(study.seeds).overflow else {
      throw LabError(
        .config, "seed=\(settings.count("seed")) has no \(study.seeds) seeds after it", remedy: "lower it")
    }
    try refuseSingleRunFlags(study)
    return StudyPlan(experiment: experiment, study: study, settings: settings)
  }

  func refuseSingleRunFlags(_ study: Study) throws {
    guard options.explain == nil, options.loadCheckpoint == nil, !options.noSaveCheckpoint else {
      throw LabError(
        .usage,
        "--explain, --load-checkpoint and --no-save-checkpoint speak of one run, and these are \(study.runCount)",
        remedy: "leave them out, or run one combination of the study alone")
    }
  }

  /// The study of a sweep file.
  func study(of experiment: Experiment, search: SweepSearch, seeds: Int) throws -> Study {
    try checked(Study(search, seeds: seeds, shown: shown(experiment)))
  }

  /// The study of these values, judged as the row says where the experiment is a study itself.
  private func study(
    of experiment: Experiment, sweep: [(key: String, values: [String])], seeds: Int, isBrief: Bool = false
  ) throws -> Study {
    let row = experiment.study
    let whole = Study(
      sweep: sweep, seeds: seeds, shown: shown(experiment), metrics: row?.metrics ?? [])
    return try checked(isBrief ? whole.brief : whole)
  }

  /// What is compared: what the row says, else accuracy or macro F1, whichever its band speaks of, and the loss.
  private func shown(_ experiment: Experiment) -> [String] {
    let part = experiment.band.part.rawValue
    let score = experiment.band.metric == "f1_macro" ? "f1_macro" : "accuracy"
    return experiment.study?.shown ?? ["\(part)_\(score)", "\(part)_loss"]
  }

  private func checked(_ study: Study) throws -> Study {
    guard study.runCount <= Self.mostRuns else {
      let count = study.runCount == .max ? "too many to count" : "\(study.runCount) runs"
      throw LabError(
        .usage, "these are \(count)",
        remedy: "sweep fewer values, or give a file a run_cap: at most \(Self.mostRuns) runs")
    }
    return study
  }

  private func sweeps(_ settings: Settings) throws -> [(key: String, values: [String])] {
    let eras = options.settingWords.contains(Self.both) ? ["era=original,modern"] : []
    var sweep: [(key: String, values: [String])] = []
    for word in options.sweep + eras {
      guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
        throw LabError(
          .usage, "--sweep \(word) names no values", remedy: "write --sweep key=value,value, or name a file")
      }
      let key = settings.key(of: String(word[..<equals]))
      let values = Self.values(word[word.index(after: equals)...])
      guard key != "seed" else {
        throw LabError(
          .usage, "--sweep seed=...: seeds are counted", remedy: "give --seeds with their number")
      }
      let meanings = try values.map { value in
        var trial = settings
        try trial.set(key, to: value, source: "--sweep \(word)")
        return trial.givenValues[key]?.text()
      }
      guard Set(meanings).count == values.count, !sweep.contains(where: { $0.key == key }) else {
        throw LabError(.usage, "--sweep \(word) has something twice", remedy: "name each once")
      }
      sweep.append((key, values))
    }
    return sweep
  }

  /// What stands between commas; those inside brackets belong to a list.
  private static func values(_ text: Substring) -> [String] {
    var (values, depth) = ([""], 0)
    for letter in text {
      depth += letter == "[" ? 1 : letter == "]" ? -1 : 0
      if letter == ",", depth <= 0 { values.append("") } else { values[values.count - 1].append(letter) }
    }
    return values
  }

  func seedCount(_ text: String) throws -> Int {
    guard let count = Int(text), (1...Self.mostRuns).contains(count) else {
      throw LabError(
        .usage, "--seeds \(text) is no number of seeds",
        remedy: "give a whole number from 1 to \(Self.mostRuns)")
    }
    return count
  }
}
