import Utils

/// How well the classes of samples that may have any number of them were told: counts by class, and the scores that follow.
///
/// A quotient 0/0 is 0. Scores are those of scikit-learn with `zero_division=0`; `accuracy` is that of whole rows.
public struct MultiLabelReport: Equatable, Sendable {
  /// How often a class was rightly and wrongly said to be there, and rightly and wrongly not.
  public struct Counts: Equatable, Sendable {
    /// Said and there.
    public internal(set) var truePositives = 0
    /// Said and not there.
    public internal(set) var falsePositives = 0
    /// Neither said nor there.
    public internal(set) var trueNegatives = 0
    /// There and not said.
    public internal(set) var falseNegatives = 0

    /// Nothing counted yet.
    public init() {}

    /// The samples that have the class.
    public var support: Int { truePositives + falseNegatives }
    /// Of the samples that were said to have it, the part that has it.
    public var precision: Double { ratio(truePositives, truePositives + falsePositives) }
    /// Of the samples that have it, the part that was said to.
    public var recall: Double { ratio(truePositives, support) }
    /// The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN).
    public var f1: Double { ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }

    mutating func add(said: Bool, isThere: Bool) {
      switch (said, isThere) {
      case (true, true): truePositives += 1
      case (true, false): falsePositives += 1
      case (false, false): trueNegatives += 1
      case (false, true): falseNegatives += 1
      }
    }
  }

  /// What the K classes are called.
  public let classNames: [String]
  /// The probability of each class above which it is said to be there.
  public let thresholds: [Double]
  /// The counts of each class, in order.
  public let perClass: [Counts]
  /// How many samples there are.
  public let count: Int
  /// How many of them had every class told rightly.
  public let exactMatches: Int

  /// The report of some samples; traps where the numbers do not fit each other.
  ///
  /// - Parameters:
  ///   - probabilities: [N, K] row-major.
  ///   - targets: [N, K], 1 for each class that a sample has.
  ///   - classNames: K of them.
  ///   - thresholds: K of them, above which a probability says that the class is there.
  public init(probabilities: [Double], targets: [UInt8], classNames: [String], thresholds: [Double]) {
    let classes = classNames.count
    require(
      probabilities.count == targets.count && thresholds.count == classes && classes > 0
        && targets.count % classes == 0,
      "\(probabilities.count) probabilities, \(targets.count) targets, \(thresholds.count) thresholds, \(classes) classes"
    )
    var perClass = [Counts](repeating: Counts(), count: classes)
    var exactMatches = 0
    for row in stride(from: 0, to: targets.count, by: classes) {
      var isExact = true
      for k in 0..<classes {
        let (said, isThere) = (probabilities[row + k] > thresholds[k], targets[row + k] == 1)
        perClass[k].add(said: said, isThere: isThere)
        isExact = isExact && said == isThere
      }
      exactMatches += isExact ? 1 : 0
    }
    (self.classNames, self.thresholds, self.perClass) = (classNames, thresholds, perClass)
    (count, self.exactMatches) = (targets.count / classes, exactMatches)
  }

  /// The part of the samples that had every class told rightly.
  public var accuracy: Double { ratio(exactMatches, count) }

  /// Wrong answers by all answers.
  public var hammingLoss: Double {
    ratio(total.falsePositives + total.falseNegatives, count * classNames.count)
  }

  /// The mean of a score over the classes, each counted once.
  public func macro(_ score: KeyPath<Counts, Double>) -> Double {
    perClass.reduce(0) { $0 + $1[keyPath: score] } / Double(perClass.count)
  }

  /// The counts of all classes together: its scores are the micro averages.
  public var total: Counts {
    perClass.reduce(into: Counts()) {
      $0.truePositives += $1.truePositives
      $0.falsePositives += $1.falsePositives
      $0.trueNegatives += $1.trueNegatives
      $0.falseNegatives += $1.falseNegatives
    }
  }
}

private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
