import Utils

/// The fully connected layer: y = x WT + b.
///
/// Weights and bias start uniform in plus or minus 1 / sqrt(inputs), as in PyTorch.
public final class Linear: Layer {
  let weight: Parameter
  let bias: Parameter?

  /// A layer from `inputs` to `outputs` features.
  public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, using random: inout RandomStream) {
    let bound = 1 / Double(inputs).squareRoot()
    weight = Parameter(.uniform(-bound..<bound, shape: [outputs, inputs], using: &random))
    self.bias = bias ? Parameter(.uniform(-bound..<bound, shape: [outputs], using: &random)) : nil
  }

  /// The output for `x`, [..., inputs] to [..., outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [..., inputs] to [..., outputs]
    linear(x, weight.value, bias?.value)
  }
}

extension Tensor {
  /// Numbers drawn uniformly from `range`.
  public static func uniform(_ range: Range<Double>, shape: Shape, using random: inout RandomStream) -> Tensor
  {
    Tensor(shape: shape) { span in for i in 0..<span.count { span[i] = Float(random.uniform(in: range)) } }
  }

  /// Normally distributed numbers.
  public static func normal(
    mean: Double = 0, deviation: Double = 1, shape: Shape, using random: inout RandomStream
  ) -> Tensor {
    Tensor(shape: shape) { span in
      for i in 0..<span.count { span[i] = Float(mean + deviation * random.normal()) }
    }
  }
}
