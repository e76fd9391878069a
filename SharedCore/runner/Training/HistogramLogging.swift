import Engine
import Tracking
import Utils

/// Shows the trackers how weights and gradients are spread at the ends of epochs, as often as a fiftieth of the time allows.
///
/// The gradients are those of the epoch's last update, before they are clipped.
final class HistogramLogging: Callback {
  private let trackers: TrackerGroup
  private let parameters: [(name: String, parameter: Parameter)]
  /// Those of the epoch's last update; nil where the rule has no gradients, or it was too early for the next.
  private var ofGradients: [Histogram]?
  private let showsGradients: Bool
  private var clock = Stopwatch()
  private var cost = 0.0
  private var isFirst = true

  /// Watches the training of `network` by `rule`; nil where no tracker has a use for it.
  init?(_ trackers: TrackerGroup, _ network: any Layer, _ rule: any TrainingRule) {
    guard trackers.takesHistograms else { return nil }
    self.trackers = trackers
    parameters = network.parameters()
    showsGradients = rule is GradientRule
    (rule as? GradientRule)?.gradientObserver = { [weak self] gradients, position in
      guard let self, position.endsEpoch, isDue else { return }
      measured { self.take(gradients) }
    }
  }

  func epochEnded(_ report: EpochReport) throws -> Verdict {
    guard showsGradients ? ofGradients != nil : isDue else { return .goOn }
    let before = showsGradients ? cost : 0
    measured {
      let ofWeights = parameters.map { name, parameter in
        parameter.value.withSpan { Histogram("weights/\(name)", of: $0) }
      }
      trackers.histograms(ofWeights + (ofGradients ?? []), step: report.step, epoch: report.epoch)
    }
    cost += before
    (ofGradients, clock, isFirst) = (nil, Stopwatch(), false)
    return .goOn
  }

  private func take(_ gradients: Gradients) {
    ofGradients = parameters.compactMap { name, parameter in
      gradients[parameter].map { gradient in gradient.withSpan { Histogram("gradients/\(name)", of: $0) } }
    }
  }

  private var isDue: Bool { isFirst || clock.seconds > 50 * cost }

  private func measured(_ body: () -> Void) {
    let clock = Stopwatch()
    body()
    cost = clock.seconds
  }
}
