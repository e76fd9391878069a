import Engine
import Runner
import Utils

/// The same network and the recipe of 1986, with the chain rule written out instead of the tape.
let byHand = Experiment(
  "xor-by-hand", purpose: .study, summary: "backpropagation without a tape; --explain tells every number",
  data: .generated("xor", noise: 0.1), network: network,
  training: .rule(name: "backpropagation by hand") { network, settings in
    guard let network = network as? MultilayerPerceptron else {
      throw LabError(.model, "backpropagation was given another network", remedy: "choose an mlp")
    }
    return try Backpropagation(
      network, goal: Backpropagation.Goal(rawValue: settings.string("loss")) ?? .squaredError,
      learningRate: settings.double("learning_rate"), momentum: settings.double("momentum"))
  },
  epochs: 100, learningRate: 0.5, batchSize: 32,
  settings: settings([4], .sigmoid, .uniform) + [
    .choice(
      "loss", "squared_error", of: Backpropagation.Goal.allCases.map(\.rawValue), "what is to become small"),
    .number("momentum", 0.9, in: 0...0.999_999, "share of the last step that is kept"),
  ], plots: planePlots, band: .atLeast(0.99, of: .all),
  published: "solved by hidden units (Rumelhart, Hinton and Williams 1986)")

/// What the parts of the recipe do, on xor.
let studies = [
  experiment(
    "xor-seeds", .strength, "the same network from twenty other beginnings", hidden: [8], epochs: 100,
    data: .generated("xor", noise: 0.1),
    study: Study(
      sweep: [], seeds: 20, shown: ["all_accuracy", "all_loss"],
      metrics: [.successRate("all_accuracy", atLeast: 1)]),
    band: .atLeast(1, "success_rate", of: .all)),
  experiment(
    "xor-1986", .study, "two logistic units and the recipe of 1986: how often it gets stuck", hidden: [2],
    activation: .sigmoid, start: .uniform, epochs: 1000, learningRate: 0.5, batchSize: nil,
    options: GradientOptions { $0.momentum = 0.9 }, goal: .squaredError,
    data: .generated("xor", samples: 100, noise: 0.1),
    study: Study(
      sweep: [], seeds: 20, shown: ["all_accuracy", "all_loss"],
      metrics: [.successRate("all_accuracy", atLeast: 0.99)]),
    band: .atMost(0.95, "success_rate", of: .all),
    published: "two failures in several hundred runs (Rumelhart, Hinton and Williams 1986, PDP chapter 8)"),
  experiment(
    "activation-study", .study, "what a hidden unit makes of its sum", hidden: [8], epochs: 50,
    data: .generated("xor", noise: 0.1),
    study: Study(
      sweep: [("activation", Activation.allCases.map(\.rawValue))], seeds: 5,
      shown: ["all_accuracy", "all_loss"]), band: .atLeast(0.9, of: .all)),
  experiment(
    "start-study", .study, "how the weights begin; with zeros no unit ever differs from another", hidden: [8],
    epochs: 50, data: .generated("xor", noise: 0.1),
    study: Study(
      sweep: [("start", Start.allCases.map(\.rawValue))], seeds: 5, shown: ["all_accuracy", "all_loss"],
      metrics: [
        .difference(
          "gain_over_zeros", of: "all_accuracy", ["start": "xavier_uniform"], minus: ["start": "zeros"])
      ]), band: .atLeast(0.2, "gain_over_zeros", of: .all)),
  experiment(
    "learning-rate-study", .study, "too small, right, too large; plain gradient descent", hidden: [8],
    epochs: 100, options: GradientOptions(), data: .generated("xor", noise: 0.1),
    study: Study(
      sweep: [("learning_rate", ["0.001", "0.01", "0.1", "0.5", "1", "10"])], seeds: 5,
      shown: ["all_accuracy", "all_loss"],
      metrics: [
        .difference(
          "gain_over_smallest", of: "all_accuracy", ["learning_rate": "0.5"],
          minus: ["learning_rate": "0.001"])
      ]), band: .atLeast(0.2, "gain_over_smallest", of: .all)),
  experiment(
    "architecture-study", aliases: ["architecture-comparison"], .study,
    "how many units, in how many layers", hidden: [8], activation: .relu, start: .heNormal, epochs: 100,
    learningRate: 0.01, data: .generated("spirals", noise: 0.02),
    study: Study(
      sweep: [("hidden", ["none", "8", "64", "8-8", "64-32", "64-32-16"])], seeds: 3,
      shown: ["all_accuracy", "all_loss"],
      metrics: [
        .difference("gain_of_layers", of: "all_accuracy", ["hidden": "64-32"], minus: ["hidden": "none"])
      ]), band: .atLeast(0.2, "gain_of_layers", of: .all)),
]
