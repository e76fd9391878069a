import Foundation
import Utils

/// How many of some samples have each class: what weights of unequal classes are computed from.
public struct ClassCounts: Equatable, Sendable {
  /// How many samples there are.
  public let samples: Int
  /// [K], how many of them have each class; with one class a sample these sum to `samples`.
  public let positives: [Int]

  /// Counts as given; traps where a class has more samples than there are.
  public init(samples: Int, positives: [Int]) {
    require(
      positives.allSatisfy { (0...samples).contains($0) },
      "classes of \(positives) samples among \(samples)")
    (self.samples, self.positives) = (samples, positives)
  }

  /// Those of a batch, whose classes are `classes` in number.
  public init(of batch: Batch, classes: Int) {
    var positives = [Int](repeating: 0, count: classes)
    if let targets = batch.targets?.elements {
      for (place, target) in targets.enumerated() where target > 0.5 { positives[place % classes] += 1 }
    } else {
      for label in batch.labels.elements { positives[Int(label)] += 1 }
    }
    self.init(samples: batch.count, positives: positives)
  }

  /// 1 - the share of samples that have the class, within 0.01...0.99: the rarer, the more.
  public var inverseShares: [Double] {
    positives.map { min(max(1 - Double($0) / Double(max(samples, 1)), 0.01), 0.99) }
  }

  /// The effective number of n samples, (1 - beta^n) / (1 - beta): the more there are, the less a new one tells.
  ///
  /// Cui et al., "Class-Balanced Loss Based on Effective Number of Samples", 2019, §3.
  public func effectiveNumbers(beta: Double) -> [Double] {
    positives.map { (1 - pow(beta, Double($0))) / (1 - beta) }
  }

  /// Weights by effective numbers: (1 - beta) / (1 - beta^n + 1e-7), all scaled by one factor so that the largest is 0.99.
  ///
  /// Where they are scaled to the sum K instead, as is usual, some exceed 1, and 1 - alpha, which the samples without the class
  /// get, falls below 0. One factor for all keeps their ratios. A class without a sample has the largest weight.
  public func effectiveWeights(beta: Double) -> [Double] {
    let weights = positives.map { $0 == 0 ? nil : (1 - beta) / (1 - pow(beta, Double($0)) + 1e-7) }
    let largest = weights.compactMap(\.self).max() ?? 1
    return weights.map { 0.99 * ($0 ?? largest) / largest }
  }
}
