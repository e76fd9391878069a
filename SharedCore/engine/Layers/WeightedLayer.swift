/// A layer that multiplies what it gets with one weight: what a spectral or a weight norm, or a low-rank adapter,
/// can be put around.
protocol WeightedLayer: Layer {
  var weight: Parameter { get }
  var bias: Parameter? { get }
  /// Which dimension of the weight counts the outputs.
  static var outputDimension: Int { get }
  /// The output for `x` with another weight of the same shape, and a bias or none.
  func output(for x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor
}

extension WeightedLayer {
  /// The output for `x` with another weight of the same shape.
  func output(for x: Tensor, weight: Tensor) -> Tensor {
    output(for: x, weight: weight, bias: bias?.value)
  }
}

extension Linear: WeightedLayer {
  static var outputDimension: Int { 0 }
  func output(for x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor { linear(x, weight, bias) }
}

extension Convolution: WeightedLayer {
  static var outputDimension: Int { 0 }
  func output(for x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
    convolution(Dimensions.count, x, weight, bias, walk)
  }
}

extension TransposedConvolution: WeightedLayer {
  static var outputDimension: Int { 1 }
  func output(for x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
    transposedConvolution(Dimensions.count, x, weight, bias, walk, outputPadding)
  }
}

/// Parameters and buffers under names that no property can have: `parametrizations.weight.0._u`.
final class NamedState: Module, CustomReflectable {
  private let children: [(name: String, value: Any)]

  init(_ children: [(name: String, value: Any)]) { self.children = children }

  var customMirror: Mirror {
    Mirror(self, children: children.map { (label: $0.name, value: $0.value) }, displayStyle: .class)
  }
}
