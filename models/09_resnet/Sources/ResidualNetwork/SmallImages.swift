import DataUtils
import Engine
import Runner
import Utils

extension DataPlan {
  /// The same images at a fraction of their size, and fewer of them to train on: what a study of depth can afford.
  ///
  /// Each pixel becomes the mean of a square of `shrink` x `shrink` pixels. The images that are kept do not depend on the
  /// seed, so that runs of several seeds differ in their weights and their order alone. Both are settings.
  ///
  /// - Parameters:
  ///   - shrink: the side of a square, unless somebody changes it; it divides the images' sides.
  ///   - images: training images that are kept.
  func reduced(shrink: Int, images: Int) -> DataPlan {
    DataPlan(
      settings: settings + [
        .choice("shrink", "\(shrink)", of: ["1", "2", "4"], "pixels of a side that become one"),
        .whole("images", images, in: 1...1_000_000, "training images to use at the most"),
      ]
    ) { request in
      var data = try load(request)
      let side = Int(request.settings.string("shrink")) ?? 1
      var random = RandomStream(seed: 0, purpose: "images")
      let train = data.splits.train
      let kept = random.permutation(of: train.count).prefix(request.settings.count("images")).sorted()
      data.splits = DataSplits(
        train: try train.subset(kept).shrunk(by: side), val: data.splits.val,
        test: try data.splits.test?.shrunk(by: side))
      return data
    }
  }
}

extension Dataset {
  /// Images [C, H, W] whose pixels are the means of squares of `side` x `side` pixels: [C, H / side, W / side].
  ///
  /// Throws for data that are no images of bytes, or whose sides `side` does not divide.
  func shrunk(by side: Int) throws -> Dataset {
    guard side > 1 else { return self }
    guard case .bytes(let bytes, let maximum) = features, sampleShape.count == 3,
      sampleShape[1] % side == 0, sampleShape[2] % side == 0
    else {
      throw LabError(
        .config, "shrink=\(side) does not divide samples of shape \(sampleShape)", remedy: "choose shrink=1")
    }
    let (height, width) = (sampleShape[1] / side, sampleShape[2] / side)
    let planes = count * sampleShape[0]
    var means = [UInt8](repeating: 0, count: planes * height * width)
    for plane in 0..<planes {
      for y in 0..<height {
        for x in 0..<width {
          var sum = 0
          for row in 0..<side {
            let start = ((plane * height + y) * side + row) * width * side + x * side
            for column in 0..<side { sum += Int(bytes[start + column]) }
          }
          means[(plane * height + y) * width + x] = UInt8((sum + side * side / 2) / (side * side))
        }
      }
    }
    return Dataset(
      name: name, sampleShape: [sampleShape[0], height, width], features: .bytes(means, maximum: maximum),
      labels: labels, classNames: classNames, licence: licence, citation: citation)
  }
}
