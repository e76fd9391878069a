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
  func complaints() -> [String]? {
    guard let network = network() else { return nil }
    var complaints = differencesOfState(network)
    guard complaints.isEmpty else { return complaints }
    fill(network)
    let x = TorchFormula(seed: seed).tensor("input", shape)
    let labels = IndexTensor((0..<shape[0]).map { Int32($0 % classes) })
    var logits = Tensor(0)
    let mode = fields["mode"]?.string == "train" ? Mode.training : .evaluation
    let (loss, gradients) = withMode(mode) {
      valueAndGradients {
        logits = network(x)
        return crossEntropy(logits, labels)
      }
    }
    func compare(_ what: String, _ ours: Double, _ theirs: Double?, _ tolerance: Double?, scale: Double = 0) {
      let (theirs, tolerance) = (theirs ?? .nan, tolerance ?? 1e-3)
      if !(Swift.abs(ours - theirs) <= tolerance * Swift.max(Swift.abs(theirs), scale)) {
        complaints.append("\(what) is \(ours) instead of \(theirs)")
      }
    }
    compare("the loss", Double(loss.scalar), fields["loss"]?.double, fields["loss_tolerance"]?.double)
    let expected = fields["logits_l2"]?.double ?? .nan
    let tolerance = fields["logits_tolerance"]?.double
    compare("the norm of the logits", norm(logits), expected, tolerance)
    let typical = expected / Double(logits.count).squareRoot()
    for (i, theirs) in (fields["logits_first8"]?.array ?? []).enumerated() {
      compare("logit \(i)", Double(logits.elements[i]), theirs.double, tolerance, scale: typical)
    }
    for (name, parameter) in network.parameters() {
      let theirs = fields["grad_l2"]?[name]
      guard let g = gradients[parameter] else {
        if theirs != nil { complaints.append("there is no gradient by \(name)") }
        continue
      }
      compare(
        "the gradient's norm by \(name)", norm(g), theirs?["value"]?.double, theirs?["tolerance"]?.double)
    }
    return complaints
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

  private func fill(_ network: any Layer) {
    let formula = TorchFormula(seed: seed)
    for (name, item) in network.state() {
      switch item {
      case .parameter(let parameter): parameter.set(formula.tensor(name, parameter.shape))
      case .buffer(let buffer):
        if case .tensor(let old) = buffer.contents { buffer.tensor = formula.tensor(name, old.shape) }
      }
    }
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
    case "convnext_tiny": ConvNeXt.tiny(classes: classes, stochasticDepth: 0, using: &random)
    case "convnext_small": ConvNeXt.small(classes: classes, stochasticDepth: 0, using: &random)
    case "convnext_base": ConvNeXt.base(classes: classes, stochasticDepth: 0, using: &random)
    case "r3d_18": VideoResNet(classes: classes, using: &random)
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
        span[i] = Float(scale * Double(z >> 40) * 0x1p-24 + shift)
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
