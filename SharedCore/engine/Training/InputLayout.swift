import Utils

/// The inputs of a sample for a network that has several, one after the other in one row of numbers.
///
/// Data sets, loaders, checkpoints and training rules carry one tensor [N, F] a batch and need not know what it is made of; the
/// network takes it apart.
public struct InputLayout: Equatable, Sendable {
  /// One of the inputs.
  public struct Part: Equatable, Sendable {
    /// What it is called: `frame1`.
    public let name: String
    /// Its shape, without the batch.
    public let shape: Shape
  }

  /// The inputs in their order.
  public let parts: [Part]

  /// Inputs with their names and shapes; traps when two share a name.
  public init(_ parts: KeyValuePairs<String, Shape>) {
    require(Set(parts.map(\.key)).count == parts.count, "two inputs share a name in \(parts.map(\.key))")
    self.parts = parts.map { Part(name: $0.key, shape: $0.value) }
  }

  /// F, how many numbers a sample has.
  public var width: Int { parts.reduce(0) { $0 + $1.shape.elementCount } }

  /// Where the numbers of an input stand in a sample; nil when there is none of this name.
  public func range(of name: String) -> Range<Int>? {
    var start = 0
    for part in parts {
      let end = start + part.shape.elementCount
      if part.name == name { return start..<end }
      start = end
    }
    return nil
  }

  /// The inputs of a batch [N, F], each [N] and its shape.
  ///
  /// Derivative: that of `Tensor.split`.
  public func split(_ x: Tensor) -> [Tensor] {
    require(
      x.shape.count == 2 && x.shape[1] == width,
      "inputs \(parts.map(\.name)) are [N, \(width)], got \(x.shape)")
    return zip(parts, x.split(into: parts.map(\.shape.elementCount), along: 1)).map { part, piece in
      piece.reshaped(to: Shape([x.shape[0]] + Array(part.shape)))
    }
  }

  /// A batch [N, F] of inputs, each [N] and its shape.
  public func joined(_ inputs: [Tensor]) -> Tensor {
    require(
      inputs.count == parts.count
        && zip(parts, inputs).allSatisfy { $0.shape.elementsEqual($1.shape.dropFirst()) },
      "inputs \(inputs.map(\.shape)) are not \(parts.map(\.shape)) a sample")
    return concatenate(inputs.map { $0.flattened(from: 1) }, along: 1)
  }
}

/// A network with several inputs, which stand one after the other in each row of a batch.
public protocol HasSeveralInputs: Layer {
  /// What a row is made of.
  var inputs: InputLayout { get }
  /// The output for the inputs in their order, each [N] and its shape.
  func callAsFunction(_ inputs: [Tensor]) -> Tensor
}

extension HasSeveralInputs {
  /// The output for a batch [N, F].
  public func callAsFunction(_ x: Tensor) -> Tensor { self(inputs.split(x)) }
}
