import Engine
import Foundation
import Testing
import Utils

@Suite("PyTorch fixtures")
struct PyTorchTests {
  @Test("values, gradients and trajectories are PyTorch's")
  func fixtures() throws {
    var (covered, passed, notYet) = (0, 0, [String]())
    // a case of these files that we do not know is a failure
    let complete = try TorchCase.all("ops") + TorchCase.all("loss")
    let begun = try TorchCase.all("optim")
    for (place, torch) in (complete + begun).enumerated() {
      guard let complaints = try Self.complaints(about: torch) else {
        if place < complete.count { Issue.record("\(torch): this case is not known") }
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
  static func complaints(about torch: TorchCase) throws -> [String]? {
    switch torch.name {
    case let name where name == "sgd" || name.hasPrefix("sgd."): return try trajectory(torch)
    default:
      let answer = try TorchOps.answer(torch) ?? TorchLosses.answer(torch)
      return try answer?.complaints(about: torch)
    }
  }

  /// Minimises the fixtures' objective, sum((A w)^2)/3 + sum((b - 1)^2) + sin(sum(colsum(w) b)), with SGD.
  private static func trajectory(_ torch: TorchCase) throws -> [String] {
    let a = try torch.tensor("\(torch).A")
    let w = Parameter(try torch.tensor("\(torch).w0"))
    let b = Parameter(try torch.tensor("\(torch).b0"))
    func factor(_ name: String) -> Float { Float(torch.attributes[name]?.double ?? 0) }
    let sgd = SGD(
      [("w", w), ("b", b)], learningRate: factor("lr"), momentum: factor("momentum"),
      dampening: factor("dampening"),
      weightDecay: factor("weight_decay"), nesterov: torch.attributes["nesterov"]?.bool ?? false)
    var complaints: [String] = []
    let losses = torch.fields["losses"]?.array?.compactMap(\.double) ?? []
    let rates = torch.fields["lrs"]?.array?.compactMap(\.double) ?? []
    #expect(losses.count == torch.fields["steps"]?.int && rates.count == losses.count && !losses.isEmpty)
    for (step, (loss, rate)) in zip(losses, rates).enumerated() {
      sgd.learningRate = Float(rate)
      let (value, gradients) = valueAndGradients {
        let angle = (w.value.sum(over: 0) * b.value).sum()
        return square(matmul(a, w.value)).sum() / 3 + square(b.value - 1).sum() + sin(angle)
      }
      sgd.update(with: gradients)
      if !isClose([value.scalar], [Float(loss)], torch.tolerance) {
        complaints.append("loss \(value.scalar) instead of \(loss) in step \(step + 1)")
      }
    }
    for (name, ours) in [("w", w), ("b", b)] {
      let theirs = try torch.tensor("\(torch).\(name)")
      if !isClose(ours.value.elements, theirs.elements, torch.tolerance) {
        complaints.append("\(name) \(ours.value) instead of \(theirs)")
      }
    }
    return complaints
  }
}
