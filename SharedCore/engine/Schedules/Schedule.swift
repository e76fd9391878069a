import Utils

/// How the learning rate changes while training goes on: a function of the time t and of the rate with which
/// the optimiser was made.
///
/// t counts from 0, in epochs unless `perStep` says otherwise. Nothing is remembered, so a training that is
/// resumed has the rate that it would have had. `ReduceOnPlateau` is for what only the metrics can tell.
/// ```swift
/// GradientRule(network: network, loss: .crossEntropy, optimizer: sgd, schedule: .cosine(over:
/// 90).warmedUp(over: 5))
/// ```
public struct Schedule: Sendable {
  /// What t counts.
  public enum Unit: String, Sendable {
    /// Epochs that have ended.
    case epoch
    /// Updates of the optimiser that have happened.
    case step
  }

  /// The name under which it is recorded.
  public let name: String
  /// What t counts.
  public let unit: Unit
  private let compute: @Sendable (_ t: Int, _ base: Double) -> Double

  /// A schedule that turns t and the optimiser's own rate into the rate at t.
  public init(
    _ name: String, per unit: Unit = .epoch,
    _ compute: @escaping @Sendable (_ t: Int, _ base: Double) -> Double
  ) {
    self.name = name
    self.unit = unit
    self.compute = compute
  }

  /// The rate at `t`, from 0, of an optimiser whose own rate is `base`.
  public func rate(at t: Int, from base: Double) -> Double {
    require(t >= 0, "a schedule begins at 0, not at \(t)")
    return compute(t, base)
  }

  /// The same schedule, counted in updates of the optimiser.
  public var perStep: Schedule { Schedule(name, per: .step, compute) }

  /// A linear rise from `share` of the rate to the rate, then this schedule from its beginning (Goyal et al.
  /// 2017).
  public func warmedUp(over count: Int, from share: Double = 0.1) -> Schedule {
    let warmup = Schedule.linear(over: count, from: share)
    return Schedule("\(name) after a warm-up", per: unit) { t, base in
      t < count ? warmup.rate(at: t, from: base) : rate(at: t - count, from: base)
    }
  }
}
