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

  /// The digits in the middle of images of `side` x `side` pixels, for networks that take larger ones.
  public static func digits(paddedTo side: Int) -> DataPlan {
    DataPlan { request in
      ExperimentData(
        try EmbeddedData.digits().padded(to: side).stratifiedSplit(test: 0.2, seed: request.seed))
    }
  }

  /// MNIST, whole or only some of its classes.
  ///
  /// - Parameter testShift: by how many pixels the test images are moved to the right and down, the training images not,
  ///   unless somebody changes the setting; nil where that is no question.
  public static func mnist(classes: [String]? = nil, testShift: Int? = nil) -> DataPlan {
    let settings: [Setting] =
      testShift.map {
        [.whole("test_shift", $0, in: 0...27, "pixels by which test images are moved right and down")]
      } ?? []
    return DataPlan(settings: settings) { request in
      var splits = try DatasetRegistry.load("mnist", folder: request.folder)
      if let classes { splits = try splits.mapParts { try $0.selecting(classes: classes) } }
      if testShift != nil {
        let pixels = request.settings.count("test_shift")
        splits = DataSplits(
          train: splits.train, val: splits.val,
          test: try splits.test?.shifted(right: pixels, down: pixels))
      }
      return ExperimentData(splits, .normalized(.mnist))
    }
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

  /// NEU-DET: six kinds of defects of steel, grey; `side` is a setting.
  ///
  /// - Parameter side: the height and width of an image unless somebody changes it; the published ones have 200.
  public static func neuDET(side: Int = 96) -> DataPlan {
    DataPlan(settings: [
      imageSide(side),
      .choice(
        "split", "interleaved", of: NEUDETSplit.allCases.map(\.rawValue),
        "judge photographs from between those that are learnt, or from behind them"),
    ]) { request in
      let split = NEUDETSplit(rawValue: request.settings.string("split")) ?? .interleaved
      return ExperimentData(
        try request.folder.neuDET(side: request.settings.count("side"), split: split), .normalized(.neuDET))
    }
  }

  /// Magnetic tiles with five kinds of defects or none, grey; `side` and `fit` are settings.
  ///
  /// - Parameter side: the height and width of an image unless somebody changes it.
  public static func magneticTile(side: Int = 96) -> DataPlan {
    DataPlan(settings: [
      imageSide(side),
      .choice("fit", "stretch", of: ["stretch", "pad"], "how a photograph becomes square"),
    ]) { request in
      let rule: ImageFit.Rule = request.settings.string("fit") == "pad" ? .pad : .stretch
      return ExperimentData(
        try request.folder.magneticTile(side: request.settings.count("side"), rule, seed: request.seed),
        .normalized(.magneticTile))
    }
  }

  private static func imageSide(_ side: Int) -> Setting {
    .whole("side", side, in: 16...400, "height and width of an image, in pixels")
  }
}

extension ExperimentData {
  /// All rows for training and for judging, each feature with mean 0 and deviation 1.
  fileprivate init(standardized dataset: Dataset) {
    self.init(DataSplits(trainingOnAll: dataset), .standardized(Standardizer(fitting: dataset)))
  }
}
