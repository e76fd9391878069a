import Engine

/// Ends a training where another one was ended, so that the two can be held against each other.
final class StopAfter: Callback {
  private let step: Int

  /// Stops after `step`.
  init(step: Int) { self.step = step }

  func stepEnded(_ report: StepReport) throws -> Verdict {
    report.step < step ? .goOn : .stop(reason: "step \(step) is as far as it was asked to go")
  }
}
