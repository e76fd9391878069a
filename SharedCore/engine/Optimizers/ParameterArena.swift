import Utils

/// The parameters of an optimiser in one block of memory, so that an update walks it once, and how each of
/// them learns.
final class ParameterArena {
  /// A parameter with its place in the optimiser's lists of buffers.
  struct Slot {
    let index: Int
    let name: String
    let parameter: Parameter
    let rateFactor: Float
    let weightDecay: Float
  }

  let slots: [Slot]

  /// Moves `parameters` next to each other; a parameter that occurs twice (tied weights) is kept once.
  ///
  /// Of several groups that hold a parameter the first one counts.
  init(
    packing parameters: [(name: String, parameter: Parameter)], weightDecay: Float = 0,
    groups: [ParameterGroup] = []
  ) {
    var groupOf: [ObjectIdentifier: ParameterGroup] = [:]
    let known = Set(parameters.map { ObjectIdentifier($0.parameter) })
    for group in groups {
      for (name, parameter) in group.parameters {
        let identity = ObjectIdentifier(parameter)
        require(
          known.contains(identity), "a group holds \(name), which is none of the optimiser's parameters")
        groupOf[identity] = groupOf[identity] ?? group
      }
    }
    var seen = Set<ObjectIdentifier>()
    let single = parameters.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
    slots = single.enumerated().map { index, entry in
      let group = groupOf[ObjectIdentifier(entry.parameter)]
      return Slot(
        index: index, name: entry.name, parameter: entry.parameter, rateFactor: group?.rateFactor ?? 1,
        weightDecay: group?.weightDecay ?? weightDecay)
    }
    // each starts on a cache line
    let sizes = slots.map { ($0.parameter.shape.elementCount + 15) / 16 * 16 }
    let storage = Storage(uninitialized: sizes.reduce(0, +))
    var offset = 0
    for (slot, size) in zip(slots, sizes) {
      slot.parameter.move(into: storage, at: offset)
      offset += size
    }
  }

  /// Gives `change` every slot that has a gradient, its weights to write and the gradient to read.
  func update(
    with gradients: Gradients, _ change: (Slot, inout MutableSpan<Float>, Span<Float>) -> Void
  ) {
    for slot in slots {
      guard let gradient = gradients[slot.parameter] else { continue }
      slot.parameter.update { weights in gradient.withSpan { change(slot, &weights, $0) } }
    }
  }
}

/// One buffer for each slot of an arena: a piece of an optimiser's state.
struct SlotBuffers {
  private let name: String
  private let names: [String]
  private let buffers: [Buffer]

  /// Numbers of the parameters' shapes, all of them `value`; none at all where the optimiser does not keep
  /// this piece.
  init(_ name: String, _ arena: ParameterArena, repeating value: Float = 0, isKept: Bool = true) {
    self.init(name, isKept ? arena.slots : []) { Buffer(Tensor(repeating: value, shape: $0.parameter.shape)) }
  }

  /// A count of steps for each parameter.
  init(counting name: String, _ arena: ParameterArena, isKept: Bool = true) {
    self.init(name, isKept ? arena.slots : []) { _ in Buffer(0) }
  }

  /// What `make` gives for each slot.
  init(_ name: String, _ slots: [ParameterArena.Slot], _ make: (ParameterArena.Slot) -> Buffer) {
    self.name = name
    names = slots.map(\.name)
    buffers = slots.map(make)
  }

  /// The buffer of a slot.
  subscript(slot: ParameterArena.Slot) -> Buffer { buffers[slot.index] }

  /// The numbers of a slot, to be written in place; empty where none are kept.
  func memory(_ slot: ParameterArena.Slot) -> UnsafeMutableBufferPointer<Float> {
    buffers.isEmpty ? UnsafeMutableBufferPointer(start: nil, count: 0) : buffers[slot.index].memory
  }

  /// Counts a step of a slot, from 1.
  func next(_ slot: ParameterArena.Slot) -> Int {
    let count = buffers[slot.index].integer + 1
    buffers[slot.index].contents = .integer(count)
    return Int(count)
  }

  /// `exp_avg.fc1.weight` and its like.
  var state: [(name: String, buffer: Buffer)] { zip(names, buffers).map { ("\(name).\($0)", $1) } }
}

extension Buffer {
  /// The numbers, to be written in place: only for who owns the buffer, and while it lives.
  var memory: UnsafeMutableBufferPointer<Float> {
    guard case .tensor(let tensor) = contents else { trap("this buffer holds a whole number") }
    return UnsafeMutableBufferPointer(start: tensor.storage.start + tensor.offset, count: tensor.count)
  }
}
