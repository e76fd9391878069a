import Engine
import Utils

/// A memory that is asked with a part of what it holds, and answers with the whole.
///
/// As a layer it answers for each cue with the overlap of what it recalls with every stored pattern, so that the largest
/// output says which one was recalled: [N, D], or images of D pixels, to [N, P], from -1 to 1.
public protocol AssociativeMemory: Layer {
  /// [P, D], the stored patterns of -1 and 1; rows of zeros where none is stored yet.
  var patterns: Buffer { get }
  /// Stores the patterns that `patterns` holds, in place of what was known.
  func store() throws
  /// The states in which the memory comes to rest when it starts at `cues`, both [N, D].
  func recall(_ cues: Tensor) -> Tensor
  /// The energy of a state of D numbers, which no step of recall raises.
  func energy(_ state: [Float]) -> Double
}

extension AssociativeMemory {
  /// The overlap of what is recalled with every stored pattern, [N, ...] to [N, P].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let x = x.flattened(from: 1)
    return linear(recall(x), patterns.tensor) / Float(x.shape[1])
  }
}

/// The network of Hopfield: D units of -1 or 1, each of which takes the sign of the weighted sum of all others.
///
/// Hopfield, "Neural networks and physical systems with emergent collective computational abilities", PNAS 79(8), 2554-2558,
/// 1982. Departures: states are -1 and 1, not 0 and 1; a unit whose sum is exactly 0 stays as it is.
public final class Hopfield: AssociativeMemory {
  /// Which units move at the same time.
  public enum Update: String, CaseIterable, Sendable {
    /// One after the other, in a new random order each sweep: the energy never rises, so the network comes to rest.
    case asynchronous
    /// All at once: it comes to rest, or ends in two states that take turns.
    case synchronous
  }

  /// Sweeps after which recall ends though something still moves.
  static let mostSweeps = 1000

  let weight: Parameter  // [D, D], symmetric, 0 on the diagonal
  public let patterns: Buffer  // [P, D]
  let order: Buffer  // the seed of the order in which units move
  let rule: LearningRule
  let update: Update

  /// A network of `units` that can hold `patterns`, and holds none yet.
  public init(
    units: Int, patterns: Int, rule: LearningRule, update: Update, using random: inout RandomStream
  ) {
    weight = Parameter(Tensor(repeating: 0, shape: [units, units]))
    self.patterns = Buffer(Tensor(repeating: 0, shape: [patterns, units]))
    order = Buffer(Int64(random.next() >> 1))
    self.rule = rule
    self.update = update
  }

  /// The weights that the learning rule gives for the patterns.
  public func store() throws { weight.set(try rule.weights(patterns.tensor)) }

  /// E = -1/2 sT W s (Hopfield 1982, eq. 6, without thresholds).
  public func energy(_ state: [Float]) -> Double {
    let fields = matmul(weight.value, Tensor(state)).elements
    return -0.5 * zip(state, fields).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// Lets every cue settle by itself.
  public func recall(_ cues: Tensor) -> Tensor {  // [N, D] to [N, D]
    let width = cues.shape[1]
    var all: [Float] = []
    all.reserveCapacity(cues.count)
    let starts = signs(cues)
    let (states, fields) = (starts.elements, matmul(starts, weight.value).elements)
    for n in 0..<cues.shape[0] {
      var settling = Settling(
        state: Array(states[n * width..<(n + 1) * width]), fields: Array(fields[n * width..<(n + 1) * width]))
      var random = RandomStream(seed: UInt64(order.integer), number: n)
      settling.run(weight.value, update, using: &random)
      all += settling.state
    }
    return Tensor(all, shape: cues.shape)
  }

  /// How one cue of D numbers settles, told step by step: after each unit that was asked, or after each sweep when all move
  /// at once. `visit` is given the state and its energy, first of all those of the cue.
  func settle(_ cue: [Float], _ update: Update, visit: @escaping ([Float], Double) -> Void) {
    let start = signs(Tensor(cue, shape: [1, cue.count]))
    var settling = Settling(state: start.elements, fields: matmul(start, weight.value).elements)
    var random = RandomStream(seed: UInt64(order.integer))
    visit(settling.state, energy(settling.state))
    settling.run(weight.value, update, using: &random, visit: visit)
  }
}

/// -1 for what lies below 0, else 1, in the same shape.
func signs(_ x: Tensor) -> Tensor {
  Tensor(shape: x.shape) { target in
    x.withSpan { source in for i in 0..<source.count { target[i] = source[i] < 0 ? -1 : 1 } }
  }
}
