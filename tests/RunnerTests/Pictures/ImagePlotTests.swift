import DataUtils
import Foundation
import Plotting
import Testing
import Utils

@testable import Engine
@testable import Runner

/// The pictures of images and of convolutional networks, on six samples whose answers are known.
@Suite struct ImagePlotTests {
  /// Sample n has one bright pixel in channel n mod 3; its class is n mod 2.
  private static func data(channels: Int, samples: Int = 6) -> ExperimentData {
    let size = channels * 16
    var bytes = [UInt8](repeating: 0, count: samples * size)
    for n in 0..<samples { bytes[n * size + n % channels * 16 + n] = 255 }
    return ExperimentData(
      DataSplits(
        trainingOnAll: Dataset(
          name: "spots", sampleShape: [channels, 4, 4], features: .bytes(bytes, maximum: 255),
          labels: (0..<samples).map { Int32($0 % 2) }, classNames: ["even", "odd"])))
  }

  /// A context in which the network's answers to the samples are `outputs`, two each.
  private func context(
    channels: Int = 3, outputs: [Float], _ network: any Layer = TinyConvolution(channels: 3),
    loss: Loss = .crossEntropy
  ) -> PictureContext {
    let data = Self.data(channels: channels)
    let experiment = Experiment(
      "spots", purpose: .debug, summary: "", data: DataPlan { _ in data },
      network: NetworkPlan("none") { _, _ in [:] },
      training: .sgd(loss), epochs: 1, learningRate: 0.1, plots: [], band: .atLeast(0, of: .all))
    let predictions: [Int32] = (0..<6).map { outputs[2 * $0] >= outputs[2 * $0 + 1] ? 0 : 1 }
    var confusion = ConfusionMatrix(classes: 2)
    for (p, l) in zip(predictions, data.splits.train.labels) {
      confusion.add(predicted: Int(p), actual: Int(l))
    }
    return PictureContext(
      experiment: experiment, settings: experiment.settings, data: data, network: network, part: .all,
      evaluation: Evaluation(
        loss: nil, outcome: .classes(predictions: predictions, confusion), indices: Array(0..<6),
        labels: data.splits.train.labels, outputs: outputs, outputWidth: 2))
  }

  /// Samples 0 and 3 are right; of the mistakes sample 4 is the worst, and 2 the mildest.
  private static let answers: [Float] = [2, 0, 1, 0, 0, 0.5, 0, 3, -2, 2, 2, -1]

  @Test func theWorstMistakesComeFirst() throws {
    let context = context(outputs: Self.answers)
    #expect(context.worstOnes(9).map(\.index) == [4, 5, 1, 2])
    let worst = try #require(context.worstOnes(1).first)
    #expect(abs((worst.confidence ?? 0) - 1 / (1 + exp(-4))) < 1e-12)
    #expect(abs(worst.badness - log(1 + exp(4))) < 1e-12)
    #expect(context.caption(worst) == ["is even", "said odd, 98 %"])
    let figure = try #require(try Experiment.Plot.worstMistakes.figures(context).first?.figure as? ImageGrid)
    #expect(figure.images.count == 4 && figure.subtitle.hasPrefix("4 of 4 mistakes among 6"))
    #expect(figure.images[0]?.pixels[4] == Color(red: 0, green: 1, blue: 0), "a green spot in place 4")
  }

  /// Without logits nothing is called a probability; the order is that of the outputs' distance.
  @Test func outputsThatAreNoLogitsHaveNoConfidence() throws {
    let context = context(outputs: Self.answers, loss: Loss("mean_squared_error") { y, _ in y.mean() })
    #expect(context.worstOnes(9).map(\.index) == [4, 5, 1, 2])
    #expect(context.worstOnes(1).map(\.badness) == [4])
    #expect(context.worstOnes(1).map(context.caption) == [["is even", "said odd"]])
  }

  @Test func rightOnesShowEveryClass() {
    let all: [Float] = [2, 0, 0, 1, 2, 0, 0, 3, 2, 0, 0, 1]
    #expect(context(outputs: all).rightOnes(3).map(\.index) == [0, 1, 2])
    #expect(context(outputs: all).worstOnes(3).isEmpty)
  }

  @Test func kernelsOfThreeChannelsAreColoursAndOfOneAreSigned() throws {
    let colours = try Experiment.Plot.firstLayerFilters.figures(context(outputs: Self.answers))
    let grid = try #require(colours.first?.figure as? ImageGrid)
    #expect(grid.images.count == 2 && grid.title == "spots: 2 kernels of conv.weight, 3x3")
    // Kernel 0 is 1 in the middle of red and -0.5 in the middle of blue.
    #expect(grid.images[0]?.pixels[4] == Color(red: 1, green: 0.5, blue: 0.25))
    #expect(grid.images[0]?.pixels[0] == .gray(0.5))
    let grey = context(channels: 1, outputs: Self.answers, TinyConvolution(channels: 1))
    let signed = try Experiment.Plot.firstLayerFilters.figures(grey)
    #expect((signed.first?.figure as? WeightImages)?.images.first?.values[4] == 1)
  }

  @Test func featureMapsShowEveryStage() throws {
    let figures = try Experiment.Plot.featureMaps.figures(context(outputs: Self.answers))
    #expect(figures.map(\.name) == ["feature_maps", "feature_maps_2", "feature_maps_3"])
    let grid = try #require(figures.first?.figure as? ImageGrid)
    #expect(grid.rowNames == ["even", "conv: 2 of 4x4", "pool: 2 of 2x2"])
    #expect(grid.images.count == 24 && grid.images.compactMap { $0 }.count == 5)
  }

  @Test func gradCAMLiesOverRightAndWrongImages() throws {
    let figures = try Experiment.Plot.gradCAM.figures(context(outputs: Self.answers))
    let grid = try #require(figures.first?.figure as? ImageGrid)
    #expect(grid.rowNames == ["right", "looked at", "wrong", "looked at"])
    #expect(grid.images.compactMap { $0 }.count == 12, "two and four, each twice")
    #expect(grid.images.compactMap { $0?.width }.allSatisfy { $0 == 4 })
    let captions = grid.images[6..<8].map { $0?.caption ?? [] }
    #expect(captions == [["for even"], ["for odd"]], "the class whose heat it is")
  }

  /// Attention lies between 0 and 1, and hardly ever near both.
  @Test func heatIsStretchedToItsRange() {
    let maps = Tensor([0.5, 0.5, 0.6, 0.6], shape: [1, 2, 2])
    let overlay = HeatOverlay(maps)
    #expect(overlay.spread == 0.5...0.6 && overlay.spread.inWords == "0.50 to 0.60")
    let black = [Float](repeating: 0, count: 4)
    func image(_ scale: HeatOverlay.Scale) -> [Color] {
      overlay.images(over: [black], [1, 2, 2], scale: scale)[0].pixels
    }
    let stretched = image(.range(overlay.spread))
    #expect(stretched[0] == Color.gray(0).mixed(with: ColorMap.heat(0), 0.25))
    #expect(stretched[3] == Color.gray(0).mixed(with: ColorMap.heat(1), 0.7))
    #expect(image(.greatest)[0] != stretched[0])
    #expect(HeatOverlay.columns(of: [1, 32, 96]) == 2 && HeatOverlay.columns(of: [1, 96, 96]) == 6)
  }

  /// Every picture of images can be drawn, and none is where there is nothing to show.
  @Test func theyAreWrittenOrLeftOut() throws {
    let plots: [Experiment.Plot] = [
      .worstMistakes, .firstLayerFilters, .featureMaps, .gradCAM, .gradientFlow, .hiddenUnits,
    ]
    let bench = try Bench()
    for plot in plots.prefix(5) {
      let files = try plot.write(context(outputs: Self.answers), to: bench.root)
      #expect(files.contains { $0.lastPathComponent == "\(plot.name).png" })
    }
    let plan = try bench.plan("xor")
    let network = try plan.network()
    let xor = PictureContext(plan, network, try Judgement(network, plan, on: .all))
    for plot in plots.prefix(5) { #expect(try plot.write(xor, to: bench.root).isEmpty, "\(plot.name)") }
  }

  @Test func hiddenUnitsOfAPlaneAndOfImages() throws {
    let bench = try Bench()
    let plan = try bench.plan("xor")
    let network = try plan.network()
    let xor = PictureContext(plan, network, try Judgement(network, plan, on: .all))
    let sheet = try #require(try Experiment.Plot.hiddenUnits.figures(xor).first?.figure as? ContactSheet)
    let map = try #require(sheet.frames.first?.figure as? HeatMap)
    #expect(sheet.frames.count == 1 && map.colors == .diverging && map.levels == [0])
    let weight = try #require(network.parameters().first?.parameter.value.elements)
    let bias = try #require(network.parameters().last?.parameter.value.elements[0])
    let (x, y) = DecisionRegions.centers(x: map.xRange, y: map.yRange, resolution: 60)[77]
    #expect(abs(map.values[77] - (Double(weight[0]) * x + Double(weight[1]) * y + Double(bias))) < 1e-5)

    let pictures = try bench.plan("pictures")
    let tiny = try pictures.network()
    let context = PictureContext(pictures, tiny, try Judgement(tiny, pictures, on: .all))
    let images = try Experiment.Plot.hiddenUnits.figures(context).first?.figure as? WeightImages
    #expect(images?.images.map(\.width) == [4])
  }

  @Test func gradientFlowHasAPointALayer() throws {
    let context = context(outputs: Self.answers)
    let chart = try #require(try Experiment.Plot.gradientFlow.figures(context).first?.figure as? LineChart)
    #expect(chart.series.map(\.name) == ["gradient", "weights"] && chart.yScale == .logarithmic)
    #expect(chart.series.allSatisfy { $0.xs == [1, 2] && $0.ys.allSatisfy { $0 > 0 } })
    let layers = try #require(try context.gradientFlow())
    let both = gradientFlowChart(title: "two", [("plain", layers), ("residual", layers)])
    #expect(both.series.map(\.name) == ["plain", "residual"])
  }
}

/// One convolution of two kernels, pooling, one linear layer.
private final class TinyConvolution: ConvolutionalNetwork {
  let conv: Conv2d
  let fc: Linear

  init(channels: Int) {
    var random = RandomStream(seed: 3)
    conv = Conv2d(channels, 2, kernel: 3, padding: 1, using: &random)
    fc = Linear(8, 2, using: &random)
    conv.weight.update { weights in
      for place in 0..<9 * channels { weights[place] = 0 }
      weights[4] = 1
      if channels == 3 { weights[22] = -0.5 }
    }
  }

  func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    let first = relu(conv(x))
    return [("conv", first), ("pool", maxPool2d(first, 2))]
  }

  func classify(_ maps: Tensor) -> Tensor { fc(maps.flattened(from: 1)) }
}
