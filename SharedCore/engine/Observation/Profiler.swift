import Utils

/// Measures how long every operation of the training steps takes, forwards and backwards.
///
/// An operation's time begins where the one before it ended, so that what a layer does between two operations is counted
/// to the second, and nothing is lost. What follows the last derivative of a pass (clipping, the optimiser, averages) is
/// counted as `update`.
public final class Profiler: PassObserver {
  /// One run of one operation, in one direction.
  struct Sample {
    let operation: ProfiledOperation
    let layer: String
    let phase: ProfilePhase
    let start, seconds: Double
    let cost: OperationCost
  }

  /// The steps that are kept as single samples; the sums are of all.
  private let tracedSteps: Int
  private let warmUpSteps: Int
  private let clock = Stopwatch()
  private var names: LayerNames
  let hasLayers: Bool
  private var known: [TapePlace: (operation: ProfiledOperation, layer: String, inputs: Int)] = [:]
  private var mark = 0.0
  private var stepBegan = 0.0
  private var hasPassed = false
  private var isInPullback = false
  private var stepsSeen = 0

  private(set) var samples: [Sample] = []
  private(set) var steps: [(number: Int, start: Double, seconds: Double)] = []
  private(set) var totals: [ProfileKey: ProfileTotal] = [:]
  /// How many steps were measured, and how long they took together.
  private(set) var stepCount = 0, stepSeconds = 0.0

  /// A measurement of `network`, made after its optimiser.
  ///
  /// - Parameters:
  ///   - network: whose layers are told apart; nil to count by operation alone.
  ///   - warmUpSteps: steps at the beginning that are not counted: they ask for memory and prepare kernels.
  ///   - tracedSteps: how many steps after those are kept operation by operation, for the trace.
  public init(_ network: (any Module)?, warmUpSteps: Int = 2, tracedSteps: Int = 10) {
    names = network.map(LayerNames.init(of:)) ?? LayerNames()
    hasLayers = network != nil
    self.warmUpSteps = warmUpSteps
    self.tracedSteps = tracedSteps
  }

  private var isMeasuring: Bool { stepsSeen > warmUpSteps }
  private var isTracing: Bool { isMeasuring && stepCount < tracedSteps }

  /// Starts the clock of a step.
  public func stepBegins(at position: StepPosition) {
    stepsSeen += 1
    hasPassed = false
    stepBegan = clock.seconds
    mark = stepBegan
  }

  /// Counts the step.
  public func stepEnded(with error: (any Error)?) {
    let end = clock.seconds
    if hasPassed { add(.update, layer: "", .update, OperationCost(), until: end) }
    guard isMeasuring else { return }
    if isTracing { steps.append((stepsSeen, stepBegan, end - stepBegan)) }
    stepCount += 1
    stepSeconds += end - stepBegan
  }

  /// What came since the pass before was an update.
  public func passBegins() {
    let now = clock.seconds
    if hasPassed { add(.update, layer: "", .update, OperationCost(), until: now) }
    names.forget()
    known = [:]
    mark = now
  }

  /// Counts an operation.
  public func ran(_ event: ForwardEvent) {
    guard !isInPullback else { return }
    let layer = names.layer(of: event.inputs)
    let operation = ProfiledOperation(event)
    if event.output.needsGradient {
      known[event.output.place] = (operation, layer, event.inputs.reduce(0) { $0 + $1.count })
    }
    add(operation, layer: layer, .forward, OperationCost(event), until: clock.seconds)
  }

  /// The derivatives begin.
  public func backwardBegins() { mark = clock.seconds }

  /// What runs now belongs to one derivative.
  public func pullbackBegins() { isInPullback = true }

  /// Counts a derivative.
  public func pulledBack(_ event: BackwardEvent) {
    isInPullback = false
    guard let (operation, layer, inputs) = known.removeValue(forKey: event.place) else { return }
    let cost = OperationCost(event, of: operation, inputs: inputs)
    add(operation, layer: layer, .backward, cost, until: clock.seconds)
  }

  /// The update begins.
  public func passEnded() {
    hasPassed = true
    mark = clock.seconds
  }

  private func add(
    _ operation: ProfiledOperation, layer: String, _ phase: ProfilePhase, _ cost: OperationCost,
    until now: Double
  ) {
    defer { mark = now }
    guard isMeasuring else { return }
    let seconds = now - mark
    totals[ProfileKey(operation: operation, layer: layer, phase: phase), default: ProfileTotal()].add(
      seconds, cost)
    if isTracing {
      samples.append(
        Sample(
          operation: operation, layer: layer, phase: phase, start: mark, seconds: seconds, cost: cost))
    }
  }
}
