/// What one step of stochastic gradient descent needs to know.
public struct SGDStep: Equatable, Sendable {
  /// Learning rate, momentum, its dampening and the L2 penalty's factor.
  public let learningRate, momentum, dampening, weightDecay: Float
  /// Look ahead along the velocity (Nesterov 1983).
  public let nesterov: Bool
  /// The velocity holds nothing yet: it starts as the gradient itself, not dampened.
  public let isFirst: Bool

  /// One step with these factors.
  public init(
    learningRate: Float, momentum: Float, dampening: Float, weightDecay: Float, nesterov: Bool, isFirst: Bool
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.isFirst = isFirst
  }
}

/// What one step of Adam and its relatives needs to know; they differ only in these factors.
public struct AdamStep: Equatable, Sendable {
  /// The shares of the old averages that stay: of the gradient and of its square.
  public let beta1, beta2: Float
  /// 1 - beta1 and 1 - beta2, rounded after the subtraction: single precision would leave few digits of 1 -
  /// 0.999.
  public let share1, share2: Float
  /// What the average gradient, and this step's own, are multiplied by: the rate with its bias corrections.
  public let averageRate, gradientRate: Float
  /// The factor of the root in the denominator, which holds its bias correction, and what is added to it.
  public let rootFactor, epsilon: Float
  /// The factor of the L2 penalty, which joins the gradient, and the share of the weight that decays apart
  /// from it.
  public let penalty, decay: Float

  /// One step with these factors.
  public init(
    beta1: Double, beta2: Double, averageRate: Double, gradientRate: Double = 0, rootFactor: Double,
    epsilon: Float, penalty: Float = 0, decay: Float = 0
  ) {
    self.beta1 = Float(beta1)
    self.beta2 = Float(beta2)
    share1 = Float(1 - beta1)
    share2 = Float(1 - beta2)
    self.averageRate = Float(averageRate)
    self.gradientRate = Float(gradientRate)
    self.rootFactor = Float(rootFactor)
    self.epsilon = epsilon
    self.penalty = penalty
    self.decay = decay
  }
}

/// What one step of RMSprop needs to know.
public struct RMSpropStep: Equatable, Sendable {
  /// Learning rate, the share of the old averages that stays, what is added to the root, momentum, L2
  /// penalty.
  public let learningRate, smoothing, epsilon, momentum, weightDecay: Float

  /// One step with these factors.
  public init(
    learningRate: Float, smoothing: Float, epsilon: Float, momentum: Float, weightDecay: Float
  ) {
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
  }
}

/// What one step of Adagrad needs to know.
public struct AdagradStep: Equatable, Sendable {
  /// Learning rate, what is added to the root, and the L2 penalty's factor.
  public let learningRate, epsilon, weightDecay: Float

  /// One step with these factors.
  public init(learningRate: Float, epsilon: Float, weightDecay: Float) {
    self.learningRate = learningRate
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}

/// What one step of Adadelta needs to know.
public struct AdadeltaStep: Equatable, Sendable {
  /// Learning rate, the share of the old averages that stays, what is added under the roots, and the L2
  /// penalty's factor.
  public let learningRate, smoothing, epsilon, weightDecay: Float

  /// One step with these factors.
  public init(learningRate: Float, smoothing: Float, epsilon: Float, weightDecay: Float) {
    self.learningRate = learningRate
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}
