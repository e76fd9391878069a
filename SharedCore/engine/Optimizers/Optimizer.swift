/// A rule that turns gradients into new parameters.
public protocol Optimizer: AnyObject {
  /// The factor of the next step; a schedule writes it.
  var learningRate: Float { get set }

  /// Changes every parameter that has a gradient. One that has none, frozen or not used, stays as it is.
  func update(with gradients: Gradients)

  /// What it keeps between steps, by name, for a checkpoint.
  func state() -> [(name: String, buffer: Buffer)]
}
