import Engine

/// A training rule that can tell its first updates as a teacher would write them on a blackboard.
public protocol ExplainsSteps: TrainingRule {
  /// From now on, tells the first `count` updates, line by line.
  ///
  /// - Parameters:
  ///   - features: what the inputs are called; empty where they have no names.
  ///   - classes: what the classes are called.
  func explain(_ count: Int, features: [String], classes: [String], tell: @escaping (String) -> Void)
}

/// Numbers as they are written on a blackboard.
public enum Blackboard {
  /// A number with at most four digits after the point: `0.5`, `-1.3333`.
  public static func number(_ value: Float) -> String {
    let rounded = (Double(value) * 10_000).rounded() / 10_000
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }

  /// A number with its sign: `+0.1`.
  public static func signed(_ value: Float) -> String { (value < 0 ? "" : "+") + number(value) }

  /// A vector, its middle left out when it is long: `(0.1, -0.2)`.
  public static func vector(_ values: some Collection<Float>) -> String {
    let shown = values.prefix(8).map(number).joined(separator: ", ")
    return "(\(shown)\(values.count > 8 ? ", ... \(values.count) numbers" : ""))"
  }
}
