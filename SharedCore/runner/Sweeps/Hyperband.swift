import Engine
import Foundation
import Utils

/// Ends runs early that do worse than others did after as many epochs.
///
/// Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter
/// Optimization", 2018, in the form of Weights & Biases: at each band a run goes on when it belongs to the best
/// 1/eta of those that have come so far. An iteration is an epoch.
struct Hyperband: Equatable {
  /// The epochs after which a run is judged, rising.
  let bands: [Int]
  /// One of so many goes on.
  let eta: Double
  /// Judges the value at the band alone, not the best so far.
  let isStrict: Bool

  /// `early_terminate:` of a sweep file; nil when it has no type.
  init?(_ reader: SweepReader) throws {
    try reader.check(keys: ["type", "min_iter", "max_iter", "s", "eta", "strict"])
    guard let type = try reader.text("type") else { return nil }
    guard type == "hyperband" else {
      throw reader.error("has the type \(type.quoted)", "say type: hyperband, or leave the section out")
    }
    let eta = try reader.number("eta") ?? 3
    guard eta > 1, eta <= 1000 else { throw reader.error("has the eta \(eta)", "give a number above 1") }
    let strict = try reader.value("strict") ?? "false"
    guard let isStrict = Bool(strict) else {
      throw reader.error("has strict: \(strict)", "say true or false")
    }
    let bands: [Int]
    if let most = try reader.count("max_iter") {
      guard let halvings = try reader.count("s") else {
        throw reader.error("has max_iter without s", "add s:, the number of bands, or give min_iter alone")
      }
      bands = Self.bands(from: most, halvings: halvings, eta: eta)
    } else {
      bands = Self.bands(from: try reader.count("min_iter") ?? 3, eta: eta)
    }
    guard !bands.isEmpty else {
      throw reader.error("has no band of an epoch or more", "raise max_iter, or lower eta")
    }
    self.init(bands: bands, eta: eta, isStrict: isStrict)
  }

  init(bands: [Int], eta: Double, isStrict: Bool) {
    (self.bands, self.eta, self.isStrict) = (bands, eta, isStrict)
  }

  /// `least`, and eta times as many epochs again and again.
  private static func bands(from least: Int, eta: Double) -> [Int] {
    let bands = sequence(first: Double(least)) { $0 * eta }.prefix(100).prefix { $0 < 1e9 }.map { Int($0) }
    return Set(bands).sorted()
  }

  /// An eta-th of `most`, and an eta-th of that again, `halvings` times.
  private static func bands(from most: Int, halvings: Int, eta: Double) -> [Int] {
    let bands = sequence(first: Double(most) / eta) { $0 / eta }.prefix(min(halvings, 100)).prefix { $0 >= 1 }
    return Set(bands.map { Int($0) }).sorted()
  }

  /// Why a run with these values after its epochs ends now; nil where it goes on.
  ///
  /// - Parameters:
  ///   - own: the metric by epoch, from 1.
  ///   - others: the same of the other runs, as far as they have come.
  func verdict(after epoch: Int, _ own: [Int: Double], others: [[Int: Double]], goal: Goal) -> String? {
    guard bands.contains(epoch), let here = own[epoch] else { return nil }
    let reached = (others.compactMap { $0[epoch] } + [here]).filter(\.isFinite)
      .sorted { goal.isBetter($0, than: $1) }
    guard !reached.isEmpty else { return nil }
    let threshold = reached[min(Int(Double(reached.count) / eta), reached.count - 1)]
    let past = own.filter { $0.key <= epoch && $0.value.isFinite }.values
    let value = isStrict ? here : (goal == .maximize ? past.max() : past.min()) ?? here
    guard goal.isBetter(threshold, than: value) || value.isNaN else { return nil }
    return
      "hyperband: \(figure(value)) after \(epoch) epochs, and \(figure(threshold)) is what goes on of \(reached.count)"
  }

  var json: JSONValue {
    [
      "bands": .array(bands.map { .integer(Int64($0)) }), "eta": .number(eta), "strict": .bool(isStrict),
    ]
  }

  init?(json: JSONValue?) {
    guard let bands = json?["bands"]?.array?.compactMap(\.int), !bands.isEmpty,
      let eta = json?["eta"]?.double, eta > 1, let isStrict = json?["strict"]?.bool
    else { return nil }
    self.init(bands: bands, eta: eta, isStrict: isStrict)
  }
}
