import Foundation

extension LossKernels {
  /// loss = log sum exp(x) - x[label], gradient = softmax(x) - (1 at the label).
  ///
  /// Row by row, for a row is still in the cache when its next pass begins: the largest logit, the exponentials and their
  /// sum, the loss, the gradient. K exponentials and about 4 K further operations a row; the exponentials serve both.
  public func crossEntropy(
    _ logits: Span<Float>, labels: Span<Int32>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>,
    classes: Int
  ) {
    for n in 0..<labels.count {
      let row = n * classes
      var largest = -Float.infinity
      for k in 0..<classes { largest = max(largest, logits[row + k]) }
      var sum: Float = 0
      for k in 0..<classes {
        gradient[row + k] = exp(logits[row + k] - largest)
        sum += gradient[row + k]
      }
      let label = Int(labels[n])
      losses[n] = log(sum) - (logits[row + label] - largest)  // never largest + log(sum): it would drown
      for k in 0..<classes { gradient[row + k] = gradient[row + k] / sum - (k == label ? 1 : 0) }
    }
  }

  /// loss = max(x, 0) - x t + log(1 + exp(-|x|)), gradient = sigmoid(x) - t.
  ///
  /// This is -t log(s) - (1 - t) log(1 - s) with s = sigmoid(x), in the form in which no exponential can overflow. One pass
  /// in order of memory; two exponentials and a logarithm an element.
  public func binaryCrossEntropy(
    _ logits: Span<Float>, targets: Span<Float>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>
  ) {
    for i in 0..<logits.count {
      let (x, t) = (logits[i], targets[i])
      losses[i] = max(x, 0) - x * t + log1p(exp(-abs(x)))
      gradient[i] = UnaryFunction.sigmoid(x) - t
    }
  }

  /// The limits are PyTorch's: a loss of at most 100 and a finite gradient where p is 0 or 1.
  public func binaryCrossEntropy(
    probabilities: Span<Float>, targets: Span<Float>, losses: inout MutableSpan<Float>,
    gradient: inout MutableSpan<Float>
  ) {
    for i in 0..<probabilities.count {
      let (p, t) = (probabilities[i], targets[i])
      let (yes, no) = (log(p), log1p(-p))
      losses[i] = -(t * (yes < -100 ? -100 : yes) + (1 - t) * (no < -100 ? -100 : no))
      let divisor = p * (1 - p)
      gradient[i] = (p - t) / (divisor < 1e-12 ? 1e-12 : divisor)
    }
  }
}
