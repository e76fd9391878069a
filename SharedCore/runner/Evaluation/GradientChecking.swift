import DataUtils
import Engine
import Kernels
import Utils

/// What `lab gradcheck` asks of a model's `train`, through its hidden flag: the check as one line of JSON.
struct GradientChecking {
  let catalog: ModelCatalog
  let options: TrainOptions

  /// How far a gradient may be from the central difference, as a share of the largest entry.
  static let tolerance = 0.02

  /// Checks `entries` entries of every parameter on the first samples of the experiment's training part.
  func json(entries text: String) throws -> JSONValue {
    guard let entries = Int(text), (1...100_000).contains(entries) else {
      throw LabError(.usage, "--entries is \(text)", remedy: "give a whole number from 1 to 100000")
    }
    let experiment = try options.experiment.map(catalog.experiment) ?? defaultExperiment()
    var settings = experiment.settings
    for word in options.settingWords { try settings.apply(word: word) }
    let plan = try RunPlan(
      catalog, experiment, settings, folder: DataFolder(options.common.dataRoot), prefetch: 0)
    let network = try plan.network()
    var batches = plan.trainingLoader().batches(epoch: 1, startingAt: 0)
    guard let batch = try batches.next()?.prefix(32) else {
      throw LabError(.data, "\(experiment.name) has no training sample", remedy: "choose another experiment")
    }
    var random = RandomStream(seed: plan.seed, purpose: "gradient check")
    let loss = plan.loss
    let check = withMode(.training) {
      GradientCheck(of: network, entries: entries, using: &random) {
        withMode(.training, randomness: Randomness(seed: plan.seed, step: 1)) {
          let outputs = network(batch.inputs)
          return (loss ?? Self.loss(for: outputs))(outputs, batch)
        }
      }
    }
    return answer(check, experiment, samples: batch.count)
  }

  /// The first experiment that learns by gradients, else the first.
  private func defaultExperiment() throws -> Experiment {
    guard
      let chosen = catalog.experiments.first(where: { $0.training.lossName($0.settings) != nil })
        ?? catalog.experiments.first
    else { throw LabError(.model, "\(catalog.folder) has no experiment", remedy: "add one to its table") }
    return chosen
  }

  /// Where an experiment learns without a loss, the one that fits the outputs.
  private static func loss(for outputs: Tensor) -> Loss {
    outputs.shape.last == 1 ? .binaryCrossEntropy : .crossEntropy
  }

  private func answer(_ check: GradientCheck, _ experiment: Experiment, samples: Int) -> JSONValue {
    let rows = check.rows.map { row -> JSONValue in
      [
        "name": .string(row.name), "shape": .array(row.shape.map { .integer(Int64($0)) }),
        "checked": .integer(Int64(row.checked)), "worst": .array(row.worst.map { .integer(Int64($0)) }),
        "analytic": .number(row.analytic), "numeric": .number(row.numeric), "error": .number(row.error),
      ]
    }
    return [
      "model": .string(catalog.folder), "experiment": .string(experiment.name),
      "kernels": .string(Kernels.requested), "samples": .integer(Int64(samples)), "loss": .number(check.loss),
      "tolerance": .number(Self.tolerance), "parameters": .array(rows),
      "unused": .array(check.unused.map(JSONValue.string)),
      "passed": .bool((check.worst?.error ?? .infinity) <= Self.tolerance),
    ]
  }
}

extension Batch {
  /// The first samples.
  fileprivate func prefix(_ count: Int) -> Batch {
    guard self.count > count else { return self }
    return Batch(
      inputs: inputs.narrowed(along: 0, from: 0, count: count),
      labels: IndexTensor(Array(labels.elements.prefix(count))),
      targets: targets?.narrowed(along: 0, from: 0, count: count), indices: Array(indices.prefix(count)))
  }
}
