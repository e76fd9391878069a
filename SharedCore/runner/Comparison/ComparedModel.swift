import Foundation
import Tracking
import Utils

/// A model of a comparison: what its `train` and its card say of the experiment.
public struct ComparedModel: Equatable, Sendable {
  /// The package's folder: `05_lenet5`.
  public let folder: String
  /// The model's name, without what its title says in parentheses.
  public let title: String
  /// The year of its invention, where the card tells it.
  public let year: Int?
  /// The experiment as this model calls it.
  public let experiment: String
  /// The merged settings by key, as the record keeps them, and the seed among them.
  public let settings: [String: String]
  /// What the experiment is expected to reach.
  public let band: String
  /// What was published.
  public let published: String?
  /// Learnt numbers and multiply-adds for a sample; nil until they are counted.
  public var parameters, multiplyAdds: Int?
  /// What the data are known by in the record, by seed, for data are drawn and parted by it; empty until they are loaded.
  public var fingerprints: [Int: String] = [:]

  /// A model as `train --describe` describes it; nil when it does not have the experiment that it was asked for.
  public init?(_ description: JSONValue, card: ModelCard?) {
    guard let folder = description["model"]?.string, let experiment = description["experiment"],
      let name = experiment["name"]?.string, let settings = experiment["settings"]?.object
    else { return nil }
    self.folder = folder
    title = String((card?.title ?? description["title"]?.string ?? folder).prefix { $0 != "(" })
      .trimmingCharacters(in: .whitespaces)
    year = card?.year
    self.experiment = name
    self.settings = settings.mapValues { $0.string ?? $0.text() }
    band = experiment["band"]?["text"]?.string ?? "-"
    published = experiment["published"]?.string
  }

  /// Takes what `train --summary` has counted with a seed.
  public mutating func take(counted answer: JSONValue, seed: Int) {
    parameters = answer["summary"]?["parameters"]?.int
    multiplyAdds = answer["summary"]?["multiply_adds"]?.int
    fingerprints[seed] = answer["fingerprint"]?.string
  }

  /// The seeds of `count` runs: the experiment's own, and those after it.
  public func seeds(_ count: Int) -> [Int] {
    let first = settings["seed"].flatMap { Int($0) } ?? 42
    return (0..<count).map { first &+ $0 }
  }

  /// The settings with another seed.
  func settings(seed: Int) -> [String: String] { settings.merging(["seed": "\(seed)"]) { $1 } }
}
