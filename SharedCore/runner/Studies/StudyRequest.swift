import Utils

/// Which study a command line means: that of the experiment's row, or one that is asked for on the spot.
struct StudyRequest {
  /// The most runs that a study may have.
  static let mostRuns = 1000

  let options: TrainOptions

  /// The study, nil for a single run; `era=both` is short for `--sweep era=original,modern`.
  func study(of experiment: Experiment, _ settings: Settings) throws -> Study? {
    let asked = try sweeps(experiment, settings)
    let seeds = try options.seeds.map(seedCount)
    guard experiment.study != nil || !asked.isEmpty || seeds ?? 1 > 1 else { return nil }
    let row = experiment.study
    // A swept setting that was given a value of its own is not swept.
    let sweep =
      asked.isEmpty ? row?.sweep.filter { !settings.isGiven($0.key) } ?? [] : asked
    let part = experiment.band.part.rawValue
    var study = Study(
      sweep: sweep, seeds: seeds ?? row?.seeds ?? 1, shown: row?.shown ?? ["\(part)_accuracy", "train_loss"],
      metrics: row?.metrics ?? [])
    if options.debug { study = study.brief }
    guard study.runCount <= Self.mostRuns else {
      throw LabError(
        .usage, "these are \(study.runCount) runs",
        remedy: "sweep fewer values: at most \(Self.mostRuns) runs")
    }
    guard options.explain == nil, options.loadCheckpoint == nil, !options.noSaveCheckpoint else {
      throw LabError(
        .usage,
        "--explain, --load-checkpoint and --no-save-checkpoint speak of one run, and these are \(study.runCount)",
        remedy: "leave them out, or run one combination of the study alone")
    }
    return study
  }

  /// The words that are settings of every run, without `era=both`.
  static func plainWords(_ words: [String]) -> [String] { words.filter { $0 != both } }

  private static let both = "era=both"

  private func sweeps(_ experiment: Experiment, _ settings: Settings) throws -> [(
    key: String, values: [String]
  )] {
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
      guard Set(values).count == values.count, !sweep.contains(where: { $0.key == key }) else {
        throw LabError(.usage, "--sweep \(word) has something twice", remedy: "name each once")
      }
      for value in values {
        var trial = settings
        try trial.set(key, to: value, source: "--sweep \(word)")
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
