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
