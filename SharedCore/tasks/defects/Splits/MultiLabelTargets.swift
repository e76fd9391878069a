import Utils

/// Which classes each sample has: [N, K] of 0 and 1.
public struct MultiLabelTargets: Equatable, Sendable {
  /// [N * K] row-major.
  public let values: [UInt8]
  /// K, at least 1.
  public let classes: Int

  /// The targets `values`, [N * K] of 0 and 1.
  public init(_ values: [UInt8], classes: Int) {
    require(
      classes > 0 && values.count % classes == 0, "\(values.count) targets are no rows of \(classes) classes")
    self.values = values
    self.classes = classes
  }

  /// N.
  public var count: Int { values.count / classes }

  /// Whether sample `index` has the class.
  public func has(_ index: Int, _ label: Int) -> Bool { values[index * classes + label] == 1 }

  /// The classes of sample `index`, lowest first.
  public func labels(_ index: Int) -> [Int] { (0..<classes).filter { has(index, $0) } }

  /// How many of `indices` have each class.
  public func classCounts(of indices: some Sequence<Int>) -> [Int] {
    indices.reduce(into: [Int](repeating: 0, count: classes)) { counts, index in
      for label in 0..<classes where has(index, label) { counts[label] += 1 }
    }
  }
}
