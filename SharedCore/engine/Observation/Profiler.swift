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

/// The part of a step that a measurement belongs to.
public enum ProfilePhase: String, Sendable { case forward, backward, update }

/// An operation with the sizes that it had.
public struct ProfiledOperation: Hashable, Sendable {
  /// What it is called in Swift.
  public let name: String
  /// The shapes of its inputs and of its output.
  public let inputs: [Shape], output: Shape

  static let update = ProfiledOperation(name: "update", inputs: [], output: [])

  private init(name: String, inputs: [Shape], output: Shape) {
    self.name = name
    self.inputs = inputs
    self.output = output
  }

  init(_ event: ForwardEvent) {
    self.init(name: event.name, inputs: event.inputs.map(\.shape), output: event.output.shape)
  }

  /// `[64, 784] [128, 784] -> [64, 128]`.
  public var shapes: String {
    inputs.isEmpty ? "" : inputs.map { "\($0)" }.joined(separator: " ") + " -> \(output)"
  }

  /// Multiplications and additions forwards; one an element where it is no product.
  var operations: Double {
    switch name {
    case "linear", "matmul", "batchedMatmul": 2 * Double(output.elementCount) * Double(inputs[0].last ?? 1)
    case "convolution":
      2 * Double(output.elementCount) * Double(inputs[1].elementCount) / Double(max(inputs[1][0], 1))
    case "transposedConvolution":
      2 * Double(inputs[0].elementCount) * Double(inputs[1].elementCount) / Double(max(inputs[1][0], 1))
    default: Double(output.elementCount)
    }
  }

  fileprivate var isProduct: Bool {
    ["linear", "matmul", "batchedMatmul", "convolution", "transposedConvolution"].contains(name)
  }
}

/// What an operation has to do at the least.
struct OperationCost {
  /// Floating-point operations.
  var operations = 0.0
  /// Bytes read and written once, and bytes of the results.
  var traffic = 0, memory = 0

  init() {}

  init(_ event: ForwardEvent) {
    operations = ProfiledOperation(event).operations
    let isView = event.inputs.contains { $0.storage === event.output.storage }
    memory = isView ? 0 : 4 * event.output.count
    traffic = isView ? 0 : 4 * (event.output.count + event.inputs.reduce(0) { $0 + $1.count })
    if isView { operations = 0 }
  }

  init(_ event: BackwardEvent, of operation: ProfiledOperation, inputs: Int) {
    let made = event.gradients.compactMap(\.self).filter { $0.storage !== event.upstream.storage }
    memory = 4 * made.reduce(0) { $0 + $1.count }
    traffic = made.isEmpty ? 0 : memory + 4 * (event.upstream.count + inputs)
    operations =
      operation.isProduct
      ? operation.operations * Double(event.gradients.prefix(2).count { $0 != nil }) : Double(memory / 4)
  }
}

/// What is counted together.
struct ProfileKey: Hashable {
  let operation: ProfiledOperation
  let layer: String
  let phase: ProfilePhase
}

/// Sums over all measured steps.
struct ProfileTotal {
  var calls = 0
  var seconds = 0.0
  var cost = OperationCost()

  mutating func add(_ seconds: Double, _ cost: OperationCost) { add(ProfileTotal(1, seconds, cost)) }

  mutating func add(_ other: ProfileTotal) {
    calls += other.calls
    seconds += other.seconds
    cost.operations += other.cost.operations
    cost.traffic += other.cost.traffic
    cost.memory += other.cost.memory
  }

  init() {}

  private init(_ calls: Int, _ seconds: Double, _ cost: OperationCost) {
    self.calls = calls
    self.seconds = seconds
    self.cost = cost
  }
}
