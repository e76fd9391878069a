import Utils

/// How often each class was predicted for each actual class, and the scores that follow from it.
///
/// Scores are those of scikit-learn with `labels` naming every class and `zero_division=0`: a quotient 0/0 is
/// 0, and a class that neither occurs nor is predicted counts as 0 in the macro average.
public struct ConfusionMatrix: Equatable, Sendable {
  /// The number of classes K.
  public let classes: Int
  /// The counts [K, K], row-major: a row is an actual class, a column a predicted one.
  public private(set) var counts: [Int]

  /// A matrix of zeros for `classes` classes, at least one.
  public init(classes: Int) {
    require(classes > 0, "a confusion matrix needs at least one class, not \(classes)")
    self.classes = classes
    counts = Array(repeating: 0, count: classes * classes)
  }

  /// The matrix with these counts, row by row; nil where they are no square, or one is negative.
  public init?(counts: [Int]) {
    let side = Int(Double(counts.count).squareRoot().rounded())
    guard side > 0, counts.count <= 1 << 20, side * side == counts.count,
      counts.allSatisfy({ 0...1 << 50 ~= $0 })
    else { return nil }
    (classes, self.counts) = (side, counts)
  }

  /// How often `predicted` was answered where `actual` was right.
  public subscript(actual actual: Int, predicted predicted: Int) -> Int {
    counts[actual * classes + predicted]
  }

  /// Counts one example; both classes are below `classes`.
  public mutating func add(predicted: Int, actual: Int) {
    require(
      0..<classes ~= predicted && 0..<classes ~= actual,
      "class \(predicted) predicted for class \(actual) in a confusion matrix of \(classes) classes")
    counts[actual * classes + predicted] += 1
  }

  /// Counts examples, as many predicted classes as actual ones.
  public mutating func add(predicted: [Int32], actual: [Int32]) {
    require(
      predicted.count == actual.count, "\(predicted.count) predicted classes for \(actual.count) actual ones")
    for (predicted, actual) in zip(predicted, actual) { add(predicted: Int(predicted), actual: Int(actual)) }
  }

  /// Adds the counts of `other`, a matrix of as many classes.
  public static func += (matrix: inout ConfusionMatrix, other: ConfusionMatrix) {
    require(
      matrix.classes == other.classes, "confusion matrices of \(matrix.classes) and \(other.classes) classes")
    for index in matrix.counts.indices { matrix.counts[index] += other.counts[index] }
  }

  // MARK: Scores

  /// Precision, recall and F1 in 0...1, and the number of examples they speak of.
  public struct Scores: Equatable, Sendable {
    /// Of the examples that were given this class, the part that has it.
    public let precision: Double
    /// Of the examples that have this class, the part that was given it.
    public let recall: Double
    /// The harmonic mean of precision and recall.
    public let f1: Double
    /// How many examples have this class.
    public let support: Int
  }

  /// The number of examples.
  public var total: Int { counts.reduce(0, +) }

  /// The number of examples whose class was predicted.
  public var correct: Int { (0..<classes).reduce(0) { $0 + self[actual: $1, predicted: $1] } }

  /// The part of the examples whose class was predicted, in 0...1; 0 when there are none.
  public var accuracy: Double { ratio(correct, total) }

  /// The scores of each class, in order.
  public var perClass: [Scores] {
    (0..<classes).map { index in
      let hits = self[actual: index, predicted: index]
      let support = (0..<classes).reduce(0) { $0 + self[actual: index, predicted: $1] }
      let predicted = (0..<classes).reduce(0) { $0 + self[actual: $1, predicted: index] }
      // F1 = 2 TP / (2 TP + FP + FN)
      return Scores(
        precision: ratio(hits, predicted), recall: ratio(hits, support),
        f1: ratio(2 * hits, support + predicted), support: support)
    }
  }

  /// The mean over the classes, each counted once.
  public var macro: Scores { mean { _ in 1 } }

  /// The mean over the classes, each counted by its examples.
  public var weighted: Scores { mean { Double($0.support) } }

  /// `f1_macro` and `f1_weighted`, by which epochs are compared.
  public var f1: [Metric] { [Metric("f1_macro", macro.f1), Metric("f1_weighted", weighted.f1)] }

  /// The scores of all decisions taken together; with one class an example all three are the accuracy.
  public var micro: Scores { Scores(precision: accuracy, recall: accuracy, f1: accuracy, support: total) }

  private func mean(weight: (Scores) -> Double) -> Scores {
    let scores = perClass
    let sum = scores.reduce(0) { $0 + weight($1) }
    func mean(_ score: KeyPath<Scores, Double>) -> Double {
      sum == 0 ? 0 : scores.reduce(0) { $0 + weight($1) * $1[keyPath: score] } / sum
    }
    return Scores(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1), support: total)
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}
