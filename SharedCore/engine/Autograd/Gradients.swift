import Kernels
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

extension Gradients {
  /// The gradients of nothing yet.
  public init() { self.init([:]) }

  /// Moves every gradient towards that of `other` by `share` of the way; one that is missing counts as 0.
  ///
  /// With `share` = n / N, where n of the N samples so far are the other's, this is the gradient of the mean
  /// loss over all of them, whatever the sizes of the batches.
  public mutating func blend(with other: Gradients, share: Float) {
    change { g, parameter in
      var mean = g.mutableSpan
      guard let next = other.byParameter[parameter] else {
        return Kernels.chosen.scale(&mean, by: 1 - share)
      }
      next.withSpan { Kernels.chosen.blend($0, into: &mean, share: share) }
    }
    for (parameter, g) in other.byParameter where byParameter[parameter] == nil {
      byParameter[parameter] = share == 1 ? g : g.detached() * share
    }
  }

  /// The length of all gradients taken as one vector, in double precision.
  ///
  /// The parts are added by size: their order in memory differs from one process to the next, and the sum
  /// must not.
  public var norm: Double {
    byParameter.values.map { $0.withSpan { Kernels.chosen.sumOfSquares($0) } }.sorted().reduce(0, +)
      .squareRoot()
  }

  /// Shortens the gradients, all by one factor, so that their `norm` is `limit` at the most.
  ///
  /// Pascanu, Mikolov and Bengio, "On the Difficulty of Training Recurrent Neural Networks", 2013; as PyTorch
  /// computes it, with 1e-6 added to the norm. Where the norm is no finite number the gradients stay as they
  /// are.
  /// - Returns: the norm as it was.
  @discardableResult
  public mutating func clip(toNorm limit: Double) -> Double {
    let norm = norm
    let factor = Float(limit / (norm + 1e-6))
    guard norm.isFinite, factor < 1 else { return norm }
    change { g, _ in
      var span = g.mutableSpan
      Kernels.chosen.scale(&span, by: factor)
    }
    return norm
  }

  /// Brings every entry of the gradients into -limit...limit.
  public mutating func clip(toValue limit: Float) {
    change { g, _ in
      var span = g.mutableSpan
      Kernels.chosen.clamp(&span, to: limit)
    }
  }

  /// Whether the gradients of few numbers are finite: those of biases, of norms and of small layers.
  ///
  /// A NaN travels from where it arises to every layer before it, whose biases take it up, so that this finds nearly as
  /// much as a look at all gradients, which would be another pass over memory. What it misses shows in the next loss.
  var looksFinite: Bool { byParameter.values.allSatisfy { $0.count > 4096 || $0.isFinite } }

  /// Lets `body` write every gradient, in the memory that it has when nobody else sees it.
  private mutating func change(_ body: (UnsafeMutableBufferPointer<Float>, ObjectIdentifier) -> Void) {
    for parameter in Array(byParameter.keys) {
      guard var g = byParameter.removeValue(forKey: parameter) else { continue }
      if g.offset != 0 || !isKnownUniquelyReferenced(&g.storage) { g = g.copied() }
      body(UnsafeMutableBufferPointer(start: g.storage.start, count: g.count), parameter)
      byParameter[parameter] = g
    }
  }
}

/// Computes a loss and its gradient by every parameter that is not frozen.
///
/// Recording lasts as long as `loss` runs; outside of it nothing is kept. The result must have one element.
public func valueAndGradients(_ loss: () throws -> Tensor) rethrows -> (value: Tensor, gradients: Gradients) {
  let (tape, observer) = (Tape(), Observation.observer)
  observer?.passBegins()
  defer { observer?.passEnded() }
  let value = try ForwardContext.$current.withValue(ForwardContext.current.recording(on: tape)) {
    try loss()
  }
  require(value.count == 1, "valueAndGradients: a loss is one number, got shape \(value.shape)")
  observer?.backwardBegins()
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
  let (tape, observer) = (Tape(), Observation.observer)
  observer?.passBegins()
  defer { observer?.passEnded() }
  let leaves = inputs.map {
    Tensor(
      shape: $0.shape, storage: $0.storage, offset: $0.offset, place: tape.newPlace(), order: $0.order)
  }
  let value = try ForwardContext.$current.withValue(ForwardContext.current.recording(on: tape)) {
    try function(leaves)
  }
  let seed = upstream ?? Tensor(repeating: 1, shape: value.shape)
  require(seed.shape == value.shape, "valueAndGradients: \(seed.shape) is no gradient of \(value.shape)")
  observer?.backwardBegins()
  let gradients = tape.gradients(of: value, seed: seed)
  return (value.detached(), leaves.map { gradients[Int($0.place.index)] })
}
