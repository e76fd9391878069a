import Engine
import Utils

/// One state on its way to rest, with the weighted sums of its units, which follow every flip instead of being summed anew.
struct Settling {
  private(set) var state: [Float]
  private var fields: [Float]
  /// Sweeps over all units so far.
  private(set) var sweeps = 0

  /// A state of -1 and 1 with its sums h = W s.
  init(state: [Float], fields: [Float]) {
    self.state = state
    self.fields = fields
  }

  /// Sweeps until nothing moves; `visit` is told as `Hopfield.settle` says.
  mutating func run(
    _ weight: Tensor, _ update: Hopfield.Update, using random: inout RandomStream,
    visit: (([Float], Double) -> Void)? = nil
  ) {
    weight.withSpan { weights in
      switch update {
      case .asynchronous: while sweeps < Hopfield.mostSweeps, sweep(weights, &random, visit) {}
      case .synchronous:
        var last: [Float] = []  // the state before this one: two that take turns are an end too
        while sweeps < Hopfield.mostSweeps {
          let before = state
          guard step(weights) else { break }
          visit?(state, energy)
          if state == last { break }
          last = before
        }
      }
    }
  }

  /// Asks every unit once, in a random order; whether one has flipped.
  private mutating func sweep(
    _ weights: Span<Float>, _ random: inout RandomStream, _ visit: (([Float], Double) -> Void)?
  ) -> Bool {
    sweeps += 1
    var hasMoved = false
    for unit in random.permutation(of: state.count) {
      if fields[unit] * state[unit] < 0 {
        flip(unit, weights)
        hasMoved = true
      }
      visit?(state, energy)
    }
    return hasMoved
  }

  /// Moves all units at once; whether one has flipped.
  private mutating func step(_ weights: Span<Float>) -> Bool {
    sweeps += 1
    let moving = state.indices.filter { fields[$0] * state[$0] < 0 }
    for unit in moving { flip(unit, weights) }
    return !moving.isEmpty
  }

  /// Turns one unit over. The weights are symmetric, so its row is its column.
  private mutating func flip(_ unit: Int, _ weights: Span<Float>) {
    state[unit] = -state[unit]
    let (change, row, count) = (2 * state[unit], unit * state.count, state.count)
    fields.withUnsafeMutableBufferPointer { fields in
      for i in 0..<count { fields[i] += change * weights[row + i] }
    }
  }

  /// E = -1/2 s h.
  private var energy: Double {
    -0.5 * zip(state, fields).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
  }
}
