import DataUtils
import Engine
import Plotting
import Runner
import Utils

extension Experiment.Plot {
  /// The mean squared error over the two weights, the bias held at its best, and the paths that the delta rule and batch
  /// gradient take from the run's first weights to the least error. For one unit with two features.
  static let errorSurface = Experiment.Plot("error_surface") { context in
    guard let descent = try Descents(context) else { return [] }
    return [NamedFigure("error_surface", try descent.surface())]
  }

  /// The regions that the three methods end with, side by side. For samples of two features.
  static let methods = Experiment.Plot("methods") { context in
    guard let descent = try Descents(context) else { return [] }
    return [NamedFigure("methods", try descent.regions())]
  }
}

/// The three methods on the same samples from the same first weights: trained anew for the picture, which costs milliseconds.
private struct Descents {
  /// Steps of each path that are drawn.
  static let steps = 400

  private let context: PictureContext
  private let samples: Dataset
  private let best: Adaline

  /// Nil where there is no plane to draw: more than two features, or more than one unit.
  init?(_ context: PictureContext) throws {
    let train = context.data.splits.train
    guard train.sampleShape == [2], train.classNames.count == 2 else { return nil }
    self.context = context
    samples = train
    best = Self.start(context)
    try Self.run(.exact, best, context, steps: 1) { _ in }
  }

  private static func start(_ context: PictureContext) -> Adaline {
    var random = RandomStream(seed: context.seed, purpose: "weights")
    return Adaline(inputs: 2, classes: 2, using: &random)
  }

  /// `steps` calls of a method's rule in the order of the run, each told to `visit`.
  private static func run(
    _ method: Method, _ adaline: Adaline, _ context: PictureContext, steps: Int, samplesAStep: Int? = nil,
    visit: (Adaline) -> Void
  ) throws {
    let rate =
      method.rawValue == context.settings.string("method")
      ? context.settings.double("learning_rate") : method == .batch ? Descent().rate : 0.01
    let rule = method.rule(for: adaline, learningRate: rate)
    let loader = Loader(
      context.data.splits.train, batchSize: samplesAStep, shuffleSeed: context.seed,
      preprocessing: context.data.preprocessing, prefetchThreads: 0)
    var (done, epoch) = (0, 0)
    while done < steps {
      epoch += 1
      var batches = loader.batches(epoch: epoch, startingAt: 0)
      while done < steps, let batch = try batches.next() {
        _ = try rule.step(batch)
        visit(adaline)
        done += 1
      }
    }
  }

  /// The weights before the first step and after each.
  private func path(_ method: Method, name: String) throws -> Series {
    let adaline = Self.start(context)
    var places = [adaline.weight.value.elements]
    try Self.run(
      method, adaline, context, steps: Self.steps, samplesAStep: method == .sample ? 1 : nil
    ) { places.append($0.weight.value.elements) }
    return Series(name, xs: places.map { Double($0[0]) }, ys: places.map { Double($0[1]) })
  }

  func surface() throws -> HeatMap {
    let paths = [
      try path(.sample, name: "delta rule, \(Self.steps) samples"),
      try path(.batch, name: "batch gradient, \(Self.steps) passes"),
    ]
    let minimum = best.weight.value.elements.map(Double.init)
    func range(_ values: [Double], around center: Double) -> ClosedRange<Double> {
      let reach = 1.25 * max(values.map { abs($0 - center) }.max() ?? 0, 0.05)
      return center - reach...center + reach
    }
    let xRange = range(paths.flatMap(\.xs), around: minimum[0])
    let yRange = range(paths.flatMap(\.ys), around: minimum[1])
    let error = try SquaredError(
      of: context.inputs(samples), samples.labels, bias: Double(best.bias.value.elements[0]))
    let centers = DecisionRegions.centers(x: xRange, y: yRange)
    return HeatMap(
      title: "\(context.experiment.name): the error surface",
      subtitle:
        "the bias at its best, \(Blackboard.number(best.bias.value.elements[0])); a path begins at its dot and ends in its ring",
      xLabel: "weight of \(samples.featureNames[0])", yLabel: "weight of \(samples.featureNames[1])",
      valueLabel: "squared error", xRange: xRange, yRange: yRange, values: centers.map { error($0.x, $0.y) },
      width: DecisionRegions.resolution,
      paths: paths + [Series("least error, exact", xs: [minimum[0]], ys: [minimum[1]])])
  }

  func regions() throws -> ContactSheet {
    let epochs = context.settings.count("epochs")
    let frames = try Method.allCases.map { method in
      let adaline = Self.start(context)
      let steps = method == .sample ? epochs : method == .batch ? Self.steps : 1
      try Self.run(method, adaline, context, steps: steps) { _ in }
      let figure = try regions(of: adaline, subtitle: method.rawValue)
      let wrong = figure.examples.count(where: \.isMisclassified)
      return ContactSheet.Frame(
        figure, caption: "\(method.rawValue): \(samples.count - wrong) of \(samples.count)")
    }
    return ContactSheet(title: "\(context.experiment.name): three methods", frames: frames, columns: 3)
  }

  private func regions(of adaline: Adaline, subtitle: String) throws -> DecisionRegions {
    let rows = try (0..<samples.count).map(samples.sample)
    let right = try zip(predictedClasses(adaline(context.inputs(samples))), samples.labels).map { $0 == $1 }
    return try DecisionRegions(
      title: context.experiment.name, subtitle: subtitle, xLabel: samples.featureNames[0],
      yLabel: samples.featureNames[1], xRange: DecisionRegions.range(showing: rows.map { Double($0[0]) }),
      yRange: DecisionRegions.range(showing: rows.map { Double($0[1]) }), classNames: samples.classNames,
      examples: rows.indices.map {
        DecisionRegions.Example(
          x: Double(rows[$0][0]), y: Double(rows[$0][1]), label: Int(samples.labels[$0]),
          isMisclassified: !right[$0])
      }
    ) { points in
      let grid = Dataset(
        name: "grid", sampleShape: [2], features: .floats(points.flatMap { [Float($0.x), Float($0.y)] }),
        labels: [Int32](repeating: 0, count: points.count), classNames: samples.classNames)
      return predictedClasses(adaline(try context.inputs(grid))).map(Int.init)
    }
  }
}

/// mean((w x + b - t)²) over two weights at one bias: a quadratic form of six means, so a place costs no pass over the samples.
struct SquaredError {
  private var xx = 0.0, xy = 0.0, yy = 0.0, xr = 0.0, yr = 0.0, rr = 0.0

  /// The surface of samples [N, 2] with the targets 0 and 1.
  init(of inputs: Tensor, _ labels: [Int32], bias: Double) {
    let numbers = inputs.elements.map(Double.init)
    let share = 1 / Double(max(labels.count, 1))
    for (n, label) in labels.enumerated() {
      let (x, y, rest) = (numbers[2 * n], numbers[2 * n + 1], Double(label) - bias)
      xx += share * x * x
      xy += share * x * y
      yy += share * y * y
      xr += share * x * rest
      yr += share * y * rest
      rr += share * rest * rest
    }
  }

  /// The error at two weights.
  func callAsFunction(_ a: Double, _ b: Double) -> Double {
    a * a * xx + 2 * a * b * xy + b * b * yy - 2 * (a * xr + b * yr) + rr
  }
}
