import DataUtils
import Engine
import Runner
import Utils

/// The pictures of points, of tables and of images.
let planePlots: [Experiment.Plot] = [
  .learningCurves, .decisionRegions, .hiddenUnits, .confusionMatrix,
]
let tablePlots: [Experiment.Plot] = [.learningCurves, .confusionMatrix]
let imagePlots: [Experiment.Plot] = [
  .learningCurves, .confusionMatrix, .worstMistakes, .hiddenUnits,
]

/// Today's recipe.
private let adam = GradientOptions {
  $0.optimizer = .adam
  $0.schedule = .cosine
}

/// One output for two classes, or one a class.
enum Classes { case two, many }

/// A row of the table: what all experiments here share.
func experiment(
  _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String, hidden: [Int],
  activation: Activation = .tanh, start: Start = .xavierUniform, epochs: Int, learningRate: Double = 0.02,
  batchSize: Int? = 32, options: GradientOptions = adam, goal: Loss? = nil, original: [String: String] = [:],
  data: DataPlan, classes: Classes = .two,
  measured: [DataSplits.Part] = [], plots: [Experiment.Plot] = planePlots, study: Study? = nil,
  band: Band,
  published: String? = nil
) -> Experiment {
  let usual: Loss = classes == .two ? .binaryCrossEntropy : .crossEntropy
  let losses: [Loss] = goal == nil ? [usual, .squaredError] : [.squaredError, usual]
  return Experiment(
    name, aliases: aliases, purpose: purpose, summary: summary, data: data, network: network,
    training: .gradient(oneOf: losses, options),
    epochs: epochs, learningRate: learningRate, batchSize: batchSize,
    settings: settings(hidden, activation, start) + [era(original)], measured: measured,
    monitor: measured == [.test] ? "test_accuracy" : "train_accuracy", plots: plots, study: study,
    band: band, published: published)
}

/// The network that the settings describe.
let network = NetworkPlan("mlp") { settings, data in
  [
    "inputs": .integer(Int64(data.inputs)), "classes": .integer(Int64(data.classes)),
    "hidden": .array(settings.widths("hidden").map { .integer(Int64($0)) }),
    "activation": .string(settings.string("activation")), "start": .string(settings.string("start")),
  ]
}

/// What may be changed about the network, with a row's defaults.
func settings(_ hidden: [Int], _ activation: Activation, _ start: Start) -> [Setting] {
  [
    .widths("hidden", hidden, in: 1...10_000, "units of each hidden layer; none leaves a linear classifier"),
    .choice(
      "activation", activation.rawValue, of: Activation.allCases.map(\.rawValue),
      "what a hidden unit makes of its sum"),
    .choice("start", start.rawValue, of: Start.allCases.map(\.rawValue), "how the weights begin"),
  ]
}

/// What the recipe of 1986 needs on images: one hidden layer, and weights so small that no unit begins saturated.
let small = ["learning_rate": "0.1", "batch_size": "32", "start": "normal", "hidden": "300"]

/// The recipe of 1986: logistic units, squared error, small random weights, plain steps with momentum.
///
/// - Parameter changes: what a row needs beside or instead of it.
private func era(_ changes: [String: String]) -> Setting {
  let recipe = [
    "activation": "sigmoid", "start": "uniform", "loss": "squared_error", "optimizer": "sgd",
    "momentum": "0.9", "schedule": "constant", "learning_rate": "0.5",
  ]
  return .era(original: recipe.merging(changes) { $1 })
}
