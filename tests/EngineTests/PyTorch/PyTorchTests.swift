import Engine
import Testing
import Utils

@Suite("PyTorch fixtures")
struct PyTorchTests {
  @Test("values, gradients and trajectories are PyTorch's")
  func fixtures() throws {
    var (covered, passed, notYet) = (0, 0, [String]())
    let cases = try ["ops", "loss", "optim", "norm", "conv"].flatMap { file in
      try TorchCase.all(file).map { (file, $0) }
    }
    for (file, torch) in cases {
      guard let complaints = try Self.complaints(about: torch, of: file) else {
        notYet.append(torch.name)
        continue
      }
      covered += 1
      passed += complaints.isEmpty ? 1 : 0
      for complaint in complaints { Issue.record("\(torch): \(complaint)") }
    }
    print("PyTorch fixtures: \(covered) cases, \(passed) passed")
    print("PyTorch fixtures: \(notYet.count) cases not covered yet: \(notYet.joined(separator: ", "))")
    #expect(covered > 0, "no case in \(TorchCase.folder.path) is one of ours")
  }

  /// What differs from PyTorch; nil when we have no such op yet.
  static func complaints(about torch: TorchCase, of file: String) throws -> [String]? {
    switch file {
    case "norm": return try TorchNorms.complaints(about: torch)
    case "conv": return try TorchConvolutions.complaints(about: torch)
    default: break
    }
    if let complaints = try TorchOptimizers.complaints(about: torch) { return complaints }
    switch torch.name {
    case "argmax":
      let dimension = torch.attributes["dim"]?.int ?? 0
      let ours = try torch.input("x").argmax(over: dimension)
      return ours.elements.map(Int64.init) == (try torch.file.int64s("argmax.out.0")) ? [] : ["other indices"]
    default:
      guard let (names, compute) = try TorchOps.compute(torch) else { return nil }
      return try differences(torch, names, compute)
    }
  }

  private static func differences(
    _ torch: TorchCase, _ names: [String], _ compute: ([Tensor]) -> Tensor
  ) throws -> [String] {
    let output = try #require(torch.fields["outputs"]?.array?.first)
    let upstream = try output["grad"]?.string.map { try torch.tensor($0) }
    let expected = try torch.tensor(output["tensor"]?.string ?? "an output of \(torch)")
    let (value, gradients) = valueAndGradients(
      at: try names.map { try torch.input($0) }, upstream: upstream, compute)
    var complaints: [String] = []
    if value.shape != expected.shape {
      complaints.append("shape \(value.shape) instead of \(expected.shape)")
    }
    if !isClose(value.elements, expected.elements, torch.tolerance) {
      complaints.append("\(value) instead of \(expected)")
    }
    for (name, ours) in zip(names, gradients) {
      guard let gradient = torch.fields["inputs"]?[name]?["grad"]?.string else { continue }
      let theirs = try torch.tensor(gradient)
      if ours?.shape != theirs.shape || !isClose(ours?.elements ?? [], theirs.elements, torch.tolerance) {
        complaints.append("gradient by \(name) \(ours?.description ?? "missing") instead of \(theirs)")
      }
    }
    return complaints
  }
}
