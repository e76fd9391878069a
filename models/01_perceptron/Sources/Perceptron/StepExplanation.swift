import Engine
import Runner

/// Tells the first updates of the perceptron rule as they would be written on a blackboard.
final class StepExplanation {
  private var remaining: Int
  private var sample = 0
  private var rightInARow = 0
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

  /// One unit has seen one sample; `weights` and `bias` are those before the update.
  func note(
    index: Int, x: [Float], label: Int, unit: Int, units: Int, weights: [Float], bias: Float, sum: Float,
    target: Float, rate: Float
  ) {
    if unit == 0 { sample += 1 }
    let prediction: Float = sum >= 0 ? 1 : 0
    let error = target - prediction
    guard error != 0 else {
      if unit == units - 1 { rightInARow += 1 }
      return
    }
    typealias B = Blackboard
    if rightInARow > 0 {
      tell("  (\(rightInARow) sample\(rightInARow == 1 ? "" : "s") right before: nothing changed)\n")
    }
    rightInARow = 0
    remaining -= 1
    let changed = zip(weights, x).map { $0 + rate * error * $1 }
    let products = zip(weights, x).prefix(4).map { "\(B.number($0)) * \(B.number($1))" }.joined(
      separator: " + ")
    let names = features.isEmpty || features.count > 4 ? "" : "  (\(features.joined(separator: ", ")))"
    let unitName = units == 1 ? "" : ", unit \(unit) (\(classes[unit]) against the rest)"
    tell(
      """
      sample \(sample) (row \(index))\(unitName): x = \(B.vector(x))\(names), class \(classes[label]), target t = \(B.number(target))
        weights     w = \(B.vector(weights)), bias b = \(B.number(bias))
        activation  w x + b = \(products)\(x.count > 4 ? " + ..." : "") + \(B.number(bias)) = \(B.number(sum))
        prediction  y = \(B.number(prediction)), because the activation is \(prediction == 1 ? "not " : "")below 0
        error       t - y = \(B.number(target)) - \(B.number(prediction)) = \(B.signed(error))
        change      rate * error * x = \(B.number(rate)) * \(B.signed(error)) * x = \(B.vector(x.map { rate * error * $0 })), of the bias \(B.signed(rate * error))
        new         w = \(B.vector(changed)), b = \(B.number(bias + rate * error))

      """)
    if remaining == 0 { tell("From here on the same rule goes on without words.\n") }
  }
}

extension PerceptronRule {
  /// From now on, tells the first `count` updates with their numbers.
  public func explain(_ count: Int, features: [String], classes: [String], tell: @escaping (String) -> Void) {
    explanation = StepExplanation(count, features: features, classes: classes, tell: tell)
  }
}
