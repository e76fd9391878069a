import Foundation
import Utils

extension SweepParameter {
  /// The distributions that a file may name, each with its keys.
  private static let keys = [
    "constant": ["value"], "categorical": ["values", "probabilities"],
    "categorical_w_probabilities": ["values", "probabilities"], "int_uniform": ["min", "max"],
    "uniform": ["min", "max"], "q_uniform": ["min", "max", "q"], "log_uniform": ["min", "max"],
    "q_log_uniform": ["min", "max", "q"], "inv_log_uniform": ["min", "max"],
    "log_uniform_values": ["min", "max"], "q_log_uniform_values": ["min", "max", "q"],
    "inv_log_uniform_values": ["min", "max"], "normal": ["mu", "sigma"], "q_normal": ["mu", "sigma", "q"],
    "log_normal": ["mu", "sigma"], "q_log_normal": ["mu", "sigma", "q"], "beta": ["a", "b"],
    "q_beta": ["a", "b", "q"],
  ]

  /// The parameter of the setting `key` that `reader` describes.
  init(_ key: String, _ reader: SweepReader) throws {
    let name = try Self.distribution(reader)
    guard let known = Self.keys[name] else {
      let names = Self.keys.keys.sorted()
      let near = nearestName(to: name, in: names).map { "did you mean \($0)? " } ?? ""
      throw reader.error(
        "has the unknown distribution \(name.quoted)", near + "there are \(names.joined(separator: ", "))")
    }
    try reader.check(keys: known + ["distribution"])
    self.key = key
    source = "\(reader.name), \(reader.path)"
    step = known.contains("q") ? try reader.number("q") ?? 1 : nil
    if let step, step <= 0 { throw reader.error("rounds to multiples of \(step)", "give a q above 0") }
    distribution = try Self.values(name.replacing("q_", with: "", maxReplacements: 1), reader)
  }

  /// The distribution's name, or what the other keys say without one.
  private static func distribution(_ reader: SweepReader) throws -> String {
    if let name = try reader.text("distribution") { return name }
    if reader.has("value") { return "constant" }
    if reader.has("values") { return "categorical" }
    guard let low = try reader.text("min"), let high = try reader.text("max") else {
      let keys = ["value", "values", "min", "max", "distribution", "parameters", "probabilities", "mu", "q"]
      try reader.check(keys: keys)
      throw reader.error("says no values", "add value:, values:, or min: and max:")
    }
    return Int(low) != nil && Int(high) != nil ? "int_uniform" : "uniform"
  }

  private static func values(_ name: String, _ reader: SweepReader) throws -> Distribution {
    switch name {
    case "constant":
      guard let value = try reader.value("value") else {
        throw reader.error("has no value", "add the line value: ...")
      }
      return .constant(value)
    case "categorical", "categorical_w_probabilities": return try categories(reader)
    case "normal", "log_normal":
      let (mean, deviation) = (try reader.number("mu") ?? 0, try reader.number("sigma") ?? 1)
      guard deviation >= 0 else { throw reader.error("has a sigma below 0", "give one of 0 or more") }
      return name == "normal"
        ? .normal(mean: mean, deviation: deviation) : .logNormal(mean: mean, deviation: deviation)
    case "beta":
      let (a, b) = (try reader.number("a") ?? 1, try reader.number("b") ?? 1)
      guard a > 0, b > 0 else { throw reader.error("has an a or b of 0 or less", "give both above 0") }
      return .beta(a, b)
    default: return try range(name, reader)
    }
  }

  private static func categories(_ reader: SweepReader) throws -> Distribution {
    guard let values = try reader.values("values") else {
      throw reader.error("has no values", "add the line values: [one, another]")
    }
    guard Set(values).count == values.count else {
      throw reader.error("has a value twice", "name each once, and give probabilities instead")
    }
    let probabilities = try (reader.values("probabilities") ?? []).map { text in
      guard let share = Double(text), share >= 0, share.isFinite else {
        throw reader.error("has the probability \(text.quoted)", "give numbers from 0 to 1")
      }
      return share
    }
    guard
      probabilities.isEmpty
        || (probabilities.count == values.count && abs(probabilities.reduce(0, +) - 1) < 0.01)
    else {
      throw reader.error(
        "has \(probabilities.count) probabilities of \(values.count) values, with the sum \(probabilities.reduce(0, +))",
        "give one for each value, all together 1")
    }
    return .categorical(values, probabilities: probabilities)
  }

  private static func range(_ name: String, _ reader: SweepReader) throws -> Distribution {
    guard let low = try reader.number("min"), let high = try reader.number("max"), low <= high else {
      throw reader.error("has no min that is at most its max", "give both")
    }
    switch name {
    case "int_uniform":
      guard let first = Int(exactly: low), let last = Int(exactly: high),
        !last.subtractingReportingOverflow(first).overflow, last - first < .max
      else {
        throw reader.error("has a min or max that is no whole number", "give whole ones, or say uniform")
      }
      return .wholes(first...last)
    case "uniform": return .uniform(low, high)
    case "log_uniform", "inv_log_uniform":
      guard (-700...700).contains(low), (-700...700).contains(high) else {
        throw reader.error(
          "has powers of e from \(low) to \(high)", "give exponents, or say log_uniform_values")
      }
      return name == "log_uniform" ? .logUniform(low, high) : .logUniform(-high, -low)
    default:
      guard low > 0 else { throw reader.error("has a min of 0 or less, which has no logarithm", "raise it") }
      return .logUniform(log(low), log(high))
    }
  }
}
