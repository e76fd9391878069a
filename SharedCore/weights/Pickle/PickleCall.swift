import Engine
import Utils

/// What the known names make of their arguments.
struct PickleCall {
  private let arena: PickleArena

  init(_ arena: PickleArena) { self.arena = arena }

  /// The result of `global` called with `arguments`; `isNew` when it is made as an empty object of a class.
  func result(of global: PickleGlobal, _ arguments: [PickleValue], isNew: Bool) throws -> PickleValue {
    switch global {
    case .orderedDict: try orderedDict(arguments)
    case .set: arena.make(.set, arguments.first?.elements ?? [])
    case .size: arena.make(.tuple, arguments.first?.elements ?? [])
    case .complex, .device: .other
    case .encode:
      if let text = arguments.first?.text {
        .bytes(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
      } else {
        throw damaged("a text in bytes")
      }
    case .rebuildTensor(let version) where !isNew: .tensor(try tensor(version, arguments))
    case .rebuildParameter where !isNew:
      if let value = arguments.first, case .tensor = value { value } else { throw damaged("a parameter") }
    case .rebuildTensor, .rebuildParameter, .storage, .dtype:
      throw WeightsDefect("has a pickle that calls what is no function (\(global))")
    }
  }

  /// An OrderedDict, empty or, from Python 2, of a list of pairs.
  private func orderedDict(_ arguments: [PickleValue]) throws -> PickleValue {
    let pairs = arguments.first?.elements ?? []
    return arena.make(
      .dictionary,
      try pairs.flatMap { pair in
        guard let elements = pair.elements, elements.count == 2 else { throw damaged("an OrderedDict") }
        return elements
      })
  }

  /// `(storage, offset, size, stride, requires_grad, hooks, dtype)`: version 1 has the first four, version 2 the first
  /// six, only version 3 the last.
  private func tensor(_ version: Int, _ arguments: [PickleValue]) throws -> TorchTensor {
    guard arguments.count >= [1: 4, 2: 6, 3: 7][version] ?? 7, case .storage(let storage) = arguments[0],
      let offset = arguments[1].int, let shape = sizes(arguments[2]), let strides = sizes(arguments[3])
    else { throw damaged("a tensor") }
    return TorchTensor(
      storage, try dtype(storage, version == 3 ? arguments[6] : .none), offset: offset, shape: shape,
      strides: strides)
  }

  private func dtype(_ storage: TorchStorage, _ named: PickleValue) throws -> SafetensorsDType {
    switch (storage.kind, named) {
    case (.typed(let dtype), .none): return dtype
    case (.untyped, .global(.dtype(let dtype?))): return dtype
    case (.typed(let stored), .global(.dtype(let dtype?))) where stored.bits == dtype.bits: return dtype
    case (.unreadable, _), (_, .global(.dtype(nil))):
      throw WeightsDefect(
        "holds complex numbers of double precision, which are not read", remedy: "save them as complex64")
    default: throw damaged("a tensor")
    }
  }

  private func sizes(_ value: PickleValue) -> [Int]? {
    guard let elements = value.elements, elements.count <= StridedView.mostDimensions else { return nil }
    let sizes = elements.compactMap(\.int)
    return sizes.count == elements.count ? sizes : nil
  }

  private func damaged(_ what: String) -> WeightsDefect {
    WeightsDefect("has a pickle that describes \(what) wrongly")
  }
}

extension TorchStorage {
  /// The storage that a pickle names: `("storage", kind, key, place, count)`, before PyTorch 1.6 with a view or None.
  convenience init(persistentID value: PickleValue) throws {
    guard let parts = value.elements, parts.count == 5 || parts.count == 6, parts[0].text == "storage",
      case .global(.storage(let kind)) = parts[1], let key = parts[2].text, let count = parts[4].int,
      count >= 0
    else { throw WeightsDefect("has a pickle that describes a storage wrongly") }
    var view: Range<Int>?
    if parts.count == 6, let numbers = parts[5].elements {
      guard numbers.count == 3, let offset = numbers[1].int, let size = numbers[2].int, offset >= 0,
        size >= 0,
        offset <= count, size <= count - offset
      else { throw WeightsDefect("has a pickle that describes a part of a storage wrongly") }
      view = offset..<offset + size
    }
    self.init(kind, key: key, count: count, view: view)
  }
}
