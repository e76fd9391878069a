/// A rule that turns gradients into new parameters.
public protocol Optimizer: AnyObject {
  /// The factor of the next step; a schedule writes it.
  var learningRate: Float { get set }

  /// Changes every parameter that has a gradient. One that has none, frozen or not used, stays as it is.
  func update(with gradients: Gradients)

  /// What it keeps between steps, by name, for a checkpoint.
  func state() -> [(name: String, buffer: Buffer)]
}

/// The parameters of a model in one block of memory, so that an update walks it once.
final class ParameterArena {
  let parameters: [(name: String, parameter: Parameter)]

  /// Moves `parameters` next to each other; a parameter that occurs twice (tied weights) is kept once.
  init(packing parameters: [(name: String, parameter: Parameter)]) {
    var seen = Set<ObjectIdentifier>()
    self.parameters = parameters.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
    // each starts on a cache line
    let sizes = self.parameters.map { ($0.parameter.shape.elementCount + 15) / 16 * 16 }
    let storage = Storage(uninitialized: sizes.reduce(0, +))
    var offset = 0
    for ((_, parameter), size) in zip(self.parameters, sizes) {
      parameter.move(into: storage, at: offset)
      offset += size
    }
  }
}
