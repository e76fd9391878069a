import Utils

/// How one batch changes a model.
///
/// Gradient descent is one rule; the perceptron's is another.
public protocol TrainingRule: AnyObject {
  /// Hears, before each step, how far training has come: a resumed one goes on where the other ended.
  func stepBegins(at position: StepPosition)

  /// Learns from one batch.
  func step(_ batch: Batch) throws -> StepResult

  /// Whether there is anything left to learn after an epoch.
  func verdict(after epoch: EpochReport) throws -> Verdict

  /// Whether the model and `state()` are all that there is: not where gradients of several batches are being gathered.
  var canPause: Bool { get }

  /// What the rule keeps between steps beside the model, by name, for a checkpoint.
  func state() -> [(name: String, buffer: Buffer)]
}

extension TrainingRule {
  /// Does not ask.
  public func stepBegins(at position: StepPosition) {}
  /// Goes on.
  public func verdict(after epoch: EpochReport) -> Verdict { .goOn }
  /// After every step.
  public var canPause: Bool { true }
  /// Nothing is kept.
  public func state() -> [(name: String, buffer: Buffer)] { [] }
}

extension Tensor {
  /// Neither NaN nor infinite anywhere.
  public var isFinite: Bool {
    withSpan { span in
      for i in 0..<span.count where !span[i].isFinite { return false }
      return true
    }
  }
}

/// The class that each row of `outputs` stands for: of one column, 1 from 0 upward; of several, the largest's
/// place.
///
/// - Parameter outputs: [N, 1] scores or logits of class 1, or [N, K].
public func predictedClasses(_ outputs: Tensor) -> [Int32] {
  require(outputs.shape.count == 2, "classes are read from [N, K], got \(outputs.shape)")
  guard outputs.shape[1] == 1 else { return outputs.argmax(over: 1).elements }
  return outputs.withSpan { span in (0..<span.count).map { span[$0] >= 0 ? 1 : 0 } }
}

/// How many samples of `batch` the outputs [N, K] tell rightly: the class, or where samples have any number of classes all of
/// them, each said to be there from a probability of 1/2, a logit of 0, upward.
func rightAnswers(_ outputs: Tensor, _ batch: Batch) -> Int {
  guard let targets = batch.targets else {
    return zip(predictedClasses(outputs), batch.labels.elements).count { $0 == $1 }
  }
  require(outputs.shape == targets.shape, "outputs \(outputs.shape) for targets \(targets.shape)")
  let (said, there, classes) = (outputs.elements, targets.elements, targets.shape[1])
  return (0..<batch.count).count { n in
    (n * classes..<(n + 1) * classes).allSatisfy { (said[$0] > 0) == (there[$0] > 0.5) }
  }
}
