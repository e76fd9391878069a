import Kernels
import Utils

/// A network or a part of one: a final class whose stored properties are its layers, parameters and buffers.
///
/// Nothing is registered: `state()` finds everything by walking the properties, and their names are the state names.
public protocol Module: AnyObject {}

/// A module that turns one tensor into another.
public protocol Layer: Module {
  /// The output for `x`.
  func callAsFunction(_ x: Tensor) -> Tensor
}

/// Numbers that are learnt.
///
/// Only an optimiser, a training rule or a checkpoint writes them.
public final class Parameter: @unchecked Sendable {
  private var contents: Tensor
  /// A frozen parameter takes part in the forward pass and gets no gradient.
  ///
  /// That of a layer with a low-rank adapter stays frozen: setting it to false traps, and `unfreeze` passes it over.
  public var isFrozen = false {
    didSet { require(isFrozen || !isBase, "a layer with a low-rank adapter stays frozen") }
  }
  /// Whether it belongs to a layer with a low-rank adapter.
  private(set) var isBase = false

  /// A parameter that starts as a copy of `value`.
  public init(_ value: Tensor) {
    contents = value.copied()
    contents.storage.packed = PackedWeights()
  }

  /// The numbers; while a loss is recorded, with their place on its tape.
  public var value: Tensor {
    guard !isFrozen, let tape = ForwardContext.current.tape else { return contents }
    return Tensor(
      shape: contents.shape, storage: contents.storage, offset: contents.offset, place: tape.leaf(of: self))
  }

  /// Freezes the parameter for good: an adapter stands beside it.
  func becomeBase() { (isBase, isFrozen) = (true, true) }

  /// Replaces the numbers, in the memory that they have; traps when the shape changes.
  public func set(_ value: Tensor) {
    require(
      value.shape == contents.shape, "a parameter of shape \(contents.shape) cannot become \(value.shape)")
    let value = value.arranged(in: .rowMajor)
    contents.storage.packed?.forget()
    (contents.storage.start + contents.offset).update(
      from: value.storage.start + value.offset, count: contents.count)
  }

  /// Sizes of the dimensions.
  public var shape: Shape { contents.shape }

  /// Writes the numbers in place.
  ///
  /// Whoever holds the memory sees the change: for optimisers and training rules only.
  public func update(_ body: (inout MutableSpan<Float>) throws -> Void) rethrows {
    contents.storage.packed?.forget()
    var span = UnsafeMutableBufferPointer(
      start: contents.storage.start + contents.offset, count: contents.count
    ).mutableSpan
    try body(&span)
  }

  /// Trades the numbers, and the memory they lie in, with those of a buffer; doing it again undoes it.
  func trade(with buffer: Buffer) {
    let other = buffer.tensor
    require(other.shape == shape, "a parameter of shape \(shape) cannot trade with \(other.shape)")
    buffer.contents = .tensor(contents)
    contents = other
  }

  /// Moves the numbers into a piece of `storage`, from `offset` on, and keeps them there.
  func move(into storage: Storage, at offset: Int) {
    contents.withSpan { numbers in for i in 0..<numbers.count { storage.start[offset + i] = numbers[i] } }
    if storage.packed == nil { storage.packed = PackedWeights() }
    contents = Tensor(shape: contents.shape, storage: storage, offset: offset)
  }
}

/// State that is kept and saved but not learnt: running statistics, a pocket copy, a count.
public final class Buffer: @unchecked Sendable {
  /// What a buffer holds.
  public enum Contents: Sendable {
    case tensor(Tensor)
    case integer(Int64)
  }

  /// The present contents.
  public var contents: Contents

  /// A buffer of numbers, copied: those of a parameter would change with it.
  public init(_ value: Tensor) { contents = .tensor(value.copied()) }

  /// A buffer of one whole number, such as PyTorch's `num_batches_tracked`.
  public init(_ value: Int64) { contents = .integer(value) }

  /// The numbers; traps when the buffer holds a whole number.
  public var tensor: Tensor {
    get {
      guard case .tensor(let tensor) = contents else {
        trap("this buffer holds a whole number")
      }
      return tensor
    }
    set { contents = .tensor(newValue.copied()) }
  }

  /// The whole number; traps when the buffer holds a tensor.
  public var integer: Int64 {
    guard case .integer(let integer) = contents else { trap("this buffer holds a tensor") }
    return integer
  }
}

/// One named piece of a module's state.
public enum StateItem {
  case parameter(Parameter)
  case buffer(Buffer)
}

extension Module {
  /// Every parameter and buffer with its name, in the order of the properties: `layer1.0.conv1.weight`.
  ///
  /// A property's label is a part of the name, an array's position too; optionals that are nil are passed over.
  public func state() -> [(name: String, item: StateItem)] {
    var found: [(name: String, item: StateItem)] = []
    collect(self, "", &found)
    return found
  }

  /// Every parameter with its name.
  public func parameters() -> [(name: String, parameter: Parameter)] {
    state().compactMap { if case .parameter(let parameter) = $0.item { ($0.name, parameter) } else { nil } }
  }

  /// How many learnt numbers there are.
  public var parameterCount: Int { parameters().reduce(0) { $0 + $1.parameter.shape.elementCount } }
}

private func collect(_ value: Any, _ name: String, _ found: inout [(name: String, item: StateItem)]) {
  if let parameter = value as? Parameter { return found.append((name, .parameter(parameter))) }
  if let buffer = value as? Buffer { return found.append((name, .buffer(buffer))) }
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional:
    if let wrapped = mirror.children.first?.value { collect(wrapped, name, &found) }
  case .collection:
    for (position, child) in mirror.children.enumerated() {
      collect(child.value, joined(name, "\(position)"), &found)
    }
  case .class where value is any Module:
    for child in mirror.children { collect(child.value, joined(name, child.label ?? ""), &found) }
  default: return
  }
}

private func joined(_ name: String, _ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
