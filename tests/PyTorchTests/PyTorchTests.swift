import Engine
import Testing
import Utils

@Suite("PyTorch fixtures")
struct PyTorchTests {
  @Test("values, gradients and trajectories are PyTorch's")
  func fixtures() throws {
    var (count, passed) = (0, 0)
    for file in ["ops", "loss", "optim", "norm", "conv", "sequence"] {
      for torch in try TorchCase.all(file) {
        let complaints = try Self.complaints(about: torch, of: file) ?? ["this case is not known"]
        count += 1
        passed += complaints.isEmpty ? 1 : 0
        for complaint in complaints { Issue.record("\(torch) of \(file): \(complaint)") }
      }
    }
    for model in try TorchModel.all() {
      let complaints = model.complaints() ?? ["this architecture is not known"]
      count += 1
      passed += complaints.isEmpty ? 1 : 0
      for complaint in complaints.prefix(10) { Issue.record("\(model): \(complaint)") }
    }
    print("PyTorch fixtures: \(count) cases, \(passed) passed")
    #expect(count > 0, "there is no case in \(TorchCase.folder.path)")
  }

  /// What differs from PyTorch; nil where we do not know the case.
  private static func complaints(about torch: TorchCase, of file: String) throws -> [String]? {
    switch file {
    case "optim": try TorchOptimizers.complaints(about: torch)
    case "norm": try TorchNorms.complaints(about: torch)
    case "conv": try TorchConvolutions.complaints(about: torch)
    case "sequence": try TorchSequences.complaints(about: torch)
    default: try (TorchOps.answer(torch) ?? TorchLosses.answer(torch))?.complaints(about: torch)
    }
  }
}
