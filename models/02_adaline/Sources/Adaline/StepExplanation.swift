import Engine
import Runner

/// Tells the first updates of the delta rule as they would be written on a blackboard.
final class StepExplanation {
  /// A sample, and the weights and biases of all units before it.
  struct Sample {
    let row: Int
    let x: [Float]
    let label: Int32
    let weights, biases: [Float]
    let rate: Float
  }

  private var remaining: Int
  private var count = 0
  private let features: [String]
  private let classes: [String]
  private let tell: (String) -> Void

  init(_ count: Int, features: [String], classes: [String], tell: @escaping (String) -> Void) {
    remaining = count
    self.features = features
    self.classes = classes
    self.tell = tell
  }

  /// Everything has been told.
  var isOver: Bool { remaining == 0 }

  /// Tells what a sample does to every unit.
  func note(_ sample: Sample) {
    count += 1
    for unit in sample.biases.indices where !isOver { note(sample, unit) }
  }

  private func note(_ sample: Sample, _ unit: Int) {
    typealias B = Blackboard
    let (x, width, units) = (sample.x, sample.x.count, sample.biases.count)
    let (weights, bias) = (Array(sample.weights[unit * width..<(unit + 1) * width]), sample.biases[unit])
    let target = Adaline.target(sample.label, unit: unit, of: units)
    let y = zip(weights, x).reduce(bias) { $0 + $1.0 * $1.1 }
    let error = target - y
    let step = sample.rate * error
    let products = zip(weights, x).prefix(4).map { "\(B.number($0)) * \(B.number($1))" }.joined(
      separator: " + ")
    let names = features.isEmpty || features.count > 4 ? "" : "  (\(features.joined(separator: ", ")))"
    let unitName = units == 1 ? "" : ", unit \(unit) (\(classes[unit]) against the rest)"
    let said =
      units == 1 ? "says \(classes[y > 0.5 ? 1 : 0]), because y is \(y > 0.5 ? "" : "not ")above 1/2" : ""
    remaining -= 1
    tell(
      """
      sample \(count) (row \(sample.row))\(unitName): x = \(B.vector(x))\(names), class \(classes[Int(sample.label)]), target t = \(B.number(target))
        weights     w = \(B.vector(weights)), bias b = \(B.number(bias))
        output      y = w x + b = \(products)\(width > 4 ? " + ..." : "") + \(B.number(bias)) = \(B.number(y))  \(said)
        error       t - y = \(B.number(target)) - \(B.number(y)) = \(B.signed(error))
        change      rate * error * x = \(B.number(sample.rate)) * \(B.signed(error)) * x = \(B.vector(x.map { step * $0 })), of the bias \(B.signed(step))
        new         w = \(B.vector(zip(weights, x).map { $0 + step * $1 })), b = \(B.number(bias + step))

      """)
    if isOver { tell("From here on the same rule goes on without words.\n") }
  }
}
