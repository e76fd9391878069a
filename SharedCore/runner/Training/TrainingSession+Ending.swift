import Engine
import Foundation
import Tracking
import Utils

/// What is told and recorded of a run after its last epoch.
extension TrainingSession {
  func conclude(
    _ finished: Finished, _ run: RunDescription, _ folder: RunFolder, _ trackers: TrackerGroup
  ) throws {
    let evaluate =
      options.noSaveCheckpoint ? nil : "swift run evaluate --checkpoint \(folder.id)\(whereabouts)"
    let last = finished.fit.history.last?.metrics.filter { !$0.isDetail } ?? []
    let judgement =
      finished.judgements.first { $0.part == experiment.band.part } ?? finished.judgements.first
    var outcome = finished.outcome
    if let judgement, judgement.evaluation.confusion == nil { outcome.result = judgement.brief(experiment) }
    var report = RunReport(
      run: run, outcome: outcome, lastEpoch: last.map { ($0.name, $0.value) },
      pictures: finished.pictures.filter { $0.pathExtension == "svg" }, evaluateCommand: evaluate)
    report.tables = judgement?.classTables ?? []
    try report.write(to: folder.report)
    trackers.artifact(Artifact(url: folder.report, kind: "report"))

    let fit = finished.fit
    let inside = fit.position.batches > 0 ? ", batch \(fit.position.batches) of the next" : ""
    let pace = fit.history.isEmpty ? "" : "; \(durationText(fit.medianEpochSeconds)) an epoch"
    logger.info("stopped after epoch \(fit.epochs)\(inside): \(fit.reason)\(pace)")
    for judgement in finished.judgements {
      for line in judgement.lines(experiment) { logger.info("\(line)") }
    }
    logger.info("kept in \(shown(folder.url))")
    if finished.outcome.status == .stopped {
      logger.info("\(wayOn(from: folder))")
    } else if let evaluate {
      logger.info("judge it again with: \(evaluate)")
    }
    trackers.runEnds(finished.outcome)  // last, for some keep what was told
  }

  /// How a run that was interrupted goes on.
  func wayOn(from folder: RunFolder) -> String {
    guard !options.noSaveCheckpoint else {
      return "nothing was saved, as --no-save-checkpoint says: there is nothing to go on with"
    }
    let words = [folder.id] + options.carriedFlags
    return "go on with: swift run train --resume \(words.map(shellQuoted).joined(separator: " "))"
  }

  /// What a later command needs to find this run, when it is not where runs are looked for.
  private var whereabouts: String { options.outputDir.map { " --output-dir \(shellQuoted($0))" } ?? "" }

  /// A path as a person would type it from where they are.
  private func shown(_ url: URL) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return url.path.hasPrefix(here) ? String(url.path.dropFirst(here.count)) : url.path
  }
}
