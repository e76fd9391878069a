import Kernels
import Utils

/// One number for every direction of space, `2`, or one for each, the width last: `[2, 1]`.
public protocol PerDirection: Sendable {
  /// A number for each of `count` directions; traps when there are more or fewer.
  func numbers(forDirections count: Int) -> [Int]
}

extension Int: PerDirection {
  /// The same number for each direction.
  public func numbers(forDirections count: Int) -> [Int] { Array(repeating: self, count: count) }
}

extension [Int]: PerDirection {
  /// These numbers; traps when there are more or fewer than directions.
  public func numbers(forDirections count: Int) -> [Int] {
    require(self.count == count, "\(self) has not one number for each of \(count) directions")
    return self
  }
}

extension Tensor {
  /// The sizes of space of [N, C, ...]; traps when there are not as many as directions, or no channels.
  func space(_ directions: Int, _ op: @autoclosure () -> String) -> [Int] {
    require(
      shape.count == directions + 2,
      "\(op()): the input is [N, C] and \(directions) sizes of space, got \(shape)")
    return Array(shape[2...])
  }

  /// The gradient of a number a channel: g [N, C, ...] summed over everything else.
  func summedOverAllButChannels() -> Tensor {  // [N, C, ...] to [C]
    if order == .channelsLast {
      let places = Tensor(shape: [count / shape[1], shape[1]], storage: storage, offset: offset)
      return reduceSum(places, over: 0, keepingDimension: false)
    }
    let flat = detached().reshaped(to: [shape[0], shape[1], shape.product(of: 2..<shape.count)])
    let bySample = reduceSum(flat, over: 2, keepingDimension: false)
    return reduceSum(bySample, over: 0, keepingDimension: false)
  }
}
