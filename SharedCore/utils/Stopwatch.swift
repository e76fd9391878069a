/// Wall-clock time since it was made, unmoved by changes of the system's date.
public struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  /// A watch that runs from now on.
  public init() {}

  /// Seconds since it was made.
  public var seconds: Double {
    let elapsed = start.duration(to: .now).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }
}
