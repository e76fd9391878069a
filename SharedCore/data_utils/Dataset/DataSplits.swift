import Utils

/// A data set in its parts: what is trained on, what is watched meanwhile, and what is judged at the end.
public struct DataSplits: Sendable {
  /// A part by its name.
  public enum Part: String, CaseIterable, Sendable {
    case train, val, test, all
  }

  /// What is trained on.
  public let train: Dataset
  /// What is watched while training.
  public let val: Dataset?
  /// What is judged at the end.
  public let test: Dataset?
  private let whole: Dataset?

  /// Parts that have no sample in common.
  public init(train: Dataset, val: Dataset? = nil, test: Dataset? = nil) {
    self.init(train: train, val: val, test: test, whole: nil)
  }

  /// All of `dataset` for training, and for judging too: there is no other part.
  public init(trainingOnAll dataset: Dataset) {
    self.init(train: dataset, val: nil, test: nil, whole: dataset)
  }

  init(train: Dataset, val: Dataset?, test: Dataset?, whole: Dataset?) {
    self.train = train
    self.val = val
    self.test = test
    self.whole = whole
  }

  /// The parts there are, in the order train, val, test, all.
  public var parts: [Part] { [.train] + (val == nil ? [] : [.val]) + (test == nil ? [] : [.test]) + [.all] }

  /// Every sample: in the order of the source where the parts were cut from one set, else train, val, test.
  public var all: Dataset { whole ?? [val, test].compactMap(\.self).reduce(train) { $0.appending($1) } }

  /// What must stand beside every result on a piece of a published set: "subset: 10,000 of 50,000 training and 1,000 of
  /// 10,000 test images"; nil on the whole.
  public var subsetNote: String? {
    func grouped(_ number: Int) -> String {
      let digits = Array(String(number))
      return digits.indices.map {
        (digits.count - $0) % 3 == 0 && $0 > 0 ? ",\(digits[$0])" : "\(digits[$0])"
      }
      .joined()
    }
    let parts = [("training", train), ("validation", val), ("test", test)].compactMap {
      name, part -> String? in
      guard let part, let published = part.publishedCount, part.count < published else { return nil }
      return "\(grouped(part.count)) of \(grouped(published)) \(name)"
    }
    return parts.isEmpty ? nil : "subset: \(parts.joined(separator: " and ")) images"
  }

  /// The samples of `part`; throws when this data set has no such part.
  public func part(_ part: Part) throws -> Dataset {
    let found: Dataset? =
      switch part {
      case .train: train
      case .val: val
      case .test: test
      case .all: all
      }
    if let found { return found }
    throw LabError(
      .usage, "\(train.name) has no part called \(part.rawValue)",
      remedy: "choose among \(parts.map(\.rawValue).joined(separator: ", "))")
  }

  /// The same parts, with a stratified fraction of `train` held out as `val`; traps when there is a `val` already.
  public func holdingOut(val fraction: Double, seed: UInt64) -> DataSplits {
    require(val == nil, "\(train.name) has a part called val already")
    let split = train.stratifiedSplit(val: fraction, test: 0, seed: seed)
    return DataSplits(train: split.train, val: split.val, test: test, whole: whole)
  }

  /// The same change made in every part: other classes, fewer features.
  public func mapParts(_ change: (Dataset) throws -> Dataset) rethrows -> DataSplits {
    try DataSplits(
      train: change(train), val: val.map(change), test: test.map(change), whole: whole.map(change))
  }

  /// SHA-256 of the parts' fingerprints, so that the same samples split in another way are other data.
  public var fingerprint: String {
    let parts = [train, val, test].map { $0?.fingerprint ?? "none" }
    return SHA256.hex(of: Array(parts.joined(separator: " ").utf8))
  }
}
