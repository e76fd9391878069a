import Synchronization

/// Where a value stands: which tape, and which number there.
struct TapePlace: Equatable, Sendable {
  let tape: Int32
  let index: Int32

  /// Not on any tape.
  static let none = TapePlace(tape: 0, index: -1)
}

/// The operations of one forward pass in the order in which they ran, so that the chain rule can run them backwards.
///
/// A flat array, not a linked graph: freeing a linked graph of a hundred thousand nodes overflows the stack.
final class Tape {
  private struct Entry {
    let inputs: [TapePlace]
    let output: Int32
    let pullback: (Tensor) -> [Tensor?]
  }

  private static let nextNumber = Atomic<Int32>(1)

  let number = nextNumber.add(1, ordering: .relaxed).oldValue
  private var entries: [Entry] = []
  private var valueCount: Int32 = 0
  private var leaves: [ObjectIdentifier: TapePlace] = [:]

  func newPlace() -> TapePlace {
    defer { valueCount += 1 }
    return TapePlace(tape: number, index: valueCount)
  }

  /// The place of a parameter, the same each time it is used.
  func leaf(of parameter: Parameter) -> TapePlace {
    let identity = ObjectIdentifier(parameter)
    if let known = leaves[identity] { return known }
    let place = newPlace()
    leaves[identity] = place
    return place
  }

  func append(inputs: [TapePlace], output: Int32, pullback: @escaping (Tensor) -> [Tensor?]) {
    entries.append(Entry(inputs: inputs, output: output, pullback: pullback))
  }

  /// Runs the tape backwards from `output`, whose gradient is `seed`. Each entry is dropped, with what it saved, as soon
  /// as it has been used.
  func gradients(of output: Tensor, seed: Tensor) -> [Tensor?] {
    var gradients = [Tensor?](repeating: nil, count: Int(valueCount))
    guard output.place.tape == number else { return gradients }
    gradients[Int(output.place.index)] = seed
    while let entry = entries.popLast() {
      guard let g = gradients[Int(entry.output)] else { continue }
      gradients[Int(entry.output)] = nil
      let parts = entry.pullback(g)
      precondition(
        parts.count == entry.inputs.count,
        "a pullback gave \(parts.count) gradients for \(entry.inputs.count) inputs")
      for (place, part) in zip(entry.inputs, parts) where place.tape == number {
        guard let part else { continue }
        let index = Int(place.index)
        if let earlier = gradients[index].take() {
          gradients[index] = sumOfGradients(earlier, part)
        } else {
          gradients[index] = part
        }
      }
    }
    return gradients
  }

  /// The gradients of the parameters that were used.
  func byParameter(_ gradients: [Tensor?]) -> [ObjectIdentifier: Tensor] {
    leaves.compactMapValues { gradients[Int($0.index)] }
  }
}

/// Puts `y`, computed from `inputs`, on the tape under way, if any of them stands there.
///
/// `pullback` gets g, the gradient of the loss by y, and gives the gradients by the inputs in their order: nil for an
/// input that `needsGradient` denies, which it then does not compute.
func record(_ y: Tensor, from inputs: Tensor..., pullback: @escaping (Tensor) -> [Tensor?]) -> Tensor {
  guard let tape = ForwardContext.current.tape, inputs.contains(where: { $0.place.tape == tape.number })
  else {
    return y
  }
  let place = tape.newPlace()
  tape.append(inputs: inputs.map(\.place), output: place.index, pullback: pullback)
  return Tensor(shape: y.shape, storage: y.storage, offset: y.offset, place: place)
}

extension Tensor {
  /// Stands on a tape, so that a pullback has to give its gradient.
  var needsGradient: Bool { place != .none }
}
