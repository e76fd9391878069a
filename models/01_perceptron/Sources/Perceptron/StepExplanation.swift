import Runner

/// Tells the first updates of the perceptron rule as they would be written on a blackboard.
struct StepExplanation {
  /// What one unit makes of one sample, before the update.
  struct Step {
    let row: Int
    let x: [Float]
    let label, unit, units: Int
    let weights: [Float]
    let bias, sum, target, rate: Float
  }

  let board: Blackboard
  private var sample = 0
  private var rightInARow = 0

  init(on board: Blackboard) { self.board = board }

  /// One unit has seen one sample.
  mutating func note(_ step: Step) {
    if step.unit == 0 { sample += 1 }
    let prediction: Float = step.sum >= 0 ? 1 : 0
    let error = step.target - prediction
    guard error != 0 else {
      if step.unit == step.units - 1 { rightInARow += 1 }
      return
    }
    if rightInARow > 0 {
      board.write(
        remark: "  (\(rightInARow) sample\(rightInARow == 1 ? "" : "s") right before: nothing changed)\n")
    }
    rightInARow = 0
    typealias B = Blackboard
    let (x, w, b, rate) = (step.x, step.weights, step.bias, step.rate)
    board.write(
      update: """
        sample \(sample) (row \(step.row))\(board.name(ofUnit: step.unit, of: step.units)): \(board.sample(x, label: step.label)), target t = \(B.number(step.target))
          weights     w = \(B.vector(w)), bias b = \(B.number(b))
          activation  w x + b = \(B.weightedSum(w, x, bias: b, sum: step.sum))
          prediction  y = \(B.number(prediction)), because the activation is \(prediction == 1 ? "not " : "")below 0
          error       t - y = \(B.number(step.target)) - \(B.number(prediction)) = \(B.signed(error))
          change      rate * error * x = \(B.number(rate)) * \(B.signed(error)) * x = \(B.vector(x.map { rate * error * $0 })), of the bias \(B.signed(rate * error))
          new         w = \(B.vector(zip(w, x).map { $0 + rate * error * $1 })), b = \(B.number(b + rate * error))

        """)
  }
}

extension PerceptronRule {
  /// From now on, writes its updates with their numbers on `board`, until that is full.
  public func explain(on board: Blackboard) { explanation = StepExplanation(on: board) }
}
