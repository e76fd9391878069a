import Engine

/// A training rule that can tell its first updates as a teacher would write them on a blackboard.
public protocol ExplainsSteps: TrainingRule {
  /// From now on, writes its updates on `board`, until that is full.
  func explain(on board: Blackboard)
}

/// Where the first updates of a training are written, and how: room for some of them, the names of what is learnt, and the
/// writing of numbers.
public final class Blackboard {
  private var room: Int
  private let features, classes: [String]
  private let tell: (String) -> Void

  /// A board with room for some `updates`.
  ///
  /// - Parameters:
  ///   - features: what the inputs are called; empty where they have no names.
  ///   - classes: what the classes are called.
  ///   - tell: takes a piece of text of one or more lines.
  public init(
    updates: Int, features: [String], classes: [String], tell: @escaping (String) -> Void
  ) {
    room = updates
    self.features = features
    self.classes = classes
    self.tell = tell
  }

  /// Whether there is no room for another update.
  public var isFull: Bool { room == 0 }

  /// Writes an update, and below the last one that the rule goes on without words.
  public func write(update: String) {
    room -= 1
    tell(update)
    if isFull { tell("From here on the same rule goes on without words.\n") }
  }

  /// Writes something between two updates, which takes no room.
  public func write(remark: String) { tell(remark) }

  /// What a class is called.
  public func name(ofClass label: Int) -> String { classes[label] }

  /// A sample with the names of its features where they are few: `x = (1, 2)  (length, width), class setosa`.
  public func sample(_ x: [Float], label: Int) -> String {
    let names = features.isEmpty || features.count > 4 ? "" : "  (\(features.joined(separator: ", ")))"
    return "x = \(Self.vector(x))\(names), class \(classes[label])"
  }

  /// Which unit it is where there are several, one a class: `, unit 1 (setosa against the rest)`.
  public func name(ofUnit unit: Int, of units: Int) -> String {
    units == 1 ? "" : ", unit \(unit) (\(classes[unit]) against the rest)"
  }

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

  /// How w x + b comes about, all but the first four products left out: `0.5 * 1 + 0 * 2 + 0.1 = 0.6`.
  public static func weightedSum(_ weights: [Float], _ x: [Float], bias: Float, sum: Float) -> String {
    let products = zip(weights, x).prefix(4).map { "\(number($0)) * \(number($1))" }
    return (products + (x.count > 4 ? ["..."] : []) + ["\(number(bias)) = \(number(sum))"])
      .joined(separator: " + ")
  }
}
