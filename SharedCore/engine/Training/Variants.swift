/// A network that keeps other copies of its weights which can be used in place of the present ones: the perceptron's pocket,
/// running averages.
public protocol HasVariants: Layer {
  /// The other copies by name; a metric of one is called `pocket_accuracy`.
  var variants: [(name: String, network: any Layer)] { get }
}
