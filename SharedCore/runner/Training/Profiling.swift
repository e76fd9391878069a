import Engine
import Foundation
import Logging
import Tracking
import Utils

/// `--profile`: tells at the end of a training where its steps spent their time, and leaves a trace in the run's folder.
final class Profiling: Callback {
  let profiler: Profiler
  private let folder: RunFolder
  private let logger: Logger
  private let trackers: TrackerGroup

  init(_ network: any Layer, _ folder: RunFolder, _ logger: Logger, _ trackers: TrackerGroup) {
    profiler = Profiler(network)
    self.folder = folder
    self.logger = logger
    self.trackers = trackers
  }

  func fitEnded(_ report: FitReport) throws {
    let text = profiler.report(MachinePeak.measured())
    logger.info("\n\(text)\n")
    let (trace, table) = (
      folder.url.appending(path: "trace.json"), folder.url.appending(path: "profile.txt")
    )
    try AtomicFile.write(profiler.trace.text() + "\n", to: trace, kind: .tracking)
    try AtomicFile.write(text + "\n", to: table, kind: .tracking)
    for url in [trace, table] { trackers.artifact(Artifact(url: url, kind: "profile")) }
  }
}
