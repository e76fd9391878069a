import DataUtils
import Engine
import Plotting
import Runner
import Utils

extension Experiment.Plot {
  /// The gradient that reaches each layer of four networks that have learnt nothing yet: 20 and 56 layers, plain and residual,
  /// with weights of the run's seed and width, over up to 256 training images.
  static let gradientFlowByDepth = Experiment.Plot("gradient_flow_by_depth") { context in
    let train = context.data.splits.train
    var random = RandomStream(seed: context.seed, purpose: "gradient flow")
    let chosen = train.subset(Array(random.permutation(of: train.count).prefix(256)))
    let batch = Batch(
      inputs: try context.inputs(chosen), labels: IndexTensor(chosen.labels, shape: [chosen.count]),
      indices: Array(0..<chosen.count))
    let flows = [
      ("plain-20", 20, false), ("plain-56", 56, false), ("ResNet-20", 20, true), ("ResNet-56", 56, true),
    ]
    .map { name, depth, isResidual in
      var random = RandomStream(seed: context.seed, purpose: "weights")
      let network = CIFARResNet(
        depth: depth, width: context.settings.count("width"), channels: train.sampleShape[0],
        classes: context.data.classes, isResidual: isResidual, using: &random)
      return (name, Engine.gradientFlow(of: network, .crossEntropy, on: batch, seed: context.seed))
    }
    let chart = gradientFlowChart(
      title: "\(context.experiment.name): gradient by layer before the first step", flows)
    return [NamedFigure("gradient_flow_by_depth", chart)]
  }
}
