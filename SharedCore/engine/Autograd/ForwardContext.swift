/// What every layer may ask about the pass that is under way.
final class ForwardContext: Sendable {
  @TaskLocal static var current = ForwardContext(tape: nil, mode: .evaluation)

  nonisolated(unsafe) let tape: Tape?
  let mode: Mode

  init(tape: Tape?, mode: Mode) {
    self.tape = tape
    self.mode = mode
  }
}

/// Whether layers behave as in training (dropout drops, batch norm measures) or as in use.
public enum Mode: Equatable, Sendable {
  case training, evaluation

  /// The mode under way; evaluation unless a trainer or `withMode` says otherwise.
  public static var current: Mode { ForwardContext.current.mode }
}

/// Runs `body` in `mode`.
public func withMode<Result>(_ mode: Mode, _ body: () throws -> Result) rethrows -> Result {
  try ForwardContext.$current.withValue(ForwardContext(tape: ForwardContext.current.tape, mode: mode)) {
    try body()
  }
}
