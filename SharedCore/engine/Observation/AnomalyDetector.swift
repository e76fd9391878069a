import Utils

/// Finds the operation in which the first NaN or infinity of a pass arose.
///
/// An operation is to blame when its inputs are finite and its result is not. An infinity alone may be meant, as in a
/// mask before a softmax; it is only told of when a NaN came of it, or when the pass ends in numbers that are not finite.
public final class AnomalyDetector: PassObserver {
  /// An operation that is to blame.
  struct Finding: Equatable {
    let operation, layer: String
    let isBackward, isNaN, wasGiven: Bool
  }

  private var names: LayerNames
  private var operations: [TapePlace: (name: String, layer: String)] = [:]
  private var position = StepPosition(epoch: 1, step: 1, batch: 1, batchCount: 1)
  private var isBackward = false
  private var infinity: Finding?
  private(set) var finding: Finding?

  /// A search in the passes of `network`, made after its optimiser.
  public init(_ network: any Module) { names = LayerNames(of: network) }

  /// Forgets the infinities of the step before, which did no harm.
  public func stepBegins(at position: StepPosition) {
    self.position = position
    infinity = nil
  }

  /// Throws when a NaN was found, or an infinity in a step that failed.
  public func stepEnded(with error: (any Error)?) throws {
    guard let finding = finding ?? (error == nil ? nil : infinity) else { return }
    let place =
      "\(finding.operation) of layer \(finding.layer), \(finding.isBackward ? "backwards" : "forwards")"
    let origin = finding.wasGiven ? ", out of numbers that were not finite before" : ""
    throw LabError(
      .training,
      "the first \(finding.isNaN ? "NaN" : "infinity") of step \(position.step) (epoch \(position.epoch)) arose in "
        + place + origin,
      remedy: finding.remedy)
  }

  /// Forgets the pass before.
  public func passBegins() {
    names.forget()
    operations = [:]
    isBackward = false
  }

  /// Looks at the result; what a derivative is put together from is looked at as a whole.
  public func ran(_ event: ForwardEvent) {
    guard !isBackward else { return }
    let layer = names.layer(of: event.inputs)
    if event.output.needsGradient { operations[event.output.place] = (event.name, layer) }
    guard finding == nil, event.name != "select" else { return }  // its infinities are meant
    look(at: [event.output], from: event.inputs, event.name, layer, isBackward: false)
  }

  /// From now on gradients are looked at.
  public func backwardBegins() { isBackward = true }
  /// Nothing to look at.
  public func pullbackBegins() {}
  /// What follows belongs to no pass.
  public func passEnded() { isBackward = false }

  /// Looks at the gradients.
  public func pulledBack(_ event: BackwardEvent) {
    guard finding == nil, let (name, layer) = operations.removeValue(forKey: event.place) else { return }
    look(at: event.gradients.compactMap(\.self), from: [event.upstream], name, layer, isBackward: true)
  }

  private func look(
    at results: [Tensor], from inputs: [Tensor], _ name: String, _ layer: String, isBackward: Bool
  ) {
    guard let isNaN = Self.anomaly(in: results) else { return }
    let given = Self.anomaly(in: inputs)
    if isNaN, given == false, let infinity {
      finding = infinity
    } else if isNaN {
      finding = Finding(
        operation: name, layer: layer, isBackward: isBackward, isNaN: true, wasGiven: given != nil)
    } else if given == nil, infinity == nil {
      infinity = Finding(
        operation: name, layer: layer, isBackward: isBackward, isNaN: false, wasGiven: false)
    }
  }

  /// Whether there is a NaN (true) or only an infinity (false) among the numbers; nil where all are finite.
  private static func anomaly(in tensors: [Tensor]) -> Bool? {
    var found: Bool?
    for tensor in tensors where !tensor.isFinite {
      if tensor.withSpan({ x in x.indices.contains { x[$0].isNaN } }) { return true }
      found = false
    }
    return found
  }
}

extension AnomalyDetector.Finding {
  /// What helps against an operation that leaves the finite numbers.
  fileprivate var remedy: String {
    switch operation {
    case "softmax", "logSoftmax": "a row may not be -infinity as a whole: leave one place open in every mask"
    case _ where wasGiven: "look for damaged values in the data and in the checkpoint"
    case "log", "log1p":
      "keep its input above 0: clamp(x, lower: 1e-6), or logSoftmax in place of log(softmax(x))"
    case "sqrt", "reciprocal", "reciprocalSqrt", "/", "norm", "pow", "standardDeviation":
      "keep 0 away from it: add a small number under the root or to the divisor"
    case "exp": "keep its input below 88, or subtract the largest number first"
    default: "lower the learning rate, or clip the gradient"
    }
  }
}
