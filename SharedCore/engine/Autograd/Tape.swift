import Synchronization
import Utils

/// Where a value stands: which tape, and which number there.
struct TapePlace: Hashable, Sendable {
  let tape: Int  // never used up: a small network takes 2^31 steps in a few hours
  let index: Int32

  /// Not on any tape.
  static let none = TapePlace(tape: 0, index: -1)
}

/// The operations of one forward pass in the order in which they ran, so that the chain rule can run them backwards.
///
/// A flat array, not a linked graph: freeing a linked graph of a hundred thousand nodes overflows the stack.
final class Tape {
  /// The places of an operation's inputs.
  ///
  /// Nearly all have up to three, which should not cost an array.
  enum Inputs {
    case one(TapePlace)
    case two(TapePlace, TapePlace)
    case three(TapePlace, TapePlace, TapePlace)
    case many([TapePlace])
  }

  private struct Entry {
    let inputs: Inputs
    let output: Int32
    let pullback: (Tensor) -> [Tensor?]
  }

  private static let nextNumber = Atomic<Int>(1)

  let number = nextNumber.add(1, ordering: .relaxed).oldValue
  /// The tapes of the passes around a part that is computed twice: their values may be used on this one.
  let around: [Int]
  private let keepsEntries: Bool
  private var entries: [Entry] = []
  private var valueCount: Int32 = 0
  private var leaves = ParameterIndex()
  private var leafPlaces: [TapePlace] = []
  private var adopted: [TapePlace: TapePlace] = [:]

  /// An empty tape.
  ///
  /// - Parameters:
  ///   - around: the numbers of the tapes whose values may come in.
  ///   - keepsEntries: without, nothing is kept but who came in.
  init(around: [Int] = [], keepsEntries: Bool = true) {
    self.around = around
    self.keepsEntries = keepsEntries
  }

  func newPlace() -> TapePlace {
    defer { valueCount += 1 }
    return TapePlace(tape: number, index: valueCount)
  }

  /// The place of a parameter, the same each time it is used.
  func leaf(of parameter: Parameter) -> TapePlace { leaf(of: ObjectIdentifier(parameter)) }

  private func leaf(of identity: ObjectIdentifier) -> TapePlace {
    if let known = leaves.number(of: identity) { return leafPlaces[known] }
    let place = newPlace()
    leaves.add(identity)
    leafPlaces.append(place)
    return place
  }

  /// Where a value stands on this tape; nil when it does not and comes from no tape around it.
  @inline(__always)
  func place(of x: TapePlace) -> TapePlace? {
    x.tape == number ? x : around.isEmpty ? nil : adoptedPlace(of: x)
  }

  private func adoptedPlace(of x: TapePlace) -> TapePlace? {
    guard around.contains(x.tape) else { return nil }
    if let known = adopted[x] { return known }
    let place = newPlace()
    adopted[x] = place
    return place
  }

  /// `y`, with its place after the operation that made it.
  func entered(_ y: Tensor, from inputs: Inputs, _ pullback: @escaping (Tensor) -> [Tensor?]) -> Tensor {
    let place = newPlace()
    if keepsEntries { entries.append(Entry(inputs: inputs, output: place.index, pullback: pullback)) }
    return Tensor(shape: y.shape, storage: y.storage, offset: y.offset, place: place, order: y.order)
  }

  /// Runs the tape backwards from `output`, whose gradient is `seed`.
  ///
  /// Each entry is dropped, with what it saved, as soon as it has been used.
  func gradients(of output: Tensor, seed: Tensor) -> [Tensor?] {
    var gradients = [Tensor?](repeating: nil, count: Int(valueCount))
    guard output.place.tape == number else { return gradients }
    gradients[Int(output.place.index)] = seed
    let observer = Observation.observer
    while let entry = entries.popLast() {
      guard let g = gradients[Int(entry.output)] else { continue }
      gradients[Int(entry.output)] = nil
      observer?.pullbackBegins()
      let parts = entry.pullback(g)
      defer {
        observer?.pulledBack(
          BackwardEvent(upstream: g, gradients: parts, place: TapePlace(tape: number, index: entry.output)))
      }
      switch entry.inputs {
      case .one(let place):
        require(parts.count == 1, "a pullback gave \(parts.count) gradients for one input")
        add(parts[0], at: place, to: &gradients)
      case .two(let a, let b):
        require(parts.count == 2, "a pullback gave \(parts.count) gradients for two inputs")
        add(parts[0], at: a, to: &gradients)
        add(parts[1], at: b, to: &gradients)
      case .three(let a, let b, let c):
        require(parts.count == 3, "a pullback gave \(parts.count) gradients for three inputs")
        add(parts[0], at: a, to: &gradients)
        add(parts[1], at: b, to: &gradients)
        add(parts[2], at: c, to: &gradients)
      case .many(let places):
        require(
          parts.count == places.count, "a pullback gave \(parts.count) gradients for \(places.count) inputs")
        for (place, part) in zip(places, parts) { add(part, at: place, to: &gradients) }
      }
    }
    return gradients
  }

  private func add(_ part: Tensor?, at place: TapePlace, to gradients: inout [Tensor?]) {
    guard let part, place.tape == number else { return }
    let index = Int(place.index)
    if let earlier = gradients[index].take() {
      gradients[index] = sumOfGradients(earlier, part)
    } else {
      gradients[index] = part
    }
  }

  /// What came in: parameters, and values of the tapes around.
  enum Source {
    case parameter(ObjectIdentifier)
    case value(TapePlace)
  }

  var sources: [Source] { leaves.parameters.map(Source.parameter) + adopted.keys.map(Source.value) }

  /// Where a source of another tape stands on this one.
  func place(of source: Source) -> TapePlace? {
    switch source {
    case .parameter(let identity): leaf(of: identity)
    case .value(let place): self.place(of: place)
    }
  }

  /// The gradients of the parameters that were used.
  func byParameter(_ gradients: [Tensor?]) -> Gradients {
    Gradients(of: leaves, leafPlaces.map { gradients[Int($0.index)] })
  }
}

/// Puts `y`, computed from `inputs`, on the tape under way, if any of them stands there.
///
/// `pullback` gets g, the gradient of the loss by y, and gives the gradients by the inputs in their order: nil for an
/// input that `needsGradient` denies, which it then does not compute.
///
/// - Parameters:
///   - function: what the operation is called, for who watches.
///   - facts: what else it was asked for; worked out where somebody watches.
func record(
  _ y: Tensor, from inputs: [Tensor], function: StaticString = #function,
  facts: @autoclosure () -> OperationFacts? = nil, pullback: @escaping (Tensor) -> [Tensor?]
) -> Tensor {
  var y = y
  if inputs.contains(where: \.needsGradient), let tape = ForwardContext.current.tape {
    let places = inputs.map { tape.place(of: $0.place) }
    if places.contains(where: { $0 != nil }) {
      y = tape.entered(y, from: .many(places.map { $0 ?? .none }), pullback)
    }
  }
  if let observer = Observation.observer {
    observer.ran(ForwardEvent(inputs: inputs, output: y, facts: facts(), function: function))
  }
  return y
}

/// The same for an operation with one input.
func record(
  _ y: Tensor, from x: Tensor, function: StaticString = #function,
  facts: @autoclosure () -> OperationFacts? = nil, pullback: @escaping (Tensor) -> [Tensor?]
) -> Tensor {
  var y = y
  if x.needsGradient, let tape = ForwardContext.current.tape, let place = tape.place(of: x.place) {
    y = tape.entered(y, from: .one(place), pullback)
  }
  if let observer = Observation.observer {
    observer.ran(ForwardEvent(inputs: [x], output: y, facts: facts(), function: function))
  }
  return y
}

/// The same for an operation with two.
func record(
  _ y: Tensor, from a: Tensor, _ b: Tensor, function: StaticString = #function,
  facts: @autoclosure () -> OperationFacts? = nil, pullback: @escaping (Tensor) -> [Tensor?]
) -> Tensor {
  var y = y
  if a.needsGradient || b.needsGradient, let tape = ForwardContext.current.tape {
    let (first, second) = (tape.place(of: a.place), tape.place(of: b.place))
    if first != nil || second != nil {
      y = tape.entered(y, from: .two(first ?? .none, second ?? .none), pullback)
    }
  }
  if let observer = Observation.observer {
    observer.ran(ForwardEvent(inputs: [a, b], output: y, facts: facts(), function: function))
  }
  return y
}

/// The same for an operation with three.
func record(
  _ y: Tensor, from a: Tensor, _ b: Tensor, _ c: Tensor, function: StaticString = #function,
  facts: @autoclosure () -> OperationFacts? = nil, pullback: @escaping (Tensor) -> [Tensor?]
) -> Tensor {
  var y = y
  if a.needsGradient || b.needsGradient || c.needsGradient, let tape = ForwardContext.current.tape {
    let (first, second, third) = (tape.place(of: a.place), tape.place(of: b.place), tape.place(of: c.place))
    if first != nil || second != nil || third != nil {
      y = tape.entered(y, from: .three(first ?? .none, second ?? .none, third ?? .none), pullback)
    }
  }
  if let observer = Observation.observer {
    observer.ran(ForwardEvent(inputs: [a, b, c], output: y, facts: facts(), function: function))
  }
  return y
}

extension Tensor {
  /// Stands on a tape, so that a pullback has to give its gradient.
  var needsGradient: Bool { place.index >= 0 }
}
