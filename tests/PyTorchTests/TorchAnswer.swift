import Engine
import Utils

/// What we compute for a case of the fixtures.
struct TorchAnswer {
  enum Output {
    case numbers(Tensor)
    case indices(IndexTensor)
  }

  /// The differentiable inputs, in the order in which `compute` gets them.
  let inputs: [String]
  let compute: ([Tensor]) -> [Output]

  init(_ inputs: [String], outputs: @escaping ([Tensor]) -> [Output]) {
    self.inputs = inputs
    compute = outputs
  }

  /// An answer of one tensor.
  init(_ inputs: [String] = ["x"], _ compute: @escaping ([Tensor]) -> Tensor) {
    self.init(inputs) { [.numbers(compute($0))] }
  }

  /// What differs from PyTorch, in outputs and gradients.
  func complaints(about torch: TorchCase) throws -> [String] {
    let expected = torch.fields["outputs"]?.array ?? []
    let upstream = try expected.map { try $0["grad"]?.string.map { try torch.tensor($0) } }
    var outputs: [Output] = []
    let (_, gradients) = valueAndGradients(at: try inputs.map { try torch.input($0) }) { leaves in
      outputs = compute(leaves)
      return zip(outputs, upstream).reduce(Tensor(0)) { objective, pair in
        guard case (.numbers(let y), let g?) = pair else { return objective }
        return objective + (y * g).sum()
      }
    }
    guard outputs.count == expected.count, !outputs.isEmpty else {
      return ["\(outputs.count) outputs instead of \(expected.count)"]
    }
    var complaints: [String] = []
    for (ours, theirs) in zip(outputs, expected) {
      let name = theirs["tensor"]?.string ?? "an output of \(torch)"
      switch ours {
      case .numbers(let y): complaints += difference("the output", y, try torch.tensor(name), torch.tolerance)
      case .indices(let places):
        let expected = try torch.file.int64s(name)
        if places.elements.map(Int64.init) != expected || Array(places.shape) != torch.file[name]?.shape {
          complaints.append("indices \(places.elements) instead of \(expected)")
        }
      }
    }
    for (name, input) in torch.fields["inputs"]?.object ?? [:] {
      guard let gradient = input["grad"]?.string else { continue }
      let ours = inputs.firstIndex(of: name).flatMap { gradients[$0] }
      complaints += difference("the gradient by \(name)", ours, try torch.tensor(gradient), torch.tolerance)
    }
    return complaints
  }

  private func difference(_ what: String, _ ours: Tensor?, _ theirs: Tensor, _ tolerance: Float) -> [String] {
    guard let ours else { return ["\(what) is missing"] }
    if ours.shape != theirs.shape { return ["\(what) has shape \(ours.shape) instead of \(theirs.shape)"] }
    return isClose(ours.elements, theirs.elements, tolerance)
      ? [] : ["\(what) is \(ours) instead of \(theirs)"]
  }
}

extension TorchCase {
  /// A number among the attributes.
  func number(_ name: String) -> Float? { attributes[name]?.double.map { Float($0) } }

  /// A whole number among the attributes; 0 when it is not there.
  func integer(_ name: String) -> Int { attributes[name]?.int ?? 0 }

  /// Whole numbers among the attributes: a list, or one number as a list of one.
  func integers(_ name: String) -> [Int]? {
    attributes[name]?.array?.compactMap(\.int) ?? attributes[name]?.int.map { [$0] }
  }

  /// A truth value among the attributes.
  func isSet(_ name: String, default value: Bool = false) -> Bool { attributes[name]?.bool ?? value }

  /// The name up to its first point, and what follows it.
  var nameParts: (op: String, variant: String) {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
  }

  /// The names of all inputs, in alphabetical order.
  var inputNames: [String] { (fields["inputs"]?.object ?? [:]).keys.sorted() }
}
