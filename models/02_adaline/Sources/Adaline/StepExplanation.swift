import Runner

/// Tells the first updates of the delta rule as they would be written on a blackboard.
struct StepExplanation {
  /// A sample, and the weights and biases of all units before it.
  struct Sample {
    let row: Int
    let x: [Float]
    let label: Int32
    let weights, biases: [Float]
    let rate: Float
  }

  let board: Blackboard
  private var count = 0

  init(on board: Blackboard) { self.board = board }

  /// Tells what a sample does to every unit.
  mutating func note(_ sample: Sample) {
    count += 1
    for unit in sample.biases.indices where !board.isFull { note(sample, unit) }
  }

  private func note(_ sample: Sample, _ unit: Int) {
    typealias B = Blackboard
    let (x, rate, units) = (sample.x, sample.rate, sample.biases.count)
    let (w, b) = (Array(sample.weights[unit * x.count..<(unit + 1) * x.count]), sample.biases[unit])
    let target = Adaline.target(sample.label, unit: unit, of: units)
    let y = zip(w, x).reduce(b) { $0 + $1.0 * $1.1 }
    let error = target - y
    let step = rate * error
    let said =
      units == 1
      ? "says \(board.name(ofClass: y > 0.5 ? 1 : 0)), because y is \(y > 0.5 ? "" : "not ")above 1/2" : ""
    board.write(
      update: """
        sample \(count) (row \(sample.row))\(board.name(ofUnit: unit, of: units)): \(board.sample(x, label: Int(sample.label))), target t = \(B.number(target))
          weights     w = \(B.vector(w)), bias b = \(B.number(b))
          output      y = w x + b = \(B.weightedSum(w, x, bias: b, sum: y))  \(said)
          error       t - y = \(B.number(target)) - \(B.number(y)) = \(B.signed(error))
          change      rate * error * x = \(B.number(rate)) * \(B.signed(error)) * x = \(B.vector(x.map { step * $0 })), of the bias \(B.signed(step))
          new         w = \(B.vector(zip(w, x).map { $0 + step * $1 })), b = \(B.number(b + step))

        """)
  }
}
