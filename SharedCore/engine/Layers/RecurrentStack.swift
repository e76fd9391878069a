import Kernels
import Utils

/// The weights of all layers and directions of a recurrent network, under PyTorch's names: `weight_ih_l0`,
/// `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, then `..._l0_reverse`, then the next layer's.
///
/// All start uniform in plus or minus 1 / sqrt(H).
struct RecurrentStack {
  /// The weights of one direction of one layer.
  struct Direction {
    let input, hidden: Parameter
    let inputBias, hiddenBias: Parameter?
    let suffix: String

    /// Their values, with their places on the tape.
    var weights: RecurrentWeights {
      RecurrentWeights(
        input: input.value, hidden: hidden.value, inputBias: inputBias?.value, hiddenBias: hiddenBias?.value)
    }
  }

  /// Layer by layer, its forward direction first.
  let directions: [Direction]
  let layers, hidden: Int
  let isBidirectional, isBatchFirst: Bool
  let dropout: Float

  init(
    _ inputs: Int, _ hidden: Int, gates: Int, layers: Int, bias: Bool, isBatchFirst: Bool, dropout: Float,
    isBidirectional: Bool, using random: inout RandomStream
  ) {
    require(inputs >= 1 && hidden >= 1 && layers >= 1, "a recurrent layer has inputs, features and layers")
    let bound = 1 / Double(hidden).squareRoot()
    func uniform(_ shape: Shape) -> Parameter {
      Parameter(.uniform(-bound..<bound, shape: shape, using: &random))
    }
    var directions: [Direction] = []
    for layer in 0..<layers {
      let width = layer == 0 ? inputs : isBidirectional ? 2 * hidden : hidden
      for suffix in isBidirectional ? ["", "_reverse"] : [""] {
        directions.append(
          Direction(
            input: uniform([gates * hidden, width]), hidden: uniform([gates * hidden, hidden]),
            inputBias: bias ? uniform([gates * hidden]) : nil,
            hiddenBias: bias ? uniform([gates * hidden]) : nil, suffix: "l\(layer)\(suffix)"))
      }
    }
    self.directions = directions
    self.layers = layers
    self.hidden = hidden
    self.isBidirectional = isBidirectional
    self.isBatchFirst = isBatchFirst
    self.dropout = dropout
  }

  /// What a module shows of itself: the parameters under their names.
  func mirror(of module: some Module) -> Mirror {
    let children = directions.flatMap { direction in
      [
        ("weight_ih_\(direction.suffix)", direction.input as Parameter?),
        ("weight_hh_\(direction.suffix)", direction.hidden),
        ("bias_ih_\(direction.suffix)", direction.inputBias),
        ("bias_hh_\(direction.suffix)", direction.hiddenBias),
      ]
    }
    return Mirror(module, children: children.map { (label: $0, value: $1 as Any) }, displayStyle: .class)
  }

  /// The output of all layers for `x` and the states at their ends.
  ///
  /// `run` is one direction of one layer: from its input, its weights, its number and its order to its output and states.
  func callAsFunction<State>(
    _ x: Tensor, _ run: (Tensor, RecurrentWeights, Int, SequenceOrder) -> (output: Tensor, state: State)
  ) -> (output: Tensor, states: [State]) {  // [N, T, I] to [N, T, H], or 2 H where there are two directions
    var (x, states) = (x, [State]())
    for layer in 0..<layers {
      if layer > 0, dropout > 0 { x = Engine.dropout(x, dropout) }
      let results = (isBidirectional ? [false, true] : [false]).map { isReversed in
        let number = isBidirectional ? 2 * layer + (isReversed ? 1 : 0) : layer
        let order = SequenceOrder(isBatchFirst: isBatchFirst, isReversed: isReversed)
        return run(x, directions[number].weights, number, order)
      }
      x = results.count == 1 ? results[0].output : concatenate(results.map(\.output), along: 2)
      states += results.map(\.state)
    }
    return (x, states)
  }

  /// The state of one layer and direction out of [layers, N, H]; traps where there are not as many.
  func part(_ number: Int, of states: Tensor?, _ layer: String) -> Tensor? {
    guard let states else { return nil }
    require(
      states.shape.count == 3 && states.shape[0] == directions.count && states.shape[2] == hidden,
      "\(layer): the beginning is [\(directions.count), N, \(hidden)], got \(states.shape)")
    return states.narrowed(along: 0, from: number, count: 1).squeezed(at: 0)
  }
}
