import Utils

/// Three numbers, one for each direction of space.
///
/// An image has depth 1, a signal depth and height 1: one kernel serves one, two and three dimensions.
public struct Extent: Hashable, Sendable, CustomStringConvertible {
  /// The numbers for each direction; neighbours along the width are neighbours in memory.
  public let depth, height, width: Int

  /// One number for each direction.
  public init(depth: Int, height: Int, width: Int) {
    self.depth = depth
    self.height = height
    self.width = width
  }

  /// One to three numbers, the width last; `missing` stands for the directions that are not named.
  public init(_ numbers: some Collection<Int>, missing: Int) {
    require(1...3 ~= numbers.count, "space has one to three directions, not \(Array(numbers))")
    let all = Array(repeating: missing, count: 3 - numbers.count) + numbers
    self.init(depth: all[0], height: all[1], width: all[2])
  }

  /// The number that `body` gives for each direction: 0 is depth, 1 height, 2 width.
  public init(each body: (Int) -> Int) { self.init(depth: body(0), height: body(1), width: body(2)) }

  /// The number for a direction: 0 is depth, 1 height, 2 width.
  public subscript(direction: Int) -> Int { direction == 0 ? depth : direction == 1 ? height : width }

  /// The three numbers multiplied: how many places there are.
  public var volume: Int { depth * height * width }

  /// The numbers, depth first.
  public var description: String { "\(depth)x\(height)x\(width)" }
}
