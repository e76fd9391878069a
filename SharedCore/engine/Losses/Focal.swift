import Foundation
import Utils

/// Each class a question of its own, and questions that are answered well count less:
/// -a (1 - q)^gamma log q with q the probability of the target, p = sigmoid(x) for 1 and 1 - p for 0, and a = alpha for 1,
/// 1 - alpha for 0.
///
/// Lin et al., "Focal Loss for Dense Object Detection", 2017, §3. p is held within 1e-7...1 - 1e-7, beyond which there is no
/// slope; inside that (logits within 16) the numbers are those of `sigmoidFocal`, which is torchvision's.
///
/// - Parameters:
///   - logits: x [N, K], or probabilities where `takesProbabilities`.
///   - targets: [N, K], each in 0...1.
///   - alpha: [K] or a scalar, each in 0...1; nil for a = 1.
/// - Returns: a scalar in nats, or [N, K] without reduction.
public func focal(
  _ logits: Tensor, _ targets: Tensor, alpha: Tensor? = nil, gamma: Float = 2,
  takesProbabilities: Bool = false, reduction: LossReduction = .mean
) -> Tensor {
  require(logits.shape == targets.shape, "focal: \(logits.shape) and targets \(targets.shape) differ")
  let least: Float = 1e-7
  let (wrong, losses): (Tensor, Tensor)
  if takesProbabilities {
    let p = clamp(logits, lower: least, upper: 1 - least)
    wrong = p * (1 - targets) + (1 - p) * targets
    losses = -(log(p) * targets + log(1 - p) * (1 - targets))
  } else {
    // 1 - q and -log q of the logit itself, without cancellation.
    let exact = sigmoid(logits) * (1 - targets) + sigmoid(-logits) * targets
    wrong = clamp(exact, lower: least, upper: 1 - least)
    losses = clamp(
      binaryCrossEntropyWithLogits(logits, targets, reduction: .none), lower: least,
      upper: -Foundation.log(least))
  }
  let focused = losses * pow(wrong, gamma)
  guard let alpha else { return focused.reduced(reduction) }
  return (focused * (targets * (2 * alpha - 1) + (1 - alpha))).reduced(reduction)
}
