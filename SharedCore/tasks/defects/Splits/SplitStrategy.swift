import Utils

/// How large the parts of a split are, by name as a configuration gives it.
public enum SplitStrategy: String, CaseIterable, Sendable {
  case stratified701515 = "stratified_70_15_15"
  case stratified801010 = "stratified_80_10_10"

  /// The strategy called `name`; throws a `LabError` that lists the known ones.
  public init(named name: String) throws {
    guard let strategy = SplitStrategy(rawValue: name) else {
      throw unknownName(name, what: "split strategy", known: SplitStrategy.allCases.map(\.rawValue))
    }
    self = strategy
  }

  /// The share of each part.
  public var ratios: SplitRatios {
    switch self {
    case .stratified701515: SplitRatios(known: 0.7, 0.15, 0.15)
    case .stratified801010: SplitRatios(known: 0.8, 0.1, 0.1)
    }
  }
}

/// The shares of the training, validation and test part; they sum to 1.
public struct SplitRatios: Equatable, Sendable {
  /// The share of each part, from 0 to 1.
  public let train, val, test: Double

  /// Shares of these sizes; throws a `LabError` unless none is negative and they sum to 1 within 1e-6.
  public init(train: Double, val: Double, test: Double) throws {
    guard min(train, val, test) >= 0, abs(train + val + test - 1) <= 1e-6 else {
      throw LabError(
        .config, "a split into \(train), \(val) and \(test) does not sum to 1",
        remedy: "give three shares of 0 or more that do, such as 0.7, 0.15 and 0.15")
    }
    self.init(known: train, val, test)
  }

  fileprivate init(known train: Double, _ val: Double, _ test: Double) {
    (self.train, self.val, self.test) = (train, val, test)
  }

  /// How many of `count` samples each part has: floor(N train), floor(N val), and the rest for the test.
  public func sizes(of count: Int) -> (train: Int, val: Int, test: Int) {
    // 0.7 * 10 may lie a hair below 7
    func floored(_ share: Double) -> Int { Int((Double(count) * share + 1e-9).rounded(.down)) }
    let (train, val) = (floored(train), floored(val))
    return (train, val, count - train - val)
  }
}
