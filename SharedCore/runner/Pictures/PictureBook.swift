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
    regions = wantsRegions ? RegionPainter(plan.data, title: plan.experiment.name) : nil
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

  /// Draws everything that the experiment asks for, of the part that its band speaks of; the files that were written.
  func finish(_ fit: FitReport, _ judgements: [Judgement]) throws -> [URL] {
    let part = plan.experiment.band.part
    guard draws, let judgement = judgements.first(where: { $0.part == part }) ?? judgements.first else {
      return []
    }
    let context = PictureContext(plan, network, history: fit.history, judgement)
    return try plan.experiment.plots.flatMap { try $0.write(context, to: folder) } + drawEpochs(fit.epochs)
  }

  /// The regions epoch by epoch, as a sheet and as a film.
  private func drawEpochs(_ epochs: Int) throws -> [URL] {
    guard let regions else { return [] }
    if lastFrame != epochs { frames.append(try frame(regions, epoch: epochs)) }
    guard frames.count > 1 else { return [] }
    let sheet = ContactSheet(title: "\(plan.experiment.name), epoch by epoch", frames: frames, columns: 4)
    return try sheet.write(to: folder, named: "decision_regions_epochs") + [
      sheet.writeAnimation(to: folder, named: "decision_regions_animation")
    ]
  }
}
