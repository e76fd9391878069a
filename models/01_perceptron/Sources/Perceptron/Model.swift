import Engine
import Utils

/// The perceptron: threshold units on a weighted sum, y = 1 if w x + b >= 0, else 0.
///
/// Rosenblatt, "The Perceptron: A Perceiving and Recognizing Automaton", Cornell Aeronautical Laboratory, report 85-460-1,
/// 1957; "The Perceptron: A Probabilistic Model for Information Storage and Organization in the Brain", Psychological
/// Review 65(6), 1958. Departures: the inputs are the features themselves, not the random association units of the
/// Mark I; more than two classes are told apart by one unit each against the rest, the largest sum winning.
public final class Perceptron: Layer, HasVariants {
  let weight: Parameter  // [K, I], K = 1 for two classes
  let bias: Parameter  // [K]
  let pocket: Pocket

  /// How the weights begin.
  public enum Start: String, CaseIterable, Sendable {
    /// All zero: nothing is known, and every run with the same order of samples is the same.
    case zeros
    /// Uniform in -0.5 ..< 0.5.
    case uniform
    /// Normal with deviation 0.01.
    case normal
  }

  /// Units for `inputs` features: one for two classes, else one a class.
  public init(inputs: Int, classes: Int, start: Start = .zeros, using random: inout RandomStream) {
    let units = classes == 2 ? 1 : classes
    let shape: Shape = [units, inputs]
    let first =
      switch start {
      case .zeros: Tensor(repeating: 0, shape: shape)
      case .uniform: Tensor.uniform(-0.5..<0.5, shape: shape, using: &random)
      case .normal: Tensor.normal(deviation: 0.01, shape: shape, using: &random)
      }
    weight = Parameter(first)
    bias = Parameter(Tensor(repeating: 0, shape: [units]))
    pocket = Pocket(weight: first, bias: bias.value)
  }

  /// The weighted sums, not yet put through the threshold: [N, I], or images of I pixels, to [N, K].
  public func callAsFunction(_ x: Tensor) -> Tensor { linear(x.flattened(from: 1), weight.value, bias.value) }

  /// The pocket copy, which can be used in place of the last weights.
  public var variants: [(name: String, network: any Layer)] { [("pocket", pocket)] }
}

/// The best weights so far, kept beside the ones that go on learning.
///
/// Gallant, "Perceptron-Based Learning Algorithms", IEEE Transactions on Neural Networks 1(2), 1990: where no plane
/// separates the classes the perceptron's weights never settle, and the last ones may be among the worst.
final class Pocket: Layer {
  let weight: Buffer  // [K, I]
  let bias: Buffer  // [K]

  init(weight: Tensor, bias: Tensor) {
    self.weight = Buffer(weight.copied())
    self.bias = Buffer(bias.copied())
  }

  func callAsFunction(_ x: Tensor) -> Tensor { linear(x.flattened(from: 1), weight.tensor, bias.tensor) }

  /// Puts a copy of a perceptron's present weights into the pocket.
  func keep(_ perceptron: Perceptron) {
    weight.tensor = perceptron.weight.value.copied()
    bias.tensor = perceptron.bias.value.copied()
  }
}
