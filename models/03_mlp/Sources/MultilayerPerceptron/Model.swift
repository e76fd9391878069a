import Engine
import Utils

/// The multilayer perceptron: layers of units, each a weighted sum put through a smooth or bent function, and at the end
/// one score a class.
///
/// Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323, 1986. Departures: any
/// activation and any number of layers; the scores leave the network as they are, and the loss puts them through the
/// logistic function (two classes, or `loss=squared_error`, as in the paper) or softmax.
public final class MultilayerPerceptron: Layer {
  let hidden: [Linear]
  let output: Linear
  let activation: Activation

  /// Layers of `hidden` units between `inputs` features and the classes; one output for two classes, else one a class.
  ///
  /// - Parameters:
  ///   - hidden: the width of each hidden layer, first to last; none makes it a linear classifier.
  ///   - activation: what every hidden unit does with its sum.
  ///   - start: how the weights begin; biases begin at 0, but with `uniform` like the weights.
  public init(
    inputs: Int, hidden: [Int], classes: Int, activation: Activation, start: Start,
    using random: inout RandomStream
  ) {
    var layers: [Linear] = []
    var width = inputs
    for next in hidden + [classes == 2 ? 1 : classes] {
      layers.append(Linear(width, next, using: &random))
      width = next
    }
    output = layers.removeLast()
    self.hidden = layers
    self.activation = activation
    initialize { _, shape in start.values(shape, using: &random) }
  }

  /// The scores of the classes, not yet probabilities.
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, ...] of I numbers to [N, K]
    var x = x.flattened(from: 1)  // [N, I]
    for layer in hidden { x = activation(layer(x)) }  // [N, width]
    return output(x)
  }
}

/// What a hidden unit makes of its weighted sum.
public enum Activation: String, CaseIterable, Sendable {
  /// The logistic function 1 / (1 + exp(-x)), as in 1986.
  case sigmoid
  /// The hyperbolic tangent: the same curve, about 0 instead of 1/2 (LeCun, "Efficient BackProp", 1998, §4.4).
  case tanh
  /// max(0, x) (Nair and Hinton 2010).
  case relu
  /// x, and x / 100 where it is negative (Maas, Hannun and Ng 2013).
  case leakyRelu = "leaky_relu"

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .sigmoid: Engine.sigmoid(x)
    case .tanh: Engine.tanh(x)
    case .relu: Engine.relu(x)
    case .leakyRelu: Engine.leakyRelu(x)
    }
  }
}

/// How weights begin.
public enum Start: String, CaseIterable, Sendable {
  /// All zero: every hidden unit then learns the same, and the network never becomes more than one unit.
  case zeros
  /// Uniform in -0.5 ..< 0.5, biases too: "small random weights", as in 1986.
  case uniform
  /// Normal with deviation 0.01.
  case normal
  /// Uniform, by the numbers of inputs and outputs (Glorot and Bengio 2010); called after Xavier Glorot.
  case xavierUniform = "xavier_uniform"
  /// Normal, by the numbers of inputs and outputs (Glorot and Bengio 2010).
  case xavierNormal = "xavier_normal"
  /// Uniform, by the number of inputs, for rectifiers (He et al. 2015).
  case heUniform = "he_uniform"
  /// Normal, by the number of inputs, for rectifiers (He et al. 2015).
  case heNormal = "he_normal"

  /// First values for a weight [O, I] or a bias [O].
  func values(_ shape: Shape, using random: inout RandomStream) -> Tensor {
    guard shape.count == 2 || self == .uniform else { return Tensor(repeating: 0, shape: shape) }
    return switch self {
    case .zeros: Tensor(repeating: 0, shape: shape)
    case .uniform: .uniform(-0.5..<0.5, shape: shape, using: &random)
    case .normal: .normal(deviation: 0.01, shape: shape, using: &random)
    case .xavierUniform: .glorotUniform(shape, using: &random)
    case .xavierNormal: .glorotNormal(shape, using: &random)
    case .heUniform: .heUniform(shape, using: &random)
    case .heNormal: .heNormal(shape, fan: .inputs, using: &random)
    }
  }
}
