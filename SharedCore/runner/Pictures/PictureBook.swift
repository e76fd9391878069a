import DataUtils
import Engine
import Foundation
import Plotting
import Utils

/// The pictures of a run: collects what they need while training goes on, and draws them at its end.
final class PictureBook: Callback {
  private let plan: RunPlan
  private let network: any Layer
  private let folder: URL
  private let draws: Bool
  private let regions: RegionPainter?
  private var frames: [ContactSheet.Frame] = []
  private var everyEpochs = 1
  private var lastFrame = 0

  /// Pictures of what `network` learns from the plan's data, into `folder`; none unless `draws`.
  init(_ plan: RunPlan, _ network: any Layer, folder: URL, draws: Bool) throws {
    self.plan = plan
    self.network = network
    self.folder = folder
    self.draws = draws
    let wantsRegions = draws && plan.experiment.plots.contains(.decisionRegions)
    regions = wantsRegions ? RegionPainter(plan) : nil
  }

  /// One frame an epoch; where there would be more than a sheet holds, every second one is dropped and then taken.
  func epochEnded(_ report: EpochReport) throws -> Verdict {
    guard let regions, (report.epoch - 1) % everyEpochs == 0 else { return .goOn }
    frames.append(try frame(regions, epoch: report.epoch))
    lastFrame = report.epoch
    if frames.count >= ContactSheet.mostFrames {
      frames = frames.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
      everyEpochs *= 2
    }
    return .goOn
  }

  private func frame(_ regions: RegionPainter, epoch: Int) throws -> ContactSheet.Frame {
    let figure = try regions.figure(of: network, subtitle: "after epoch \(epoch)")
    let right = figure.examples.count { !$0.isMisclassified }
    return ContactSheet.Frame(figure, caption: "epoch \(epoch): \(right) of \(figure.examples.count)")
  }

  /// Draws everything that the experiment asks for; the files that were written.
  func finish(_ fit: FitReport, _ judgements: [Judgement]) throws -> [URL] {
    guard draws else { return [] }
    var written: [URL] = []
    for plot in plan.experiment.plots {
      switch plot {
      case .learningCurves:
        for (name, figure) in learningCurves(plan.experiment, fit.history) {
          written += try figure.write(to: folder, named: name)
        }
      case .decisionRegions: written += try drawRegions(fit)
      case .confusionMatrix, .roc, .weights:
        guard
          let judgement = judgements.first(where: { $0.part == plan.experiment.band.part })
            ?? judgements.first
        else { continue }
        written += try drawJudgement(plot, plan, network, judgement, folder)
      }
    }
    return written
  }

  private func drawRegions(_ fit: FitReport) throws -> [URL] {
    guard let regions else { return [] }
    var written = try regions.figure(of: network, subtitle: "after epoch \(fit.epochs), the last weights")
      .write(to: folder, named: "decision_regions")
    for (name, variant) in (network as? any HasVariants)?.variants ?? [] {
      written += try regions.figure(of: variant, subtitle: "the \(name) weights").write(
        to: folder, named: "decision_regions_\(name)")
    }
    if lastFrame != fit.epochs { frames.append(try frame(regions, epoch: fit.epochs)) }
    guard frames.count > 1 else { return written }
    let sheet = ContactSheet(title: "\(plan.experiment.name), epoch by epoch", frames: frames, columns: 4)
    written += try sheet.write(to: folder, named: "decision_regions_epochs")
    written.append(try sheet.writeAnimation(to: folder, named: "decision_regions_animation"))
    return written
  }
}

/// Draws the pictures that speak of a judged part; the files that were written.
func drawJudgement(
  _ plot: Experiment.Plot, _ plan: RunPlan, _ network: any Layer, _ judgement: Judgement, _ folder: URL
) throws -> [URL] {
  let title = "\(plan.experiment.name), \(judgement.part)"
  let classNames = plan.data.splits.train.classNames
  switch plot {
  case .confusionMatrix:
    let matrix = judgement.evaluation.confusion
    let counts = (0..<matrix.classes).map { actual in
      (0..<matrix.classes).map { matrix[actual: actual, predicted: $0] }
    }
    return try ConfusionMatrixFigure(title: title, counts: counts, classNames: classNames)
      .write(to: folder, named: "confusion_matrix")
  case .roc:
    let names = judgement.evaluation.outputWidth == 1 ? [classNames[1]] : classNames
    let curves = zip(names, try judgement.evaluation.rocCurves()).compactMap { name, curve in
      curve.area.map { area in
        ROCFigure.Curve(
          name, falsePositiveRates: curve.points.map(\.falsePositiveRate),
          truePositiveRates: curve.points.map(\.truePositiveRate), area: area)
      }
    }
    return try ROCFigure(title: "\(title): receiver operating characteristic", curves: curves).write(
      to: folder, named: "roc")
  case .weights:
    guard let figure = weightFigure(plan, network) else { return [] }
    return try figure.write(to: folder, named: "weights")
  case .decisionRegions:
    return try RegionPainter(plan, part: judgement.part)?.figure(
      of: network, subtitle: "\(judgement.part) samples"
    )
    .write(to: folder, named: "decision_regions") ?? []
  case .learningCurves: return []  // a finished network does not know its history
  }
}

/// Accuracies in one chart, losses and mistakes in another.
private func learningCurves(_ experiment: Experiment, _ history: [EpochReport]) -> [(String, LineChart)] {
  let names = history.first?.metrics.map(\.name) ?? []
  func chart(_ title: String, _ yLabel: String, _ chosen: [String], _ references: [ReferenceLine])
    -> LineChart
  {
    LineChart(
      title: title, xLabel: "epoch", yLabel: yLabel,
      series: chosen.map { name in
        Series(name, xs: history.map { Double($0.epoch) }, ys: history.map { $0.metrics[name] ?? .nan })
      }, references: references)
  }
  let accuracies = names.filter { $0.hasSuffix("accuracy") }
  let others = names.filter { !accuracies.contains($0) }
  var charts: [(String, LineChart)] = []
  if !accuracies.isEmpty {
    let bounds = [experiment.band.range.lowerBound, experiment.band.range.upperBound].filter(\.isFinite)
    let references =
      experiment.band.metric.hasSuffix("accuracy")
      ? bounds.map { ReferenceLine($0, "expected: \(experiment.band.text)") } : []
    charts.append(
      ("learning_curve", chart("\(experiment.name): accuracy", "accuracy", accuracies, references)))
  }
  if !others.isEmpty {
    let what = others.map { $0.replacing("train_", with: "").replacing("val_", with: "") }
    let label = Set(what).count == 1 ? what[0] : "value"
    charts.append(("\(label)_curve", chart("\(experiment.name): \(label)", label, others, [])))
  }
  return charts
}

/// The first layer's weights: as images where samples are grey images, else as bars by feature.
private func weightFigure(_ plan: RunPlan, _ network: any Layer) -> (any Figure)? {
  let train = plan.data.splits.train
  guard
    let weight = network.parameters().first(where: { $0.parameter.shape.last == plan.data.inputs })?
      .parameter,
    weight.shape.count == 2
  else { return nil }
  let units = weight.shape[0]
  let rows = (0..<units).map { unit in
    Array(weight.value.elements[unit * plan.data.inputs..<(unit + 1) * plan.data.inputs])
  }
  let names =
    units == train.classNames.count
    ? train.classNames : units == 1 ? [train.classNames[1]] : (0..<units).map { "unit \($0)" }
  if train.sampleShape.count == 3, train.sampleShape[0] == 1 {
    return WeightImages(
      title: "\(plan.experiment.name): weights, each at its pixel",
      images: zip(names, rows).map { WeightImages.Image($0, values: $1, width: train.sampleShape[2]) })
  }
  return BarChart(
    title: "\(plan.experiment.name): weights", yLabel: "weight", categories: train.featureNames,
    groups: zip(names, rows).map { BarChart.Group($0, $1.map(Double.init)) })
}
