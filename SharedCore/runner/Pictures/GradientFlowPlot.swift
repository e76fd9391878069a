import DataUtils
import Engine
import Plotting
import Utils

extension Experiment.Plot {
  /// The norm of the loss's gradient and of the weights, layer by layer from the input to the output, over up to 256
  /// training samples that the seed draws; nothing for a rule without a loss.
  public static let gradientFlow = Experiment.Plot("gradient_flow") { context in
    guard let layers = try context.gradientFlow(), !layers.isEmpty else { return [] }
    let chart = gradientFlowChart(
      title: "\(context.experiment.name): gradient and weights by depth", [("gradient", layers)],
      weights: [("weights", layers)])
    return [NamedFigure("gradient_flow", chart)]
  }
}

extension PictureContext {
  /// The gradient that reaches every layer, over up to `count` training samples that the seed draws; nil without a loss.
  public func gradientFlow(samples count: Int = 256) throws -> [LayerFlow]? {
    guard let loss else { return nil }
    let train = data.splits.train
    var random = RandomStream(seed: seed, purpose: "gradient flow")
    let chosen = train.subset(Array(random.permutation(of: train.count).prefix(count)))
    var batches = Loader(chosen, preprocessing: data.preprocessing, prefetchThreads: 0).batches(epoch: 1)
    guard let batch = try batches.next() else { return nil }
    return Engine.gradientFlow(of: network, loss, on: batch, seed: seed)
  }
}

/// Norms by layer, from the input to the output, on a logarithmic axis: several networks over each other.
///
/// - Parameters:
///   - flows: the gradients' norms of each network, under its name.
///   - weights: the weights' norms of each, under a name of its own.
public func gradientFlowChart(
  title: String, _ flows: [(name: String, layers: [LayerFlow])],
  weights: [(name: String, layers: [LayerFlow])] = []
) -> LineChart {
  LineChart(
    title: title, xLabel: "layer with weights, from the input", yLabel: "Euclidean norm",
    series: flows.map { Series($0.name, $0.layers.map(\.gradientNorm)) }
      + weights.map { Series($0.name, $0.layers.map(\.weightNorm)) }, yScale: .logarithmic)
}
