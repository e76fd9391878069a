import Foundation

extension Activation {
  /// f(x) of one number.
  func value(_ x: Float) -> Float {
    switch self {
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Foundation.tanh(x)
    case .relu: max(0, x)
    case .leakyRelu: x > 0 ? x : x / 100
    }
  }

  /// f'(x), where `y` is f(x): for the two curves it follows from the output alone.
  func slope(_ x: Float, _ y: Float) -> Float {
    switch self {
    case .sigmoid: y * (1 - y)
    case .tanh: 1 - y * y
    case .relu: x > 0 ? 1 : 0
    case .leakyRelu: x > 0 ? 1 : 0.01
    }
  }
}

extension Backpropagation.Goal {
  /// The loss of one sample with the outputs y = sigmoid(s) and the targets t, all [K].
  func loss(_ y: [Float], _ t: [Float], _ s: [Float]) -> Float {
    switch self {
    case .squaredError: zip(y, t).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2
    // -t log y - (1 - t) log(1 - y), written so that it does not overflow
    case .crossEntropy: zip(s, t).reduce(0) { $0 + max($1.0, 0) - $1.0 * $1.1 + log1p(exp(-abs($1.0))) }
    }
  }

  /// The derivative of the loss by the sum s before the logistic function.
  func slope(_ y: Float, _ t: Float) -> Float {
    switch self {
    case .squaredError: (y - t) * y * (1 - y)
    case .crossEntropy: y - t
    }
  }

  /// Whether the largest score, or the sign of the only one, tells the class.
  func isRight(_ s: [Float], _ label: Int32) -> Bool {
    if s.count == 1 { return (s[0] >= 0) == (label == 1) }
    return s.firstIndex(of: s.max() ?? 0) == Int(label)
  }
}
