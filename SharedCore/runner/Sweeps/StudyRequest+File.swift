import Foundation
import Tracking
import Utils

extension StudyRequest {
  /// The sweep file that `--sweep` names; nil where it names settings, or is not there.
  private var sweepFile: URL? {
    get throws {
      guard let word = options.sweep.first(where: Self.namesFile) else { return nil }
      guard options.sweep.count == 1, !options.settingWords.contains(where: { $0 == "era=both" }) else {
        throw LabError(
          .usage, "--sweep \(word) is a file, and there is something else to sweep",
          remedy: "write all of it into the file")
      }
      return URL(filePath: word)
    }
  }

  private static func namesFile(_ word: String) -> Bool {
    [".yaml", ".yml", ".json"].contains(where: word.lowercased().hasSuffix)
      || (!word.contains("=") && FileManager.default.fileExists(atPath: word))
  }

  /// The study that a sweep file asks for, the unfinished one of the same command where there is one; nil without a file.
  func filePlan(_ experiment: Experiment, _ settings: Settings, under outputs: URL) throws -> StudyPlan? {
    guard let url = try sweepFile else {
      guard options.count == nil else {
        throw LabError(
          .usage, "--count limits the runs of a sweep file", remedy: "name one: --sweep sweep.yaml")
      }
      return nil
    }
    let file = try SweepFile(contentsOf: url, keys: settings.allNames, meaning: settings.key)
    var settings = settings
    try refuseGiven(file, settings)
    for (key, value, source) in file.constants where !(options.debug && ["epochs", "limit"].contains(key)) {
      try settings.set(key, to: value, source: source)
    }
    let seeds = try options.seeds.map(seedCount) ?? 1
    guard seeds == 1 || !file.parameters.contains(where: { $0.key == "seed" }) else {
      throw LabError(
        .usage, "\(file.name) sweeps the seed, and --seeds counts it too", remedy: "leave one of them out")
    }
    let search = try SweepSearch(
      file, count: try options.count.map(runCount), seed: UInt64(settings.count("seed")))
    try check(search, file, settings)
    let study = try study(of: experiment, search: options.debug ? search.brief : search, seeds: seeds)
    try refuseSingleRunFlags(study)
    var plan = StudyPlan(experiment: experiment, study: study, settings: settings)
    plan.sweepFile = file
    plan.resumed = unfinished(plan, under: outputs)
    return plan
  }

  /// What is given on the command line and in the file: nobody can tell which is meant.
  private func refuseGiven(_ file: SweepFile, _ settings: Settings) throws {
    let typed = options.flagSettings.map(\.key) + options.settingWords.map { String($0.prefix { $0 != "=" }) }
    let keys = Set(typed.map(settings.key))
    guard let twice = file.parameters.first(where: { keys.contains($0.key) }) else { return }
    throw LabError(
      .usage, "\(twice.key) is given, and \(twice.source) changes it", remedy: "leave one of them out")
  }

  /// Every value has to be one that its setting allows.
  private func check(_ search: SweepSearch, _ file: SweepFile, _ settings: Settings) throws {
    let sources = Dictionary(uniqueKeysWithValues: file.parameters.map { ($0.key, $0.source) })
    for (key, values) in search.axes {
      for value in values {
        var trial = settings
        try trial.set(key, to: value, source: sources[key] ?? file.name)
      }
    }
  }

  /// The newest study that this command began before and that did not end.
  private func unfinished(_ plan: StudyPlan, under outputs: URL) -> RunFolder? {
    RunFolder.all(under: outputs).first { folder in
      guard folder.url.deletingLastPathComponent().lastPathComponent == plan.experiment.name,
        let record = try? StudyRecord(in: folder), !Resumption.isFinished(folder)
      else { return false }
      return record.search == plan.study.search && record.seeds == plan.study.seeds
        && record.settings == plan.settings.json && record.given == plan.settings.givenValues
    }
  }

  private func runCount(_ text: String) throws -> Int {
    guard let count = Int(text), (1...Self.mostRuns).contains(count) else {
      throw LabError(
        .usage, "--count \(text) is no number of runs",
        remedy: "give a whole number from 1 to \(Self.mostRuns)")
    }
    return count
  }
}
