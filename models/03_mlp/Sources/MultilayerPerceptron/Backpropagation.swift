import Engine
import Runner
import Utils

/// Backpropagation written out by hand for one hidden layer: no tape, only the chain rule and loops.
///
/// Rumelhart, Hinton and Williams 1986, eq. 1 to 9. For each sample x with target t, sums a and outputs h, y:
///
///     forward   a = W x + b,  h = f(a),  s = V h + c,  y = sigmoid(s)
///     loss      E = 1/2 sum (y - t)^2
///     backward  ds = (y - t) y (1 - y)         dV += ds hT,  dc += ds
///               dh = VT ds,  da = dh f'(a)     dW += da xT,  db += da
///     update    v = momentum v + gradient,  w -= rate v
///
/// With `loss` the cross entropy of logistic outputs instead of the squared error, ds = y - t.
public final class Backpropagation: TrainingRule, ExplainsSteps {
  /// What is to become small.
  public enum Goal: String, CaseIterable, Sendable {
    case squaredError = "squared_error"
    case crossEntropy = "binary_cross_entropy"
  }

  private let network: MultilayerPerceptron
  private let layers: (hidden: Linear, output: Linear)
  private let goal: Goal
  private let rate, momentum: Float
  /// v for W, b, V, c: what is left of earlier steps.
  private let velocities: [Buffer]
  private var explanation: BackpropagationExplanation?

  /// The rule for a network of one hidden layer; throws when it has another number of them.
  public init(
    _ network: MultilayerPerceptron, goal: Goal, learningRate: Double, momentum: Double
  ) throws {
    guard let hidden = network.hidden.first, network.hidden.count == 1 else {
      throw LabError(
        .config, "backpropagation by hand is written for one hidden layer, not for \(network.hidden.count)",
        remedy: "give hidden one width, such as hidden=8, or use an experiment that learns by the tape")
    }
    self.network = network
    self.goal = goal
    layers = (hidden, network.output)
    (rate, self.momentum) = (Float(learningRate), Float(momentum))
    velocities = network.parameters().map { Buffer(Tensor(repeating: 0, shape: $0.parameter.shape)) }
  }

  /// Forward and backward for every sample, then one update by the mean gradient.
  public func step(_ batch: Batch) throws -> StepResult {
    let result = gradients(of: batch)
    let updates = network.parameters().map(\.parameter)
    for ((parameter, gradient), velocity) in zip(zip(updates, result.gradients), velocities) {
      let v = velocity.tensor * momentum + Tensor(gradient, shape: parameter.shape)
      velocity.tensor = v
      v.withSpan { v in parameter.update { w in for i in 0..<w.count { w[i] -= rate * v[i] } } }
    }
    guard result.loss.isFinite else {
      throw LabError(.training, "the loss became \(result.loss)", remedy: "lower the learning rate")
    }
    return StepResult(
      count: batch.count,
      means: [
        Metric("loss", result.loss), Metric("accuracy", Double(result.correct) / Double(max(batch.count, 1))),
      ])
  }

  /// The mean gradients of W, b, V and c over the batch, row-major, with the mean loss and how many were right.
  func gradients(of batch: Batch) -> (gradients: [[Float]], loss: Double, correct: Int) {
    let (W, b) = layers.hidden.values, (V, c) = layers.output.values
    let (H, K) = (b.count, c.count), I = W.count / H
    var (dW, db) = ([Float](repeating: 0, count: H * I), [Float](repeating: 0, count: H))
    var (dV, dc) = ([Float](repeating: 0, count: K * H), [Float](repeating: 0, count: K))
    var (loss, correct) = (0.0, 0)
    let inputs = batch.inputs.elements
    let share = 1 / Float(max(batch.count, 1))
    for (n, label) in batch.labels.elements.enumerated() {
      let x = inputs[n * I..<(n + 1) * I]
      // forward
      let a = (0..<H).map { h in sum(b[h], W[h * I..<(h + 1) * I], x) }  // [H]
      let h = a.map(network.activation.value)  // [H]
      let s = (0..<K).map { k in sum(c[k], V[k * H..<(k + 1) * H], h[...]) }  // [K]
      let y = s.map(Activation.sigmoid.value)  // [K]
      let t: [Float] = (0..<K).map { (K == 1 ? label == 1 : label == $0) ? 1 : 0 }  // [K]
      loss += Double(goal.loss(y, t, s))
      correct += goal.isRight(s, label) ? 1 : 0
      // backward
      let ds = (0..<K).map { goal.slope(y[$0], t[$0]) * share }  // [K]
      let dh = (0..<H).map { h in (0..<K).reduce(Float(0)) { $0 + V[$1 * H + h] * ds[$1] } }  // [H]
      let da = (0..<H).map { dh[$0] * network.activation.slope(a[$0], h[$0]) }  // [H]
      for k in 0..<K {
        for i in 0..<H { dV[k * H + i] += ds[k] * h[i] }
        dc[k] += ds[k]
      }
      for j in 0..<H {
        for i in 0..<I { dW[j * I + i] += da[j] * x[x.startIndex + i] }
        db[j] += da[j]
      }
      if let explanation, !explanation.board.isFull {
        explanation.note(
          row: batch.indices[n], x: Array(x), label: Int(label), a: a, h: h, s: s, y: y, t: t,
          ds: ds.map { $0 / share }, dh: dh.map { $0 / share }, da: da.map { $0 / share })
      }
    }
    return ([dW, db, dV, dc], loss / Double(max(batch.count, 1)), correct)
  }

  /// What is left of earlier steps.
  public func state() -> [(name: String, buffer: Buffer)] {
    zip(network.parameters(), velocities).map { ("velocity.\($0.name)", $1) }
  }

  /// From now on, writes samples with their numbers on `board`, until that is full.
  public func explain(on board: Blackboard) {
    explanation = BackpropagationExplanation(board: board, activation: network.activation)
  }

  /// bias + w x.
  private func sum(_ bias: Float, _ w: ArraySlice<Float>, _ x: ArraySlice<Float>) -> Float {
    zip(w, x).reduce(bias) { $0 + $1.0 * $1.1 }
  }
}

extension Linear {
  /// Weight and bias as plain numbers.
  fileprivate var values: (weight: [Float], bias: [Float]) {
    let all = parameters().map { $0.parameter.value.elements }
    return (all[0], all[1])
  }
}
