import Engine
import Foundation
import Utils

/// The modern Hopfield network: the patterns themselves, asked by softmax, which is the attention of a Transformer.
///
/// H. Ramsauer and others, "Hopfield Networks is All You Need", ICLR 2021 (arXiv 2008.02217, 2020), eq. 3: the new state is
/// X softmax(beta XT s). It holds exponentially many patterns, for the largest overlap drowns all others. Departure: the
/// patterns are -1 and 1, as those of the networks it is compared with.
public final class ModernHopfield: AssociativeMemory {
  /// Steps after which recall ends though something still moves; one is enough in nearly all cases.
  static let mostSteps = 20

  public let patterns: Buffer  // [P, D]
  let beta: Float

  /// A memory of `units` that can hold `patterns`, and holds none yet.
  ///
  /// - Parameter beta: how sharply it chooses; 1 / sqrt(units), as in attention, when nil.
  public init(units: Int, patterns: Int, beta: Double? = nil) {
    self.patterns = Buffer(Tensor(repeating: 0, shape: [patterns, units]))
    self.beta = Float(beta ?? 1 / Double(units).squareRoot())
  }

  /// Nothing is computed: the patterns are the memory.
  public func store() {}

  /// One step for every state, [N, D] to [N, D].
  func step(_ states: Tensor) -> Tensor {
    matmul(softmax(linear(states, patterns.tensor) * beta, over: 1), patterns.tensor)
  }

  /// Steps until no unit moves by more than a thousandth.
  public func recall(_ cues: Tensor) -> Tensor {  // [N, D] to [N, D]
    var states = cues
    for _ in 0..<Self.mostSteps {
      let next = step(states)
      let change = zip(next.elements, states.elements).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      states = next
      if change < 1e-3 { break }
    }
    return states
  }

  /// E = -log(sum exp(beta x_p s)) / beta + sT s / 2 + log(P) / beta + D / 2 (eq. 1, for patterns of length sqrt(D)).
  public func energy(_ state: [Float]) -> Double {
    let scores = matmul(patterns.tensor, Tensor(state)).elements.map { Double(beta) * Double($0) }
    let largest = scores.max() ?? 0
    let logarithm = largest + log(scores.reduce(0) { $0 + exp($1 - largest) })
    let square = state.reduce(0.0) { $0 + Double($1) * Double($1) }
    return (log(Double(scores.count)) - logarithm) / Double(beta) + (square + Double(state.count)) / 2
  }
}
