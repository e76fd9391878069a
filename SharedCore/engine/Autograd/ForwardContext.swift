import Kernels
import Utils

/// What every layer may ask about the pass that is under way.
final class ForwardContext: Sendable {
  @TaskLocal static var current = ForwardContext(tape: nil, mode: .evaluation, draws: nil, observer: nil)

  nonisolated(unsafe) let tape: Tape?
  let mode: Mode
  nonisolated(unsafe) let draws: PassDraws?
  nonisolated(unsafe) let observer: (any PassObserver)?
  /// A part of the pass runs once more for its gradients: what counts calls, such as running statistics, stays as it is.
  let isRepeated: Bool

  init(
    tape: Tape?, mode: Mode, draws: PassDraws?, observer: (any PassObserver)?, isRepeated: Bool = false
  ) {
    self.isRepeated = isRepeated
    self.tape = tape
    self.mode = mode
    self.draws = draws
    self.observer = observer
  }

  /// The same pass, recorded on `tape`.
  func recording(on tape: Tape?) -> ForwardContext {
    ForwardContext(tape: tape, mode: mode, draws: draws, observer: observer, isRepeated: isRepeated)
  }

  /// The same pass, watched by `observer`.
  func observed(by observer: any PassObserver) -> ForwardContext {
    ForwardContext(tape: tape, mode: mode, draws: draws, observer: observer)
  }
}

/// Whether layers behave as in training (dropout drops, batch norm measures) or as in use.
public enum Mode: Equatable, Sendable {
  case training, evaluation

  /// The mode under way; evaluation unless a trainer or `withMode` says otherwise.
  public static var current: Mode { ForwardContext.current.mode }
}

/// Where the random choices of one training step come from.
///
/// The same seed and step draw the same, on every machine and whatever the number of threads: a training that is
/// resumed goes on with the masks that it would have drawn.
public struct Randomness: Equatable, Sendable {
  /// The seed of the run.
  public let seed: UInt64
  /// Which step of the training this is.
  public let step: Int

  /// The choices of a step.
  public init(seed: UInt64, step: Int) {
    self.seed = seed
    self.step = step
  }
}

/// Runs `body` in `mode`; layers that drop at random do it by `randomness`, or as the pass around it when nil.
///
/// Every draw has its number within the pass, so two layers never drop alike.
public func withMode<Result>(
  _ mode: Mode, randomness: Randomness? = nil, _ body: () throws -> Result
) rethrows -> Result {
  let around = ForwardContext.current
  let context = ForwardContext(
    tape: around.tape, mode: mode, draws: randomness.map(PassDraws.init) ?? around.draws,
    observer: around.observer, isRepeated: around.isRepeated)
  return try ForwardContext.$current.withValue(context) { try body() }
}

/// The random draws of one pass, numbered in the order in which they are asked for.
final class PassDraws {
  private let randomness: Randomness
  /// How many draws there were.
  private(set) var count: Int

  convenience init(_ randomness: Randomness) { self.init(randomness, after: 0) }

  private init(_ randomness: Randomness, after count: Int) {
    self.randomness = randomness
    self.count = count
  }

  /// The key of the next draw.
  func next() -> UInt64 {
    defer { count += 1 }
    var stream = RandomStream(seed: randomness.seed, purpose: "draw \(count)", number: randomness.step)
    return stream.next()
  }

  /// The same draws once more from here on, for who computes a part of the pass again.
  func copied() -> PassDraws { PassDraws(randomness, after: count) }
}
