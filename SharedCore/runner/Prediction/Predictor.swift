import DataUtils
import Engine
import Foundation
import Utils

/// A trained network with all that its checkpoint says about pictures: their shape, how they are prepared, the classes.
struct Predictor {
  let network: any Layer
  let classNames: [String]
  let sampleShape: Shape
  let preprocessing: Preprocessing
  /// What happens to pictures of another size.
  private let rule: ImageFit.Rule
  /// For each class the probability above which it is said, tuned on the validation part where that was done; nil where a
  /// picture has exactly one class.
  let thresholds: [Double]?

  /// What a picture's class or classes are.
  struct Answer: Equatable {
    /// For each class its probability.
    let probabilities: [Double]
    /// What is said: one class, or all whose probability is above its threshold.
    let classes: [Int]
  }

  /// The network of `checkpoint`, read from `url`.
  ///
  /// - Parameters:
  ///   - resizes: whether pictures of any size are taken, though the training refused them.
  ///   - threshold: the probability above which any class is said; nil for those of the checkpoint. Throws a `LabError` where
  ///     a picture has exactly one class, which needs none.
  init(
    _ network: any Layer, _ checkpoint: Checkpoint, _ url: URL, resizes: Bool, threshold: Double? = nil
  ) throws {
    self.network = network
    let data = checkpoint.lab["data"]
    guard let shape = data?["sample_shape"]?.array?.compactMap(\.int), shape.count == 3,
      shape[0] == 1 || shape[0] == 3, shape.allSatisfy({ (1...100_000).contains($0) }),
      shape[1] * shape[2] <= 100_000_000, let names = data?["classes"]?.array?.compactMap(\.string)
    else {
      throw LabError(
        .checkpoint, "\(url.relativePath) is of a network that takes no pictures",
        remedy: "name a checkpoint that was trained on images")
    }
    (sampleShape, classNames) = (Shape(shape), names)
    preprocessing = try data?["preprocessing"].map(Preprocessing.init(json:)) ?? .none
    let trained = data?["fit"]?.string.flatMap(ImageFit.Rule.init(rawValue:)) ?? .exact
    rule = trained == .exact && resizes ? .stretch : trained
    let tuned = TunedThresholds(among: checkpoint.metrics, classNames: names)?.values
    let common = threshold ?? checkpoint.lab["settings"]?["threshold"]?.double ?? 0.5
    let isMultiLabel = data?["multi_label"]?.bool ?? false
    guard isMultiLabel || threshold == nil else {
      throw LabError(
        .usage, "--threshold is given, and \(url.relativePath) says exactly one class of each picture",
        remedy: "leave --threshold out: the likeliest class is said")
    }
    thresholds = isMultiLabel ? (threshold == nil ? tuned : nil) ?? names.map { _ in common } : nil
  }

  /// What is to be said of the first of `files` whose proportions resizing changes by more than a tenth; nil where there is none.
  func squashing(_ files: ArraySlice<URL>) -> String? {
    guard rule == .stretch else { return nil }
    let (height, width) = (sampleShape[1], sampleShape[2])
    for file in files {
      guard let size = try? ImageFile(file).size() else { continue }  // reading it says why
      let change = Double(size.width * height) / Double(size.height * width)
      guard max(change, 1 / change) > 1.1 else { continue }
      return
        "\(file.relativePath) has \(size.height) x \(size.width) pixels (height x width) and is squashed to "
        + "\(height) x \(width), as the network takes them: is it of another kind than the pictures of the training?"
    }
    return nil
  }

  /// The bytes [C, H, W] of each file, or why it cannot be read; decoded by all cores.
  func read(_ files: ArraySlice<URL>) throws -> [Result<[UInt8], any Error>] {
    let fit = ImageFit(channels: sampleShape[0], height: sampleShape[1], width: sampleShape[2], rule)
    let files = Array(files)
    return try concurrentMap(files.count) { number in
      Result { try ImageFiles([ImageFile(files[number])], fit).bytes(0) }
    }
  }

  /// Pictures [C, H, W] as the network sees them: [N, C, H, W].
  func inputs(_ pictures: [[UInt8]]) throws -> Tensor {
    try Dataset(
      name: "pictures", sampleShape: sampleShape, features: .bytes(Array(pictures.joined()), maximum: 255),
      labels: pictures.map { _ in 0 }, classNames: classNames
    ).inputs(preprocessing)
  }

  /// What the network says of each of `inputs` [N, C, H, W].
  func answers(_ inputs: Tensor) -> [Answer] {
    let outputs = withMode(.evaluation) { network(inputs) }  // [N, K], or [N, 1] for two classes
    let probabilities =
      thresholds != nil || outputs.shape[1] == 1 ? sigmoid(outputs).elements : softmax(outputs).elements
    let width = outputs.shape[1]
    return (0..<inputs.shape[0]).map { n in
      let row = probabilities[n * width..<(n + 1) * width].map(Double.init)
      if let thresholds {
        return Answer(probabilities: row, classes: row.indices.filter { row[$0] > thresholds[$0] })
      }
      let all = width == 1 ? [1 - row[0], row[0]] : row
      return Answer(probabilities: all, classes: [all.indices.max { all[$0] < all[$1] } ?? 0])
    }
  }
}
