import Foundation
import Tracking
import Utils

/// Which study a command line means: that of the experiment's row, one that is asked for on the spot, or one that goes on.
struct StudyRequest {
  /// The most runs that a study may have.
  static let mostRuns = 1000

  let catalog: ModelCatalog
  let options: TrainOptions

  /// The study of `experiment`, nil for a single run; `era=both` is short for `--sweep era=original,modern`.
  func plan(_ experiment: Experiment, _ settings: Settings, resuming: Resumption?) throws -> StudyPlan? {
    let asked = try sweeps(settings)
    let seeds = try options.seeds.map(seedCount)
    guard let resuming else { return try plan(experiment, settings, asked, seeds) }
    guard asked.isEmpty, seeds == nil else {
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
    let experiment = try catalog.experiment(record.experiment)
    guard named == nil || named?.name == experiment.name else {
      throw LabError(
        .usage, "\(reference) is a study of \(experiment.name), not of \(named?.name ?? "")",
        remedy: "leave --experiment out")
    }
    guard options.sweep.isEmpty, options.seeds == nil, options.settingWords.isEmpty,
      options.flagSettings.isEmpty, options.loadCheckpoint == nil
    else {
      throw LabError(
        .usage, "a study goes on as it was begun", remedy: "give --resume alone, or begin a new study")
    }
    let file = StudyRecord.file(in: folder).path
    var settings = experiment.settings
    try settings.restore(record.given, source: file)
    guard settings.json == record.settings else {
      throw LabError(
        .config, "\(file) was begun with other settings than \(experiment.name) has today",
        remedy: "begin the study anew without --resume")
    }
    let study = try study(of: experiment, sweep: record.sweep, seeds: record.seeds)
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
    guard options.explain == nil, options.loadCheckpoint == nil, !options.noSaveCheckpoint else {
      throw LabError(
        .usage,
        "--explain, --load-checkpoint and --no-save-checkpoint speak of one run, and these are \(study.runCount)",
        remedy: "leave them out, or run one combination of the study alone")
    }
    return StudyPlan(experiment: experiment, study: study, settings: settings)
  }

  /// The study of these values, judged as the row says where the experiment is a study itself.
  private func study(
    of experiment: Experiment, sweep: [(key: String, values: [String])], seeds: Int, isBrief: Bool = false
  ) throws -> Study {
    let row = experiment.study
    let part = experiment.band.part.rawValue
    let whole = Study(
      sweep: sweep, seeds: seeds, shown: row?.shown ?? ["\(part)_accuracy", "\(part)_loss"],
      metrics: row?.metrics ?? [])
    let study = isBrief ? whole.brief : whole
    guard study.runCount <= Self.mostRuns else {
      let count = study.runCount == .max ? "too many to count" : "\(study.runCount) runs"
      throw LabError(
        .usage, "these are \(count)", remedy: "sweep fewer values: at most \(Self.mostRuns) runs")
    }
    return study
  }

  private func sweeps(_ settings: Settings) throws -> [(key: String, values: [String])] {
    let eras = options.settingWords.contains(Self.both) ? ["era=original,modern"] : []
    var sweep: [(key: String, values: [String])] = []
    for word in options.sweep + eras {
      guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
        throw LabError(.usage, "--sweep \(word) names no values", remedy: "write --sweep key=value,value")
      }
      let key = String(word[..<equals]).replacing("-", with: "_")
      let values = word[word.index(after: equals)...].split(separator: ",", omittingEmptySubsequences: false)
        .map(String.init)
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

  private func seedCount(_ text: String) throws -> Int {
    guard let count = Int(text), (1...Self.mostRuns).contains(count) else {
      throw LabError(
        .usage, "--seeds \(text) is no number of seeds",
        remedy: "give a whole number from 1 to \(Self.mostRuns)")
    }
    return count
  }
}
