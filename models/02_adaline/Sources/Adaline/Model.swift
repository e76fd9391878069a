import Engine
import Utils

/// ADALINE, the adaptive linear neuron: y = w x + b, trained on y itself, and asked whether y > 1/2.
///
/// Widrow and Hoff, "Adaptive Switching Circuits", 1960 IRE WESCON Convention Record, part 4, 96-104. Departures: targets
/// are 0 and 1, not -1 and 1, so the threshold is 1/2 and not 0; more than two classes are told apart by one unit each with
/// the target 1 for its own class, the largest output winning.
public final class Adaline: Layer {
  let weight: Parameter  // [K, I], K = 1 for two classes
  let bias: Parameter  // [K]

  /// Units for `inputs` features, one for two classes, else one a class; weights normal with deviation 0.1, biases 0.
  public init(inputs: Int, classes: Int, using random: inout RandomStream) {
    let units = classes == 2 ? 1 : classes
    weight = Parameter(.normal(deviation: 0.1, shape: [units, inputs], using: &random))
    bias = Parameter(Tensor(repeating: 0, shape: [units]))
  }

  /// The linear outputs that learning compares with the targets: [N, I], or images of I pixels, to [N, K].
  public func output(_ x: Tensor) -> Tensor { linear(x.flattened(from: 1), weight.value, bias.value) }

  /// What is judged: of several units the outputs, whose largest wins; of one unit y - 1/2, whose sign is the class.
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, ...] to [N, K]
    weight.shape[0] == 1 ? output(x) - 0.5 : output(x)
  }

  /// What the outputs shall be, [N, K]: 1 for the unit of the sample's class, else 0; of one unit 1 for class 1.
  public func targets(_ labels: IndexTensor) -> Tensor {
    let units = weight.shape[0]
    return Tensor(shape: [labels.count, units]) { target in
      for (n, label) in labels.elements.enumerated() {
        for unit in 0..<units { target[n * units + unit] = Adaline.target(label, unit: unit, of: units) }
      }
    }
  }

  /// The target of one unit of `units` for a sample of class `label`.
  static func target(_ label: Int32, unit: Int, of units: Int) -> Float {
    label == (units == 1 ? 1 : Int32(unit)) ? 1 : 0
  }
}
