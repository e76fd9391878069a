import Engine
import Utils

/// How patterns become weights.
public enum LearningRule: String, CaseIterable, Sendable {
  /// Units that are alike get closer, in one look at each pattern: Hebb 1949, Hopfield 1982.
  case hebb
  /// Hebb's rule less what the network expects already: Storkey 1997.
  case storkey
  /// The projection on the patterns: Personnaz, Guyon and Dreyfus 1986.
  case pseudoinverse

  /// The weights [D, D], symmetric and 0 on the diagonal, for `patterns` [P, D] of -1 and 1.
  ///
  /// Throws a `LabError` where the singular values of the patterns cannot be found.
  public func weights(_ patterns: Tensor) throws -> Tensor {
    switch self {
    case .hebb: hebbian(patterns)
    case .storkey: storkeys(patterns)
    case .pseudoinverse: try projection(patterns)
    }
  }
}

/// W = XT X / D without its diagonal: w_ij is how often units i and j agree, less how often they differ.
private func hebbian(_ patterns: Tensor) -> Tensor {
  withoutDiagonal(matmul(patterns.transposed(), patterns) / Float(patterns.shape[1]))
}

/// Pattern by pattern, w_ij += (x_i x_j - x_i h_ji - h_ij x_j) / D with h_ij = sum of w_ik x_k over k other than i and j.
///
/// A. Storkey, "Increasing the capacity of a Hopfield network without sacrificing functionality", ICANN 1997, eq. 2. Like
/// Hebb's rule it is local and takes one look at each pattern.
private func storkeys(_ patterns: Tensor) -> Tensor {
  let (count, width) = (patterns.shape[0], patterns.shape[1])
  let rows = patterns.elements
  var fields = [Float](repeating: 0, count: width)
  return Tensor(shape: [width, width]) { weights in
    for i in 0..<width * width { weights[i] = 0 }
    for pattern in 0..<count {
      let x = Array(rows[pattern * width..<(pattern + 1) * width])
      for i in 0..<width {
        var sum: Float = 0
        for k in 0..<width { sum += weights[i * width + k] * x[k] }
        fields[i] = sum
      }
      for i in 0..<width {
        for j in 0..<width where j != i {
          let w = weights[i * width + j]
          let expected = x[i] * (fields[j] - w * x[i]) + x[j] * (fields[i] - w * x[j])
          weights[i * width + j] = w + (x[i] * x[j] - expected) / Float(width)
        }
      }
    }
  }
}

/// W = X+ X without its diagonal: what lies in the patterns' span stays, the rest vanishes. X+ is the pseudo-inverse.
///
/// L. Personnaz, I. Guyon, G. Dreyfus, "Collective computational properties of neural networks: New learning mechanisms",
/// Physical Review A 34(5), 1986, eq. 12. Departure: the diagonal is 0, which enlarges the basins (Kanter and Sompolinsky
/// 1987).
private func projection(_ patterns: Tensor) throws -> Tensor {
  let w = matmul(try pseudoinverse(patterns), patterns)
  // rounding must not break the symmetry on which the energy stands
  return withoutDiagonal((w + w.transposed()) / 2)
}

private func withoutDiagonal(_ square: Tensor) -> Tensor {
  let width = square.shape[0]
  return Tensor(shape: square.shape) { target in
    square.withSpan { source in
      for i in 0..<source.count { target[i] = i % (width + 1) == 0 ? 0 : source[i] }
    }
  }
}

/// Stores the patterns of a batch: a sample's class is its pattern's number. One step is all there is to learn.
final class Storing: TrainingRule {
  private let memory: any AssociativeMemory

  init(_ memory: any AssociativeMemory) { self.memory = memory }

  /// Puts the samples among the patterns and stores them all; reports nothing.
  func step(_ batch: Batch) throws -> StepResult {
    let width = memory.patterns.tensor.shape[1]
    var patterns = memory.patterns.tensor.elements
    let states = signs(batch.inputs).elements
    for (n, label) in batch.labels.elements.enumerated() {
      let place = Int(label) * width
      patterns.replaceSubrange(place..<place + width, with: states[n * width..<(n + 1) * width])
    }
    memory.patterns.tensor = Tensor(patterns, shape: memory.patterns.tensor.shape)
    try memory.store()
    return StepResult(count: batch.count)
  }

  /// Stops after the first epoch.
  func verdict(after epoch: EpochReport) -> Verdict {
    .stop(reason: "the patterns are stored", converged: true)
  }
}
