import DataUtils
import Utils

/// Which samples go into which part; each list in the order of the source.
public struct SplitIndices: Equatable, Sendable {
  /// The samples of each part.
  public var train, val, test: [Int]

  /// Parts of these samples.
  public init(train: [Int], val: [Int], test: [Int]) {
    (self.train, self.val, self.test) = (train, val, test)
  }

  /// The parts with their names, in the order train, val, test.
  public var parts: [(name: String, indices: [Int])] { [("train", train), ("val", val), ("test", test)] }
}

/// What a split is made of, as a run's results keep it.
public enum SplitInfo {
  /// Samples, and for each class how many and which share of them have it, a part at a time: the `split_info` of a run.
  public static func json(_ split: SplitIndices, targets: MultiLabelTargets, classNames: [String])
    -> JSONValue
  {
    var info: [String: JSONValue] = [:]
    for (name, indices) in split.parts {
      let counts = targets.classCounts(of: indices)
      var (byClass, ratios): ([String: JSONValue], [String: JSONValue]) = ([:], [:])
      for (count, className) in zip(counts, classNames) {
        byClass[className] = .integer(Int64(count))
        ratios[className] = .number(indices.isEmpty ? 0 : Double(count) / Double(indices.count))
      }
      info[name] = [
        "num_samples": .integer(Int64(indices.count)), "class_counts": .object(byClass),
        "class_ratios": .object(ratios),
      ]
    }
    return .object(info)
  }
}
