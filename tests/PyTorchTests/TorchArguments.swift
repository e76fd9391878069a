import Engine
import Utils

/// What PyTorch computed, against what we compute with parameters in the place of its tensors.
extension TorchCase {
  /// What differs when `compute` makes the first output from the case's inputs.
  func differences(_ compute: ([String: Tensor]) -> Tensor) throws -> [String] {
    let inputs = try parameters(in: "inputs")
    return try differences(inputs) { compute(inputs.mapValues(\.value)) }
  }

  /// What differs when `layer`, after it was given the case's parameters by their state names, computes from x.
  ///
  /// Its buffers are compared with `extra` afterwards; `loadingBuffers` also gives them those values before.
  func differences(of layer: any Layer, loadingBuffers: Bool = false) throws -> [String] {
    let given = try parameters(in: "params")
    var complaints: [String] = []
    if Set(given.keys) != Set(layer.parameters().map(\.name)) {
      complaints.append("parameters \(layer.parameters().map(\.name)) instead of \(given.keys.sorted())")
    }
    for (name, parameter) in layer.parameters() { given[name].map { parameter.set($0.value) } }
    let buffers = layer.state().compactMap { name, item in
      if case .buffer(let buffer) = item { (name, buffer) } else { nil }
    }
    let extra = fields["extra"]?.object ?? [:]
    for (name, buffer) in buffers where loadingBuffers {
      if let tensor = extra[name]?.string { buffer.tensor = try self.tensor(tensor) }
    }
    let inputs = try parameters(in: "inputs")
    guard let x = inputs["x"] else { return complaints + ["there is no input x"] }
    let learnt = Dictionary(uniqueKeysWithValues: layer.parameters().map { ($0.name, $0.parameter) })
    complaints += try differences(inputs.merging(learnt) { x, _ in x }) { layer(x.value) }
    for (name, tensor) in extra {
      guard let ours = buffers.first(where: { $0.0 == name })?.1.tensor else {
        complaints.append("no buffer \(name)")
        continue
      }
      let theirs = try self.tensor(tensor.string ?? name)
      if !isClose(ours.elements, theirs.elements, tolerance) {
        complaints.append("\(name) \(ours) instead of \(theirs)")
      }
    }
    return complaints
  }

  /// The numbers for every direction that an attribute gives, as one or as a list.
  func sizes(_ attribute: String) -> (any PerDirection)? {
    if let size = attributes[attribute]?.int { return size }
    return attributes[attribute]?.array.map { $0.compactMap(\.int) }
  }

  /// A number among the attributes, as PyTorch's default where the case does not say.
  func number(_ attribute: String, default standard: Float) -> Float {
    attributes[attribute]?.double.map { Float($0) } ?? standard
  }

  private func parameters(in group: String) throws -> [String: Parameter] {
    try (fields[group]?.object ?? [:]).mapValues { Parameter(try tensor($0["tensor"]?.string ?? "\(name)")) }
  }

  /// Output and gradients: `compute` uses the values of `parameters`, which are named as in the case.
  private func differences(_ parameters: [String: Parameter], _ compute: () -> Tensor) throws -> [String] {
    guard let output = fields["outputs"]?.array?.first else { return ["there is no output"] }
    let expected = try tensor(output["tensor"]?.string ?? "an output of \(name)")
    var complaints: [String] = []
    let upstream = try output["grad"]?.string.map { try tensor($0) }
    var found = expected
    let (_, gradients) = valueAndGradients {
      found = compute()
      guard let upstream, upstream.shape == found.shape else { return found.sum() }
      return (found * upstream).sum()
    }
    if found.shape != expected.shape {
      complaints.append("shape \(found.shape) instead of \(expected.shape)")
    } else if !isClose(found.elements, expected.elements, tolerance) {
      complaints.append("\(found) instead of \(expected)")
    }
    for group in ["inputs", "params"] {
      for (name, entry) in fields[group]?.object ?? [:] {
        guard let gradient = entry["grad"]?.string else { continue }
        let (ours, theirs) = (parameters[name].flatMap { gradients[$0] }, try tensor(gradient))
        if ours?.shape != theirs.shape || !isClose(ours?.elements ?? [], theirs.elements, tolerance) {
          complaints.append("gradient by \(name) \(ours?.description ?? "missing") instead of \(theirs)")
        }
      }
    }
    return complaints
  }
}
