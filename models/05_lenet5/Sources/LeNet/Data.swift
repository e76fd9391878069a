import DataUtils
import Runner

extension DataPlan {
  /// The same data, with `era=original` in the paper's scale: paper -0.1 and ink 1.175, "which makes the mean input roughly 0
  /// and the variance roughly 1" (§II.B).
  var inTheScaleOfItsEra: DataPlan {
    DataPlan(settings: settings) { request in
      var data = try load(request)
      if request.settings.string("era") == "original" {
        // y = -0.1 + 1.275 x, for x from 0 to 1
        let channels = data.splits.train.sampleShape[0]
        data.preprocessing = .normalized(
          Normalization(
            means: .init(repeating: 0.1 / 1.275, count: channels),
            deviations: .init(repeating: 1 / 1.275, count: channels)))
      }
      return data
    }
  }
}
