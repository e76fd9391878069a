import Engine
import Utils

/// Title of the Model: two fully connected layers with a hyperbolic tangent between them.
///
/// Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323, 1986. Departures:
/// tanh for the logistic function; one output a class and softmax with cross entropy for the squared error; gradient
/// descent on batches.
public final class NewModel: Layer {
  let hidden: Linear
  let output: Linear

  /// A network from `inputs` features through `width` hidden units to `classes` scores.
  public init(inputs: Int, width: Int, classes: Int, using random: inout RandomStream) {
    hidden = Linear(inputs, width, using: &random)
    output = Linear(width, classes, using: &random)
  }

  /// The logits of the classes.
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, I]
    output(tanh(hidden(x)))  // [N, width], then [N, K]
  }
}
