import DataUtils
import Engine
import Runner

extension DataPlan {
  /// Patterns that are made at once; `noise` and `cues` are settings.
  static func patterns(
    noise: Double, cues: Int = 100, _ make: @escaping @Sendable (DataRequest) throws -> PatternSet
  ) -> DataPlan {
    DataPlan(settings: cueSettings(noise, cues)) { request in
      ExperimentData(
        try make(request).splits(
          cues: request.settings.count("cues"), noise: request.settings.double("noise"), seed: request.seed))
    }
  }

  /// One image of each class of MNIST in black and white.
  static func mnist(_ classes: [String], noise: Double) -> DataPlan {
    patterns(noise: noise) { request in
      try .images(
        DatasetRegistry.load("mnist", folder: request.folder).train, classes: classes, seed: request.seed)
    }
  }

  /// One image of each of two digits of MNIST, asked with test images of the same two.
  static let handwriting = DataPlan(settings: [
    .choice("pair", "3v8", of: ["3v8", "4v9", "0v1", "1v7"], "which two digits are stored"),
    .whole("cues", 100, in: 1...800, "test images of each digit"),
  ]) { request in
    let mnist = try DatasetRegistry.load("mnist", folder: request.folder)
    let classes = request.settings.string("pair").split(separator: "v").map(String.init)
    let set = try PatternSet.images(mnist.train, classes: classes, seed: request.seed)
    let cues = try mnist.part(.test).selecting(classes: classes)
    return ExperimentData(try set.splits(cues: cues, ofEach: request.settings.count("cues")))
  }

  /// Random patterns, `load` of them a unit; `load` is a setting too.
  static func random(_ load: Double, noise: Double = 0.1, cues: Int = 4) -> DataPlan {
    let settings = cueSettings(noise, cues) + [.number("load", load, in: 0.0001...100, "patterns a unit")]
    return DataPlan(settings: settings) { request in
      let width = request.settings.count("units")
      let count = max(2, Int((request.settings.double("load") * Double(width)).rounded()))
      let set = PatternSet.random(count, width: width, seed: request.seed)
      return ExperimentData(
        set.splits(
          cues: request.settings.count("cues"), noise: request.settings.double("noise"), seed: request.seed))
    }
  }

  private static func cueSettings(_ noise: Double, _ cues: Int) -> [Setting] {
    [
      .number("noise", noise, in: 0...1, "share of each cue's units that are turned over"),
      .whole("cues", cues, in: 1...100_000, "cues made of each pattern"),
    ]
  }
}
