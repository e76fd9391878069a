/// What a pickle can hold here: a closed list, none of which runs anything.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int64)
  case float(Double)
  case text(String)
  case bytes([UInt8])
  case container(PickleContainer)
  case tensor(TorchTensor)
  case storage(TorchStorage)
  case global(PickleGlobal)
  /// Understood and of no use: a device, a complex number, an integer beyond 64 bits.
  case other

  /// The elements of a tuple or list; nil for anything else.
  var elements: [PickleValue]? {
    if case .container(let container) = self, container.kind != .dictionary {
      container.elements
    } else {
      nil
    }
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }

  /// A whole number that an index or a size can be.
  var int: Int? { if case .int(let value) = self { Int(value) } else { nil } }
}

/// A list, tuple, set or dictionary: shared, because a pickle may name one before it is filled.
final class PickleContainer {
  enum Kind { case list, tuple, set, dictionary }

  let kind: Kind
  /// The elements; of a dictionary, keys and values in turn.
  var elements: [PickleValue]

  init(_ kind: Kind, _ elements: [PickleValue]) {
    self.kind = kind
    self.elements = elements
  }
}

/// The containers of one pickle, which empties them when it goes: they may hold each other, in circles or a million deep.
final class PickleArena {
  private var containers: [PickleContainer] = []

  func make(_ kind: PickleContainer.Kind, _ elements: [PickleValue] = []) -> PickleValue {
    let container = PickleContainer(kind, elements)
    containers.append(container)
    return .container(container)
  }

  deinit { for container in containers { container.elements = [] } }
}
