import Utils

/// Watches one forward pass: which module gives which shape, and how much each multiplies.
///
/// An operation belongs to the module whose parameter it reads, one that reads none to the module before it. A `Sequential`
/// tells the output of each of its layers and its own. Any other module's output is what its last operation with a
/// parameter gave, or a concatenation after that: what else may follow (pooling, flattening) is its caller's.
final class SummaryObserver: PassObserver {
  private let tree: ModuleTree
  private var last = 0
  private var told: Set<Int> = []
  /// By the places of the modules: products of their own, and the shape that they gave; nil where nobody knows.
  private(set) var multiplyAdds: [Int]
  private(set) var outputs: [Shape?]

  init(_ tree: ModuleTree) {
    self.tree = tree
    multiplyAdds = [Int](repeating: 0, count: tree.nodes.count)
    outputs = [Shape?](repeating: nil, count: tree.nodes.count)
  }

  func ran(_ event: ForwardEvent) {
    let operation = ProfiledOperation(event)
    let owner = event.inputs.lazy.compactMap(tree.owner).first
    if let owner { last = owner }
    multiplyAdds[last] += operation.multiplyAdds ?? 0
    guard owner != nil || operation.name == "concatenate" else { return }
    for place in tree.lineage(of: last).dropFirst(owner == nil ? 1 : 0) where !told.contains(place) {
      outputs[place] = operation.output
    }
  }

  func called(_ layer: any Module, output: Tensor) {
    guard let place = tree.places[ObjectIdentifier(layer)] else { return }
    outputs[place] = output.shape
    told.insert(place)
  }

  func stepBegins(at position: StepPosition) {}
  func stepEnded(with error: (any Error)?) {}
  func passBegins() {}
  func backwardBegins() {}
  func pullbackBegins() {}
  func pulledBack(_ event: BackwardEvent) {}
  func passEnded() {}
}
