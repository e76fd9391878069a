import Kernels
import Utils

/// The gradient of a loss by every parameter that took part in it.
public struct Gradients {
  private var index: ParameterIndex
  /// By the parameters' numbers; nil for one that the loss does not depend on.
  private var gradients: [Tensor?]

  init(of index: ParameterIndex, _ gradients: [Tensor?]) {
    self.index = index
    self.gradients = gradients
  }

  /// The gradient by `parameter`, of its shape; nil when it took no part or is frozen.
  public subscript(parameter: Parameter) -> Tensor? { self[ObjectIdentifier(parameter)] }

  private subscript(parameter: ObjectIdentifier) -> Tensor? {
    get { index.number(of: parameter).flatMap { gradients[$0] } }
    set {
      if let number = index.number(of: parameter) {
        gradients[number] = newValue
      } else {
        index.add(parameter)
        gradients.append(newValue)
      }
    }
  }

  /// Adds gradients of another batch: the sum is the gradient of the sum of the losses.
  public static func += (a: inout Gradients, b: Gradients) {
    for (parameter, g) in zip(b.index.parameters, b.gradients) {
      guard let g else { continue }
      guard let earlier = a.take(parameter) else {
        a[parameter] = g
        continue
      }
      a[parameter] = sumOfGradients(earlier, g)  // in place, when nobody else holds it
    }
  }

  /// Hands a gradient over, so that nobody else holds it.
  private mutating func take(_ parameter: ObjectIdentifier) -> Tensor? {
    index.number(of: parameter).flatMap { gradients[$0].take() }
  }
}

extension Gradients {
  /// The gradients of nothing yet.
  public init() { self.init(of: ParameterIndex(), []) }

  /// Moves every gradient towards that of `other` by `share` of the way; one that is missing counts as 0.
  ///
  /// With `share` = n / N, where n of the N samples so far are the other's, this is the gradient of the mean
  /// loss over all of them, whatever the sizes of the batches.
  public mutating func blend(with other: Gradients, share: Float) {
    change { g, parameter in
      var mean = g.mutableSpan
      guard let next = other[parameter] else {
        return Kernels.chosen.scale(&mean, by: 1 - share)
      }
      next.withSpan { Kernels.chosen.blend($0, into: &mean, share: share) }
    }
    for (parameter, g) in zip(other.index.parameters, other.gradients) where self[parameter] == nil {
      self[parameter] = g.map { share == 1 ? $0 : $0.detached() * share }
    }
  }

  /// The length of all gradients taken as one vector, in double precision.
  ///
  /// The parts are added by size, so that the sum does not depend on the order in which layers were run.
  public var norm: Double {
    gradients.compactMap { $0?.withSpan { Kernels.chosen.sumOfSquares($0) } }.sorted().reduce(0, +)
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
  var looksFinite: Bool { gradients.allSatisfy { $0.map { $0.count > 4096 || $0.isFinite } ?? true } }

  /// Lets `body` write every gradient, in the memory that it has when nobody else sees it.
  private mutating func change(_ body: (UnsafeMutableBufferPointer<Float>, ObjectIdentifier) -> Void) {
    for (number, parameter) in index.parameters.enumerated() {
      guard var g = gradients[number].take() else { continue }
      if g.offset != 0 || !isKnownUniquelyReferenced(&g.storage) { g = g.copied() }
      body(UnsafeMutableBufferPointer(start: g.storage.start, count: g.count), parameter)
      gradients[number] = g
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
  return (value.detached(), tape.byParameter(gradients))
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
