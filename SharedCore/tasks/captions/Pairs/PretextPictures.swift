import CaptionData
import DataUtils
import Engine
import Utils

/// Made-up captions [3, H, W] for a backbone to learn font, anchor and presence from.
struct PretextPictures: SampleMaker {
  let count: Int
  let fit: CaptionFit
  let seed: UInt64

  var sampleShape: Shape { [3, fit.height, fit.width] }
  var fingerprint: String { "pretext pictures, version 1, \(sampleShape), seed \(seed), \(count)" }

  func write(_ index: Int, to numbers: inout MutableSpan<Float>) throws {
    let (picture, anchor) = try PretextPicture.picture(index, seed: seed)
    PairInputs(fit).write([fit(picture, anchor: anchor).planes], [], nil, to: &numbers)
  }

  /// The pictures with their classes.
  var dataset: Dataset {
    Dataset(
      name: "pretext pictures", sampleShape: sampleShape, features: .made(MadeSamples(self)),
      labels: (0..<count).map { Int32(PretextPicture.label($0, seed: seed)) },
      classNames: PretextPicture.classNames)
  }
}
