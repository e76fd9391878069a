import Engine
import Utils

/// What all experiments of one convolutional network share; called, it makes a row of the table.
///
/// Today's recipe for a small set of images: AdamW with a weight decay of 0.01, a rate that rises and falls once, six epochs
/// in batches of 64; after every epoch the test part is measured.
public struct ImageExperiments: Sendable {
  private let network: NetworkPlan
  private let settings, overruling: [Setting]
  private let original: [String: String]

  /// Experiments with one kind of network.
  ///
  /// - Parameters:
  ///   - settings: the network's own.
  ///   - original: the settings that `era=original` changes, as they would be typed: the recipe of the paper.
  ///   - overruling: settings whose presets are heard after that one.
  public init(
    network: NetworkPlan, settings: [Setting], original: [String: String], overruling: [Setting] = []
  ) {
    self.network = network
    self.settings = settings
    self.overruling = overruling
    self.original = original
  }

  /// A row of the table; traps when `changes` speaks of a setting or a value that is not there.
  ///
  /// - Parameters:
  ///   - changes: defaults that differ in this row, by the setting's key and as they would be typed.
  ///   - original: what `era=original` changes in this row beside what it changes in all.
  public func callAsFunction(
    _ name: String, aliases: [String] = [], _ purpose: Experiment.Purpose, _ summary: String,
    data: DataPlan, epochs: Int = 6, learningRate: Double = 0.002, batchSize: Int = 64,
    with changes: [String: String] = [:], original more: [String: String] = [:],
    augmentation: AugmentationPlan = AugmentationPlan(), study: Study? = nil, band: Band,
    published: String? = nil
  ) -> Experiment {
    Experiment(
      name, aliases: aliases, purpose: purpose, summary: summary, data: data, network: network,
      training: .gradient(
        .crossEntropy,
        GradientOptions {
          $0.optimizer = .adamw
          $0.weightDecay = 0.01
          $0.schedule = .onecycle
        }),
      epochs: epochs, learningRate: learningRate, batchSize: batchSize,
      settings: settings.changed(by: changes) + [.era(original: original.merging(more) { $1 })] + overruling,
      augmentation: augmentation, measured: [.test], monitor: "test_accuracy", plots: .images,
      study: study, band: band, published: published)
  }
}

extension [Setting] {
  /// The same settings with other defaults; traps when `changes` speaks of a setting or a value that is not there.
  fileprivate func changed(by changes: [String: String]) -> [Setting] {
    var settings = self
    for (key, text) in changes {
      guard let place = settings.firstIndex(where: { $0.key == key }),
        let value = settings[place].parsed(text)
      else { trap("a row gives \(key) the value \(text)") }
      settings[place].value = value
    }
    return settings
  }
}
