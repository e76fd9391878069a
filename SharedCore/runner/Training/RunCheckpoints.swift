import Engine
import Foundation
import Tracking
import Utils

/// The checkpoints of a run, some of which a killed process, a full disk or a bad copy may have damaged.
struct RunCheckpoints {
  private let run: RunFolder
  /// The states written on the way, the newest first.
  private let steps: [URL]

  init(of run: RunFolder) {
    self.run = run
    let names = (try? FileManager.default.contentsOfDirectory(atPath: run.models.path)) ?? []
    let numbered = names.compactMap { name in
      name.wholeMatch(of: /step-([0-9]+)\.safetensors/).flatMap { match in
        Int(match.1).map { (step: $0, name: name) }
      }
    }
    steps = numbered.sorted { $0.step > $1.step }.map { run.models.appending(path: $0.name) }
  }

  /// Whether there is a file at all.
  var exist: Bool { ([run.lastCheckpoint, run.bestCheckpoint] + steps).contains(where: isThere) }

  /// A state from which training can go on.
  struct State {
    let url: URL
    let checkpoint: Checkpoint
    let past: TrainingPosition

    /// The state in the file at `url`; throws where it is damaged or does not say how far training came.
    init(_ url: URL) throws {
      checkpoint = try Checkpoint(contentsOf: url)
      self.url = url
      guard let past = checkpoint.lab["position"].flatMap(TrainingPosition.init) else {
        throw LabError(
          .checkpoint, "\(url.path) does not say how far its training came",
          remedy: "take its weights alone with --load-checkpoint")
      }
      self.past = past
    }
  }

  /// The last state or, where its file is damaged or missing, the newest whole one, and a sentence that says so.
  ///
  /// Throws what is wrong with the last one when no other is whole.
  func newestWhole() throws -> (state: State, notice: String?) {
    do {
      return (try State(run.lastCheckpoint), nil)
    } catch let error as LabError {
      let onTheWay = steps.lazy.compactMap { try? State($0) }.first
      let others = [onTheWay, try? State(run.bestCheckpoint)].compactMap(\.self)
      guard let state = others.max(by: { $0.past.steps < $1.past.steps }) else { throw error }
      return (
        state,
        "\(error.cause); going on with \(state.url.lastPathComponent) of step \(state.past.steps), the newest whole one"
      )
    }
  }

  private func isThere(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}
