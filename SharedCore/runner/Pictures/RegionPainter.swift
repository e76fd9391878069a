import DataUtils
import Engine
import Plotting

/// Paints which class a network gives to every point of a plane: for data of two features, in their own units.
struct RegionPainter {
  private let title: String
  private let data: ExperimentData
  private let points: Dataset
  private let xRange, yRange: ClosedRange<Double>
  private let grid: Dataset

  /// A painter of what an experiment's network makes of a part; nil where a sample is not two numbers.
  init?(_ context: PictureContext, part: DataSplits.Part) {
    self.init(context.data, title: context.experiment.name, part: part)
  }

  /// A painter of a part of the data; nil where a sample is not two numbers.
  init?(_ data: ExperimentData, title: String, part: DataSplits.Part = .train) {
    guard data.splits.train.sampleShape == [2], let points = try? data.splits.part(part),
      let samples = try? (0..<points.count).map(points.sample)
    else { return nil }
    self.title = title
    self.data = data
    self.points = points
    xRange = DecisionRegions.range(showing: samples.map { Double($0[0]) })
    yRange = DecisionRegions.range(showing: samples.map { Double($0[1]) })
    let centers = DecisionRegions.centers(x: xRange, y: yRange)
    grid = Dataset(
      name: "grid", sampleShape: [2], features: .floats(centers.flatMap { [Float($0.x), Float($0.y)] }),
      labels: [Int32](repeating: 0, count: centers.count), classNames: points.classNames)
  }

  /// What `network` makes of the plane, with the samples on it and rings around its mistakes.
  func figure(of network: any Layer, subtitle: String) throws -> DecisionRegions {
    let cells = try classes(network, grid).map(Int.init)
    let predictions = try classes(network, points)
    let examples = try predictions.indices.map { index in
      let sample = try points.sample(index)
      return DecisionRegions.Example(
        x: Double(sample[0]), y: Double(sample[1]), label: Int(points.labels[index]),
        isMisclassified: predictions[index] != points.labels[index])
    }
    let right = examples.count { !$0.isMisclassified }
    return DecisionRegions(
      title: title, subtitle: "\(subtitle): \(right) of \(examples.count) right",
      xLabel: points.featureNames.first ?? "x1", yLabel: points.featureNames.last ?? "x2", xRange: xRange,
      yRange: yRange, cells: cells, width: DecisionRegions.resolution, classNames: points.classNames,
      examples: examples)
  }

  private func classes(_ network: any Layer, _ samples: Dataset) throws -> [Int32] {
    var batches = Loader(samples, preprocessing: data.preprocessing, prefetchThreads: 0).batches(epoch: 1)
    guard let batch = try batches.next() else { return [] }
    return withMode(.evaluation) { predictedClasses(network(batch.inputs)) }
  }
}
