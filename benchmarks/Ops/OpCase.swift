import Engine
import Utils

/// An operation that is timed alone, forward and backward.
struct OpCase: Sendable {
  /// What one pass does.
  struct Pass {
    /// The result; recorded or not, as the caller arranges.
    let forward: () -> Tensor
    /// The result and all gradients; nil where there are none.
    let both: (() -> [Tensor])?
  }

  /// The operation's name in the engine.
  let name: String
  /// The sizes, for the table.
  let size: String
  /// What the time is compared with: bytes that have to be read or written once, or operations; forward and backward.
  let work: (unit: WorkUnit, forward: Double, backward: Double)
  /// Makes the operands.
  let prepare: @Sendable (inout RandomStream) -> Pass

  /// What limits an operation.
  enum WorkUnit: String, Sendable { case bytes = "GB/s", operations = "GFLOP/s" }

  /// Name and size: what a row is called.
  var label: String { "\(name) \(size)" }

  /// The rows that `names`, separated by commas, stand for; throws when one is not known.
  static func named(_ names: String) throws -> [OpCase] {
    if names == "all" { return all }
    return try names.split(separator: ",").flatMap { name in
      let found = all.filter { $0.name == name }
      guard found.isEmpty else { return found }
      var known: [String] = []
      for op in all where !known.contains(op.name) { known.append(op.name) }
      let near = nearestName(to: String(name), in: known).map { "did you mean \($0)? " } ?? ""
      throw LabError(
        .usage, "--op \(name) is not known",
        remedy: near + "the operations are all, \(known.joined(separator: ", "))")
    }
  }
}

extension OpCase {
  /// An operation on tensors of these shapes, normally distributed and differentiated by all of them.
  ///
  /// - Parameters:
  ///   - forward: how many numbers the forward pass has to read and write.
  ///   - backward: how many the backward pass.
  static func memory(
    _ name: String, _ shapes: Shape..., forward: Int, backward: Int,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> OpCase {
    OpCase(
      name: name, size: shapes[0].description,
      work: (.bytes, 4 * Double(forward), 4 * Double(backward)),
      prepare: { random in pass(shapes, &random, function) })
  }

  /// The same of an operation that is limited by arithmetic; its backward pass takes twice the forward one's.
  static func arithmetic(
    _ name: String, _ shapes: Shape..., operations: Int,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> OpCase {
    OpCase(
      name: name, size: shapes.map(\.description).joined(separator: " "),
      work: (.operations, Double(operations), 2 * Double(operations)),
      prepare: { random in pass(shapes, &random, function) })
  }

  /// A change of memory in place, such as an optimiser's.
  static func update(
    _ name: String, count: Int, numbers: Int,
    _ optimizer: @escaping @Sendable ([(name: String, parameter: Parameter)]) -> any Optimizer
  ) -> OpCase {
    OpCase(
      name: name, size: "[\(count)]", work: (.bytes, 4 * Double(numbers) * Double(count), 0),
      prepare: { random in
        let weight = Parameter(.normal(shape: [count], using: &random))
        let direction = Tensor.normal(shape: [count], using: &random)
        let optimizer = optimizer([("weight", weight)])
        let (_, gradients) = valueAndGradients { (weight.value * direction).sum() }
        return Pass(
          forward: {
            optimizer.update(with: gradients)
            return weight.value
          }, both: nil)
      })
  }

  private static func pass(
    _ shapes: [Shape], _ random: inout RandomStream, _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> Pass {
    let inputs = shapes.map { Tensor.normal(shape: $0, using: &random) }
    let upstream = Tensor.normal(shape: function(inputs).shape, using: &random)
    return Pass(
      forward: { function(inputs) },
      both: {
        let (_, gradients) = valueAndGradients(at: inputs, upstream: upstream, function)
        return gradients.compactMap { $0 }
      })
  }
}
