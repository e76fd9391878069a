import Backbones
import Engine
import Foundation
import Utils

/// A whole architecture of `models.json`: weights from a formula, and what PyTorch computes with them.
struct TorchModel: CustomStringConvertible {
  let fields: JSONValue
  /// The names of the state in PyTorch's order, which a parsed object does not keep.
  let stateOrder: [String]

  var name: String { fields["model"]?.string ?? "" }
  var description: String { "\(name) \(fields["mode"]?.string ?? "") \(shape)" }
  var shape: Shape { Shape(fields["input_shape"]?.array?.compactMap(\.int) ?? []) }
  private var isTraining: Bool { fields["mode"]?.string == "train" }
  private var seed: UInt64 { UInt64(fields["seed"]?.int ?? 0) }
  private var state: [String: JSONValue] { fields["state_dict_names_shapes"]?.object ?? [:] }

  /// The rows of the last layer's bias.
  private var classes: Int { stateOrder.last.flatMap { state[$0]?.array?.first?.int } ?? 0 }

  /// All entries of `models.json` in the folder of the fixtures; none where it is not there.
  static func all() throws -> [TorchModel] {
    let file = TorchCase.folder.appendingPathComponent("models.json")
    guard FileManager.default.fileExists(atPath: file.path) else { return [] }
    let data = try Data(contentsOf: file)
    let states = String(decoding: data, as: UTF8.self).components(separatedBy: "\"state_dict_names_shapes\"")
    return zip(try JSONValue(parsing: data).array ?? [], states.dropFirst()).map { fields, text in
      let names = text.prefix { $0 != "}" }.split(separator: "\"").enumerated()
      return TorchModel(
        fields: fields, stateOrder: names.filter { $0.offset % 2 == 1 }.map { String($0.element) })
    }
  }

  /// What differs from PyTorch; nil when the architecture is not known.
  ///
  /// A ReLU whose input rounds to the other side of 0 moves gradients by tenths of a percent, and batch norm in training
  /// magnifies roundings until some do: PyTorch on another processor misses these tolerances. So a norm may also differ
  /// by three times what it moves when the last bits of weights and input do.
  func complaints() -> [String]? {
    guard let network = network() else { return nil }
    let complaints = differencesOfState(network)
    guard complaints.isEmpty else { return complaints }
    let ours = answer(of: network)
    var misses = missedGradients(ours)
    if !misses.isEmpty {
      let missed = misses.count
      let moved = (1...5).map { answer(of: network, bit: $0) }
      misses = misses.filter { miss in
        let largest = moved.compactMap { $0.norms[miss.name] }.map { Swift.abs($0 - miss.ours) }.max() ?? 0
        return !(miss.distance <= 3 * largest)
      }
      print(
        "\(name), seed \(seed), \(isTraining ? "training" : "evaluation"): \(missed) of \(ours.norms.count) gradient "
          + "norms beyond the tolerance, \(missed - misses.count) of them by no more than rounding moves them"
      )
    }
    return complaints + differencesOfLogits(ours)
      + misses.map { "the gradient's norm by \($0.name) is \($0.ours) instead of \($0.theirs)" }
  }

  /// What a network makes of the input: logits, loss, and the norm of the gradient by every parameter.
  private struct Answer {
    let logits: Tensor
    let loss: Double
    let norms: [String: Double]
  }

  /// The answer with weights and input of the formula, or with numbers that differ from them in the last bit.
  private func answer(of network: any Layer, bit: Int? = nil) -> Answer {
    let formula = TorchFormula(seed: seed, changedBy: bit)
    for (name, item) in network.state() {
      switch item {
      case .parameter(let parameter): parameter.set(formula.tensor(name, parameter.shape))
      case .buffer(let buffer):
        if case .tensor(let old) = buffer.contents { buffer.tensor = formula.tensor(name, old.shape) }
      }
    }
    let x = formula.tensor("input", shape)
    let labels = IndexTensor((0..<shape[0]).map { Int32($0 % classes) })
    var logits = Tensor(0)
    let (loss, gradients) = withMode(isTraining ? .training : .evaluation) {
      valueAndGradients {
        logits = network(x)
        return crossEntropy(logits, labels)
      }
    }
    let norms = network.parameters().compactMap { name, parameter in
      gradients[parameter].map { (name, norm($0)) }
    }
    return Answer(
      logits: logits.detached(), loss: Double(loss.scalar), norms: Dictionary(uniqueKeysWithValues: norms))
  }

  private func differencesOfLogits(_ ours: Answer) -> [String] {
    let norm = norm(ours.logits)
    let theirNorm = fields["logits_l2"]?.double ?? .nan
    let tolerance = fields["logits_tolerance"]?.double ?? 1e-3
    let typical = theirNorm / Double(ours.logits.count).squareRoot()
    var complaints: [String] = []
    func compare(_ what: String, _ ours: Double, _ theirs: Double, within distance: Double) {
      if !(Swift.abs(ours - theirs) <= distance) {
        complaints.append("\(what) is \(ours) instead of \(theirs)")
      }
    }
    let loss = fields["loss"]?.double ?? .nan
    compare("the loss", ours.loss, loss, within: (fields["loss_tolerance"]?.double ?? 1e-3) * loss)
    compare("the logits' norm", norm, theirNorm, within: tolerance * theirNorm)
    let logits = ours.logits.elements
    for (i, theirs) in (fields["logits_first8"]?.array ?? []).compactMap(\.double).enumerated() {
      compare(
        "logit \(i)", Double(logits[i]), theirs, within: tolerance * Swift.max(Swift.abs(theirs), typical))
    }
    return complaints
  }

  /// A gradient whose norm is not within its tolerance.
  private struct Miss {
    let name: String
    let ours, theirs: Double
    var distance: Double { Swift.abs(ours - theirs) }
  }

  private func missedGradients(_ ours: Answer) -> [Miss] {
    let expected = fields["grad_l2"]?.object ?? [:]
    return stateOrder.compactMap { name in
      let (found, theirs) = (ours.norms[name] ?? .nan, expected[name]?["value"]?.double ?? .nan)
      if ours.norms[name] == nil && expected[name] == nil { return nil }
      let miss = Miss(name: name, ours: found, theirs: theirs)
      return miss.distance <= (expected[name]?["tolerance"]?.double ?? 1e-3) * theirs ? nil : miss
    }
  }

  /// Names, order, shapes and number of what the network learns and keeps.
  private func differencesOfState(_ network: any Layer) -> [String] {
    let ours = network.state()
    if ours.map(\.name) != stateOrder {
      let pair = zip(ours.map(\.name) + ["the end"], stateOrder + ["the end"]).first { $0 != $1 }
      return ["the state has \(pair?.0 ?? "") where PyTorch has \(pair?.1 ?? "")"]
    }
    var complaints: [String] = []
    for (name, item) in ours {
      let shape = Shape(state[name]?.array?.compactMap(\.int) ?? [])
      if item.shape != shape { complaints.append("\(name) has shape \(item.shape) instead of \(shape)") }
    }
    if network.parameterCount != fields["parameters"]?.int {
      complaints.append("\(network.parameterCount) parameters")
    }
    return complaints
  }

  /// Our spelling of the architecture.
  private func network() -> (any Layer)? {
    var random = RandomStream(seed: 1)
    return switch name {
    case "alexnet": AlexNet(classes: classes, dropout: 0, using: &random)
    case "vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn":
      VGG.Depth(rawValue: Int(name.dropFirst(3).prefix(2)) ?? 0).map {
        VGG($0, classes: classes, batchNorm: name.hasSuffix("_bn"), dropout: 0, using: &random)
      }
    case "googlenet":
      GoogLeNet(
        classes: classes, auxiliary: stateOrder.contains("aux1.fc1.weight"), dropout: 0, auxiliaryDropout: 0,
        using: &random)
    case "resnet18": ResNet.resNet18(classes: classes, using: &random)
    case "resnet34": ResNet.resNet34(classes: classes, using: &random)
    case "resnet50": ResNet.resNet50(classes: classes, using: &random)
    case "resnet101": ResNet.resNet101(classes: classes, using: &random)
    case "convnext_tiny": ConvNeXt(.tiny, classes: classes, stochasticDepth: 0, using: &random)
    case "convnext_small": ConvNeXt(.small, classes: classes, stochasticDepth: 0, using: &random)
    case "convnext_base": ConvNeXt(.base, classes: classes, stochasticDepth: 0, using: &random)
    case "r3d_18": VideoResNet(classes: classes, using: &random)
    case "vit_b_16": VisionTransformer.base16(imageSize: shape[2], classes: classes, using: &random)
    case "vit_b_32": VisionTransformer.base32(imageSize: shape[2], classes: classes, using: &random)
    case "vit_l_16": VisionTransformer.large16(imageSize: shape[2], classes: classes, using: &random)
    case "densenet121": DenseNet.denseNet121(classes: classes, using: &random)
    case "densenet161": DenseNet.denseNet161(classes: classes, using: &random)
    case "densenet169": DenseNet.denseNet169(classes: classes, using: &random)
    case "densenet201": DenseNet.denseNet201(classes: classes, using: &random)
    default: nil
    }
  }
}

/// Numbers that follow from a name, a seed and a place.
private struct TorchFormula {
  let seed: UInt64
  /// Adds or takes away the last bit of each number, as this bit of its random ones says.
  let changedBy: Int?

  func tensor(_ name: String, _ shape: Shape) -> Tensor {
    let hash = name.utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    let start = hash &+ (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
    let (scale, shift) = range(name, shape)
    return Tensor(shape: shape) { span in
      for i in 0..<span.count {
        var z = start &+ UInt64(i)
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        let value = Float(scale * Double(z >> 40) * 0x1p-24 + shift)
        span[i] =
          if let changedBy { z >> UInt64(changedBy) & 1 == 1 ? value.nextUp : value.nextDown } else { value }
      }
    }
  }

  /// The numbers are scale u + shift, with u in [0, 1).
  private func range(_ name: String, _ shape: Shape) -> (scale: Double, shift: Double) {
    if name == "input" { return (2, -1) }
    if name.hasSuffix("running_var") { return (1, 0.5) }
    if name.hasSuffix("running_mean") { return (0.2, -0.1) }
    if shape.count >= 2 {
      let bound = (3 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
      return (2 * bound, -bound)
    }
    return name.hasSuffix("weight") ? (0.5, 0.75) : (0.2, -0.1)
  }
}

extension StateItem {
  fileprivate var shape: Shape {
    switch self {
    case .parameter(let parameter): parameter.shape
    case .buffer(let buffer): if case .tensor(let tensor) = buffer.contents { tensor.shape } else { [] }
    }
  }
}

/// The length of a tensor's elements taken as one vector, in double precision.
private func norm(_ x: Tensor) -> Double {
  x.withSpan { span in
    var sum = 0.0
    for i in 0..<span.count { sum += Double(span[i]) * Double(span[i]) }
    return sum.squareRoot()
  }
}
