import Utils

/// The gradient of a loss by every parameter that took part in it.
public struct Gradients {
  private var byParameter: [ObjectIdentifier: Tensor]

  init(_ byParameter: [ObjectIdentifier: Tensor]) { self.byParameter = byParameter }

  /// The gradient by `parameter`, of its shape; nil when it took no part or is frozen.
  public subscript(parameter: Parameter) -> Tensor? { byParameter[ObjectIdentifier(parameter)] }

  /// Adds gradients of another batch: the sum is the gradient of the sum of the losses.
  public static func += (a: inout Gradients, b: Gradients) {
    for (parameter, g) in b.byParameter {
      guard let earlier = a.byParameter.removeValue(forKey: parameter) else {
        a.byParameter[parameter] = g
        continue
      }
      a.byParameter[parameter] = sumOfGradients(earlier, g)  // in place, when nobody else holds it
    }
  }
}

/// Computes a loss and its gradient by every parameter that is not frozen.
///
/// Recording lasts as long as `loss` runs; outside of it nothing is kept. The result must have one element.
public func valueAndGradients(_ loss: () throws -> Tensor) rethrows -> (value: Tensor, gradients: Gradients) {
  let tape = Tape()
  let value = try ForwardContext.$current.withValue(ForwardContext(tape: tape, mode: Mode.current)) {
    try loss()
  }
  require(value.count == 1, "valueAndGradients: a loss is one number, got shape \(value.shape)")
  let gradients = tape.gradients(of: value, seed: Tensor(repeating: 1, shape: value.shape))
  return (value.detached(), Gradients(tape.byParameter(gradients)))
}

/// Computes a function of tensors, and from g, the gradient by its result, the gradients by each of them.
///
/// - Parameters:
///   - inputs: what is differentiated by; nil comes back for one that the result does not depend on.
///   - upstream: g of the result's shape; ones when it is nil.
public func valueAndGradients(
  at inputs: [Tensor], upstream: Tensor? = nil, _ function: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, gradients: [Tensor?]) {
  let tape = Tape()
  let leaves = inputs.map {
    Tensor(shape: $0.shape, storage: $0.storage, offset: $0.offset, place: tape.newPlace())
  }
  let value = try ForwardContext.$current.withValue(ForwardContext(tape: tape, mode: Mode.current)) {
    try function(leaves)
  }
  let seed = upstream ?? Tensor(repeating: 1, shape: value.shape)
  require(seed.shape == value.shape, "valueAndGradients: \(seed.shape) is no gradient of \(value.shape)")
  let gradients = tape.gradients(of: value, seed: seed)
  return (value.detached(), leaves.map { gradients[Int($0.place.index)] })
}
