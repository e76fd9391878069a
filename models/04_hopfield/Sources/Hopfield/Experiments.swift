import DataUtils
import Engine
import Runner
import Utils

/// The Hopfield network and its table of experiments.
public let hopfieldCatalog = ModelCatalog(
  folder: "04_hopfield", title: "Hopfield Network (Hopfield 1982)",
  architectures: [
    Architecture(
      "hopfield", summary: "the signs of weighted sums (1982), or a softmax over the patterns (2020)"
    ) {
      configuration, random in
      let units = try configuration.count("units"), patterns = try configuration.count("patterns")
      let memory = try configuration.choice("memory", as: Memory.self)
      try configuration.check(weights: units * (memory == .signs ? max(units, patterns) : patterns))
      switch memory {
      case .signs:
        return Hopfield(
          units: units, patterns: patterns, rule: try configuration.choice("rule", as: LearningRule.self),
          update: try configuration.choice("update", as: Hopfield.Update.self), using: &random)
      case .attention:
        return ModernHopfield(
          units: units, patterns: patterns, beta: try configuration.number("beta", in: betas))
      }
    }
  ],
  experiments: [
    experiment(
      "letters", aliases: ["basic"], .strength, "X, O and T of 25 pixels, a fifth of them turned over",
      data: .patterns(noise: 0.2) { _ in try .letters(["X", "O", "T"]) },
      band: .atLeast(0.9, of: .test)),
    experiment(
      "shapes", aliases: ["noise-robustness"], .strength,
      "cross, circle, square, triangle: how much of the noise does recall take away?",
      data: .patterns(noise: 0.2) { _ in .shapes }, rule: .pseudoinverse,
      plots: recallPlots + [.noiseCurve], band: .atLeast(0.95, "overlap", of: .test)),
    experiment(
      "mnist-017", aliases: ["mnist-0-1-7"], .strength,
      "a zero, a one and a seven of MNIST in black and white",
      data: .mnist(["0", "1", "7"], noise: 0.2), rule: .pseudoinverse,
      band: .atLeast(0.95, "overlap", of: .test)),
    experiment(
      "capacity", .strength, "50 random patterns in 500 units: they stay where they are", units: 500,
      data: .random(0.10), plots: [.capacityCurve, .energyTrace], band: .atLeast(0.99, "overlap", of: .train),
      published: "0.138 patterns a unit (Amit, Gutfreund and Sompolinsky 1985)"),
    experiment(
      "overload", .weakness, "90 random patterns in 500 units: beyond 0.138 they all blur at once",
      units: 500,
      data: .random(0.18), plots: [.capacityCurve, .energyTrace], band: .atMost(0.9, "overlap", of: .train),
      published: "0.138 patterns a unit (Amit, Gutfreund and Sompolinsky 1985)"),
    experiment(
      "similar-letters", .weakness, "P, F, E, R and B have most of their pixels in common",
      data: .patterns(noise: 0.1) { _ in try .letters(["P", "F", "E", "R", "B"]) },
      band: .atMost(0.7, of: .test)),
    experiment(
      "digits-3v8", aliases: ["similar-digits"], .weakness,
      "asked with threes and eights of other hands: it compares pixels, and knows nothing of digits",
      data: .handwriting, rule: .pseudoinverse, band: .atMost(0.9, of: .test)),
    experiment(
      "mnist-all", aliases: ["mnist-10"], .weakness, "ten digits of MNIST: too alike to be told apart",
      data: .mnist((0..<10).map(String.init), noise: 0.2), band: .atMost(0.5, of: .test)),
    experiment(
      "spurious", .study, "where does recall end when it begins anywhere?", units: 200, data: .random(0.05),
      metrics: [spurious], plots: [.spuriousStates, .energyTrace], band: .atLeast(0.05, "spurious", of: .test)
    ),
    experiment(
      "convergence", .study, "one unit after the other, or all at once: update=synchronous", units: 100,
      data: .random(0.1, noise: 0.2), plots: [.energyTrace, .stateSequence, .recall],
      band: .atLeast(0.9, "overlap", of: .test)),
    experiment(
      "modern", aliases: ["dense", "continuous"], .study,
      "1000 random patterns in 500 units, a fifth of each cue turned over: attention recalls all", units: 500,
      data: .random(2, noise: 0.2), memory: .attention, plots: [.modernCapacity],
      band: .atLeast(0.99, of: .test),
      published: "exponentially many patterns (Ramsauer et al. 2020, theorem 3)"),
    experiment(
      "debug", .debug, "two letters, to see that all is well",
      data: .patterns(noise: 0.1, cues: 10) { _ in try .letters(["X", "O"]) }, band: .atLeast(0.95, of: .test)
    ),
  ])

private let betas = 1e-6...1e6

/// Which network an experiment asks.
enum Memory: String, CaseIterable {
  /// Weights and signs: 1982.
  case signs
  /// Patterns and softmax: 2020.
  case attention
}

private let recallPlots: [Experiment.Plot] = [.recall, .stateSequence, .energyTrace, .confusionMatrix]

/// A row of the table: what all experiments with memories share.
private func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, units: Int? = nil,
  data: DataPlan, rule: LearningRule = .hebb, memory: Memory = .signs, metrics: [ExtraMetric] = [],
  plots: [Experiment.Plot] = recallPlots, band: Band, published: String? = nil
) -> Experiment {
  var settings: [Setting] = [
    .preset(
      "era", memory == .signs ? "original" : "modern",
      of: ["original": ["memory": "signs"], "modern": ["memory": "attention"]],
      "the network of 1982, or that of 2020"),
    .choice("memory", memory.rawValue, of: Memory.allCases.map(\.rawValue), "which network is asked"),
    .choice("rule", rule.rawValue, of: LearningRule.allCases.map(\.rawValue), "how patterns become weights"),
    .choice(
      "update", "asynchronous", of: Hopfield.Update.allCases.map(\.rawValue), "which units move together"),
    .number("beta", nil, in: betas, "how sharply attention chooses; none for 1 / sqrt(units)"),
  ]
  if let units { settings.append(.whole("units", units, in: 2...10_000, "units of the network")) }
  return Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data,
    network: NetworkPlan("hopfield") { settings, data in
      [
        "units": .integer(Int64(data.inputs)), "patterns": .integer(Int64(data.classes)),
        "rule": .string(settings.string("rule")), "update": .string(settings.string("update")),
        "memory": .string(settings.string("memory")),
        "beta": settings.optional("beta").map(JSONValue.number) ?? .null,
      ]
    },
    training: .rule(name: "storing the patterns") { network, _ in
      guard let memory = network as? any AssociativeMemory else {
        throw LabError(.model, "patterns were given to another network", remedy: "choose a hopfield network")
      }
      return Storing(memory)
    },
    epochs: 1, learningRate: 1, settings: settings, measured: [.train], metrics: [overlap, exact] + metrics,
    plots: plots, band: band, published: published)
}
