import Foundation
import Utils

/// What a model's `card.yaml` says: the facts of its README for programs.
///
/// ```yaml
/// title: Perceptron
/// year: 1957
/// authors: [Frank Rosenblatt]
/// paper: {title: "...", where: "...", doi: ...}
/// level: Keystone
/// module: 1 Foundations
/// key_idea: One sentence.
/// strength: One sentence.
/// weakness: One sentence.
/// published: [{experiment: xor, metric: all_accuracy, value: 0.75, source: "..."}]
/// network: {experiment: mnist, parameters: 7850}
/// experiments: [xor, mnist]
/// ```
/// The last two are what `lab models` shows without building anything; `CardCheck` of `ModelTesting` compares them with the
/// program.
public struct ModelCard: Equatable, Sendable {
  /// A figure that somebody published.
  public struct Published: Equatable, Sendable {
    /// The experiment that it may be compared with, and the metric: `test_accuracy`.
    public let experiment, metric: String
    /// The figure.
    public let value: Double
    /// Where it stands.
    public let source: String
  }

  /// The size of the network of the main experiment.
  public struct Network: Equatable, Sendable {
    /// The experiment.
    public let experiment: String
    /// How many numbers it learns.
    public let parameters: Int
  }

  /// The model's name.
  public let title: String
  /// The year of its invention.
  public let year: Int
  /// Who invented it.
  public let authors: [String]
  /// The title of the paper, and where it appeared.
  public let paper, appeared: String
  /// Keystone or side road; the module of the curriculum.
  public let level, module: String
  /// What was new, what it can do, what it cannot.
  public let keyIdea, strength, weakness: String
  /// Figures to compare with.
  public let published: [Published]
  /// The main experiment's network; nil where the card does not say.
  public let network: Network?
  /// All experiments; nil where the card does not say.
  public let experiments: [String]?

  /// The card in the file at `url`; throws a `LabError` with one sentence about what is missing, unknown or no card.
  public init(contentsOf url: URL) throws { try self.init(CardReader(contentsOf: url)) }

  /// The card in `text`; `name` stands in the sentence of an error.
  init(_ text: String, name: String) throws { try self.init(CardReader(Array(text.utf8), name: name)) }

  private init(_ card: CardReader) throws {
    try card.check(
      keys: [
        "title", "year", "authors", "paper", "level", "module", "key_idea", "strength", "weakness",
        "published",
        "network", "experiments",
      ])
    title = try card.text("title")
    year = try card.number("year", in: 1900...2100)
    authors = try card.texts("authors") ?? []
    guard !authors.isEmpty else { throw card.error("has no authors", "write authors: [Name, Name]") }
    let paper = try card.part("paper")
    (self.paper, appeared) = (try paper.text("title"), try paper.text("where"))
    (level, module) = (try card.text("level"), try card.text("module"))
    (keyIdea, strength, weakness) = (
      try card.text("key_idea"), try card.text("strength"), try card.text("weakness")
    )
    published = try card.parts("published").map { figure in
      try figure.check(keys: ["experiment", "metric", "value", "source"])
      return Published(
        experiment: try figure.text("experiment"), metric: try figure.text("metric"),
        value: try figure.decimal("value"), source: try figure.text("source"))
    }
    network = try card.optionalPart("network").map { network in
      try network.check(keys: ["experiment", "parameters"])
      return Network(
        experiment: try network.text("experiment"),
        parameters: try network.number("parameters", in: 0...1_000_000_000_000))
    }
    experiments = try card.texts("experiments")
  }
}
