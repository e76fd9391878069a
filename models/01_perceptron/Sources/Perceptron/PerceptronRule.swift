import Engine
import Runner

/// Rosenblatt's learning rule: one sample at a time, and nothing changes but on a mistake.
///
/// With the target t and the prediction y, both 0 or 1: w += rate (t - y) x, b += rate (t - y). No gradient, no tape.
/// Where a plane separates the classes it makes finitely many mistakes (Novikoff 1962), and an epoch without one ends the
/// training; elsewhere it goes on for ever, and the pocket keeps the best weights.
public final class PerceptronRule: TrainingRule, ExplainsSteps {
  private let perceptron: Perceptron
  private let learningRate: Float
  /// Samples in a row that were right: now, and when the pocket was filled.
  private let run = Buffer(0)
  private let pocketRun = Buffer(0)
  var explanation: StepExplanation?

  /// The rule for one perceptron.
  public init(_ perceptron: Perceptron, learningRate: Double) {
    self.perceptron = perceptron
    self.learningRate = Float(learningRate)
  }

  /// Shows every sample of the batch, in its order; reports `mistakes`.
  public func step(_ batch: Batch) throws -> StepResult {
    var mistakes = 0
    perceptron.weight.update { weights in
      perceptron.bias.update { biases in
        batch.inputs.withSpan { inputs in mistakes = learn(batch, inputs, &weights, &biases) }
      }
    }
    return StepResult(count: batch.count, sums: [Metric("mistakes", Double(mistakes))])
  }

  /// Shows every sample to every unit and corrects the ones that are wrong; how many samples found a unit wrong.
  private func learn(
    _ batch: Batch, _ inputs: Span<Float>, _ weights: inout MutableSpan<Float>,
    _ biases: inout MutableSpan<Float>
  ) -> Int {
    let (labels, units) = (batch.labels.elements, biases.count)
    let width = weights.count / units
    var (mistakes, run, pocketRun) = (0, run.integer, pocketRun.integer)
    var (isJudged, isInPocket) = (false, false)  // the present weights, since they last changed
    for n in labels.indices {
      if explanation?.board.isFull == false { explain(batch, n) }
      let x = n * width
      var isRight = true
      for unit in 0..<units {
        let w = unit * width
        let target: Float = labels[n] == (units == 1 ? 1 : Int32(unit)) ? 1 : 0
        var sum = biases[unit]
        for i in 0..<width { sum += weights[w + i] * inputs[x + i] }
        let error = target - (sum >= 0 ? 1 : 0)
        guard error != 0 else { continue }
        isRight = false
        for i in 0..<width { weights[w + i] += learningRate * error * inputs[x + i] }
        biases[unit] += learningRate * error
      }
      guard isRight else {
        mistakes += 1
        run = 0
        (isJudged, isInPocket) = (false, false)
        continue
      }
      run += 1
      guard run > pocketRun else { continue }
      if !isJudged {
        isJudged = true
        isInPocket = presentBeatsPocket(inputs, labels, weights, biases)
        if isInPocket { perceptron.pocket.keep(perceptron) }
      }
      if isInPocket { pocketRun = run }
    }
    self.run.contents = .integer(run)
    self.pocketRun.contents = .integer(pocketRun)
    return mistakes
  }

  /// Gallant's ratchet: a longer run alone may be luck, so the present weights must also be right more often on these
  /// samples than those in the pocket.
  private func presentBeatsPocket(
    _ inputs: Span<Float>, _ labels: [Int32], _ weights: borrowing MutableSpan<Float>,
    _ biases: borrowing MutableSpan<Float>
  ) -> Bool {
    let present = rightCount(inputs, labels, weights.span, biases.span)
    return perceptron.pocket.weight.tensor.withSpan { weights in
      perceptron.pocket.bias.tensor.withSpan { biases in present > rightCount(inputs, labels, weights, biases)
      }
    }
  }

  /// How many samples some weights put into their class.
  private func rightCount(
    _ inputs: Span<Float>, _ labels: [Int32], _ weights: Span<Float>, _ biases: Span<Float>
  ) -> Int {
    let units = biases.count
    let width = weights.count / units
    var right = 0
    for n in labels.indices {
      var (largest, winner) = (-Float.infinity, 0)
      for unit in 0..<units {
        var sum = biases[unit]
        for i in 0..<width { sum += weights[unit * width + i] * inputs[n * width + i] }
        if sum > largest { (largest, winner) = (sum, unit) }
      }
      if units == 1 { winner = largest >= 0 ? 1 : 0 }
      if winner == labels[n] { right += 1 }
    }
    return right
  }

  /// Stops after an epoch without a mistake: nothing would change any more.
  public func verdict(after epoch: EpochReport) -> Verdict {
    guard epoch.metrics["train_mistakes"] == 0 else { return .goOn }
    return .stop(reason: "no mistake in epoch \(epoch.epoch)", converged: true)
  }

  /// The lengths of the present run and of the pocket's.
  public func state() -> [(name: String, buffer: Buffer)] { [("run", run), ("pocket_run", pocketRun)] }

  private func explain(_ batch: Batch, _ n: Int) {
    let width = perceptron.weight.shape[1]
    let (weights, biases, inputs) = (
      perceptron.weight.value.elements, perceptron.bias.value.elements, batch.inputs.elements
    )
    let x = Array(inputs[n * width..<(n + 1) * width])
    for unit in biases.indices where explanation?.board.isFull == false {
      let own = Array(weights[unit * width..<(unit + 1) * width])
      let sum = zip(own, x).reduce(biases[unit]) { $0 + $1.0 * $1.1 }
      let label = Int(batch.labels.elements[n])
      explanation?.note(
        StepExplanation.Step(
          row: batch.indices[n], x: x, label: label, unit: unit, units: biases.count, weights: own,
          bias: biases[unit], sum: sum, target: label == (biases.count == 1 ? 1 : unit) ? 1 : 0,
          rate: learningRate))
    }
  }
}
