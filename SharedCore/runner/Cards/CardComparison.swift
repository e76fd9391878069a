import DataUtils
import Engine
import Utils

extension ModelCard {
  /// Where the card and the program differ, a sentence each: the list of experiments, the figures' experiments, the number
  /// of parameters.
  ///
  /// Throws the `LabError` of a data set that is not in `folder`: the network is made for its data.
  public func differences(from catalog: ModelCatalog, data folder: DataFolder) throws -> [String] {
    var found: [String] = []
    let names = catalog.experiments.map(\.name)
    if experiments != names {
      found.append(
        "the card's experiments are not the table's: write experiments: [\(names.joined(separator: ", "))]")
    }
    for figure in published where !names.contains(figure.experiment) {
      found.append("a published figure is of \(figure.experiment), which is no experiment")
    }
    guard let network else {
      return found + ["the card has no network: write network: {experiment: NAME, parameters: NUMBER}"]
    }
    guard names.contains(network.experiment) else {
      return found + ["the card's network is of \(network.experiment), which is no experiment"]
    }
    let experiment = try catalog.experiment(network.experiment)
    let plan = try RunPlan(catalog, experiment, experiment.settings, folder: folder, prefetch: 0)
    let count = try plan.bareNetwork().parameterCount
    if count != network.parameters {
      found.append(
        "the network of \(network.experiment) has \(count) parameters and the card says \(network.parameters)"
      )
    }
    return found
  }
}
