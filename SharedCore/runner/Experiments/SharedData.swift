import DataUtils
import Utils

/// The data of experiments that several models share by name, so that `lab compare` compares models and not data.
extension DataPlan {
  /// Points that are made from the seed; `samples` and `noise` are settings.
  ///
  /// - Parameters:
  ///   - name: a generated set in `DatasetRegistry`: "xor", "moons".
  ///   - noise: how much noise there is unless somebody changes it.
  ///   - noiseHelp: what that number means.
  public static func generated(
    _ name: String, samples: Int = 1000, noise: Double,
    noiseHelp: String = "standard deviation of the noise on both features"
  ) -> DataPlan {
    DataPlan(settings: [
      .whole("samples", samples, in: 4...1_000_000, "points to generate"),
      .number("noise", noise, in: 0...1, noiseHelp),
    ]) { request in
      ExperimentData(
        try DatasetRegistry.load(
          name, samples: request.settings.count("samples"), noise: request.settings.double("noise"),
          seed: request.seed))
    }
  }

  /// Which species of iris are told apart.
  public enum Species: Sendable {
    /// All three.
    case all
    /// Setosa and versicolor: separable.
    case easy
    /// Versicolor and virginica: not separable.
    case hard
    /// Setosa against the two others: separable.
    case setosaAgainstRest
  }

  /// Iris, each feature with mean 0 and deviation 1; `features` is a setting.
  ///
  /// - Parameter features: "petal" for the two petal measurements, or "all", unless somebody changes it.
  public static func iris(_ species: Species, features: String = "petal") -> DataPlan {
    DataPlan(settings: [
      .choice("features", features, of: ["petal", "all"], "the two petal measurements, or all four")
    ]) { request in
      var dataset = EmbeddedData.iris()
      switch species {
      case .all: break
      case .easy: dataset = try dataset.selecting(classes: ["setosa", "versicolor"])
      case .hard: dataset = try dataset.selecting(classes: ["versicolor", "virginica"])
      case .setosaAgainstRest: dataset = try dataset.oneAgainstRest("setosa")
      }
      if request.settings.string("features") == "petal" {
        dataset = try dataset.selecting(features: dataset.featureNames.filter { $0.hasPrefix("petal") })
      }
      return ExperimentData(standardized: dataset)
    }
  }

  /// A table that is compiled in, trained and judged on all rows, each feature with mean 0 and deviation 1.
  public static func table(_ load: @escaping @Sendable () throws -> Dataset) -> DataPlan {
    DataPlan { _ in ExperimentData(standardized: try load()) }
  }

  /// The 8 x 8 digits, a fifth of them as test part.
  public static let digits = DataPlan { request in
    ExperimentData(EmbeddedData.digits().stratifiedSplit(test: 0.2, seed: request.seed))
  }

  /// The 8 x 8 digits in the middle of 28 x 28 pixels, a fifth of them as test part.
  public static let paddedDigits = DataPlan { request in
    ExperimentData(
      EmbeddedData.digits().padded(to: (28, 28)).stratifiedSplit(test: 0.2, seed: request.seed))
  }

  /// MNIST, whole or only some of its classes.
  public static func mnist(classes: [String]? = nil) -> DataPlan {
    DataPlan { request in
      var splits = try DatasetRegistry.load("mnist", folder: request.folder)
      if let classes { splits = try splits.mapParts { try $0.selecting(classes: classes) } }
      return ExperimentData(splits, .normalized(.mnist))
    }
  }

  /// MNIST with test images that stand three pixels further right and down than anything that was learnt.
  public static let shiftedMNIST = DataPlan { request in
    let splits = try DatasetRegistry.load("mnist", folder: request.folder)
    return ExperimentData(
      DataSplits(train: splits.train, test: splits.test?.shifted(down: 3, right: 3)), .normalized(.mnist))
  }

  /// Fashion-MNIST.
  public static let fashionMNIST = DataPlan { request in
    ExperimentData(
      try DatasetRegistry.load("fashion-mnist", folder: request.folder), .normalized(.fashionMNIST))
  }

  /// CIFAR-10, or the part of it that is there.
  public static let cifar10 = DataPlan { request in
    ExperimentData(try DatasetRegistry.load("cifar10", folder: request.folder), .normalized(.cifar10))
  }
}

extension ExperimentData {
  /// All rows for training and for judging, each feature with mean 0 and deviation 1.
  fileprivate init(standardized dataset: Dataset) {
    self.init(DataSplits(trainingOnAll: dataset), .standardized(Standardizer(fitting: dataset)))
  }
}
