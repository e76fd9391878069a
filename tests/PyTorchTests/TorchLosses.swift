import Engine
import Testing

/// Our spelling of the losses of the fixtures, and of what detection needs.
enum TorchLosses {
  /// What computes the case; nil for one that we do not know.
  static func answer(_ torch: TorchCase) throws -> TorchAnswer? {
    let named = torch.attributes["reduction"]?.string ?? "mean"
    let reduction = try #require(LossReduction(rawValue: named), "\(torch): reduction \(named)")
    return try classification(torch, reduction) ?? regression(torch, reduction) ?? metric(torch, reduction)
      ?? detection(torch)
  }

  private static func classification(_ torch: TorchCase, _ reduction: LossReduction) throws -> TorchAnswer? {
    switch torch.nameParts.op {
    case "cross_entropy", "nll_loss":
      let labels = try torch.indices("t")
      let weights = torch.inputNames.contains("w") ? try torch.input("w") : nil
      let ignored = torch.attributes["ignore_index"]?.int.map { Int32($0) }
      let smoothing = torch.number("label_smoothing") ?? 0
      if torch.nameParts.op == "nll_loss" {
        return TorchAnswer {
          negativeLogLikelihood($0[0], labels, weights: weights, ignoring: ignored, reduction: reduction)
        }
      }
      return TorchAnswer {
        crossEntropy(
          $0[0], labels, weights: weights, ignoring: ignored, smoothing: smoothing, reduction: reduction)
      }
    case "bce_with_logits":
      let targets = try torch.input("y")
      let weights = torch.inputNames.contains("w") ? try torch.input("w") : nil
      let registered = try LossRegistry.standard.get(
        "bce_with_logits",
        [
          "pos_weight": weights.map { .array($0.elements.map { .number(Double($0)) }) } ?? nil,
          "reduction": .string(reduction.rawValue),
        ])
      return TorchAnswer { registered($0[0], targets) }
    case "bce":
      let targets = try torch.input("y")
      return TorchAnswer { binaryCrossEntropy($0[0], targets, reduction: reduction) }
    case "sigmoid_focal":
      let targets = try torch.input("y")
      let registered = try LossRegistry.standard.get(
        "focal_loss",
        [
          "alpha": torch.attributes["alpha"] ?? nil, "gamma": torch.attributes["gamma"] ?? nil,
          "reduction": .string(reduction.rawValue),
        ])
      return TorchAnswer { registered($0[0], targets) }
    default: return nil
    }
  }

  private static func regression(_ torch: TorchCase, _ reduction: LossReduction) throws -> TorchAnswer? {
    switch torch.nameParts.op {
    case "mse": return TorchAnswer(["x", "y"]) { squaredError($0[0], $0[1], reduction: reduction) }
    case "l1": return TorchAnswer(["x", "y"]) { absoluteError($0[0], $0[1], reduction: reduction) }
    case "smooth_l1":
      let beta = torch.number("beta") ?? 1
      return TorchAnswer(["x", "y"]) { smoothL1($0[0], $0[1], beta: beta, reduction: reduction) }
    case "huber":
      let delta = torch.number("delta") ?? 1
      return TorchAnswer(["x", "y"]) { huber($0[0], $0[1], delta: delta, reduction: reduction) }
    case "kl_div":
      let (targets, isLogarithm) = (try torch.input("y"), torch.isSet("log_target"))
      return TorchAnswer { klDivergence($0[0], targets, isLogarithm: isLogarithm, reduction: reduction) }
    case "poisson_nll":
      let (counts, full) = (try torch.input("y"), torch.isSet("full"))
      let (isLogarithm, epsilon) = (torch.isSet("log_input", default: true), torch.number("eps") ?? 1e-8)
      return TorchAnswer {
        poissonNegativeLogLikelihood(
          $0[0], counts, isLogarithm: isLogarithm, full: full, epsilon: epsilon, reduction: reduction)
      }
    case "gaussian_nll":
      let (targets, full, epsilon) = (try torch.input("y"), torch.isSet("full"), torch.number("eps") ?? 1e-6)
      return TorchAnswer(["x", "v"]) {
        gaussianNegativeLogLikelihood(
          $0[0], targets, variances: $0[1], full: full, epsilon: epsilon, reduction: reduction)
      }
    default: return nil
    }
  }

  private static func metric(_ torch: TorchCase, _ reduction: LossReduction) throws -> TorchAnswer? {
    let margin = torch.number("margin") ?? 1
    switch torch.nameParts.op {
    case "cosine_similarity":
      let (dimension, epsilon) = (torch.integer("dim"), torch.number("eps") ?? 1e-8)
      return TorchAnswer(["x", "y"]) { cosineSimilarity($0[0], $0[1], over: dimension, epsilon: epsilon) }
    case "hinge_embedding":
      let targets = try torch.input("y")
      return TorchAnswer { hingeEmbedding($0[0], targets, margin: margin, reduction: reduction) }
    case "triplet":
      let swapping = torch.isSet("swap")
      return TorchAnswer(["a", "p", "n"]) {
        tripletMargin($0[0], $0[1], $0[2], margin: margin, swapping: swapping, reduction: reduction)
      }
    default: return nil
    }
  }

  private static func detection(_ torch: TorchCase) throws -> TorchAnswer? {
    switch torch.nameParts.op {
    case "box_iou": return TorchAnswer { boxIoU($0[0], $0[0]) }
    case "generalized_box_iou": return TorchAnswer { generalizedBoxIoU($0[0], $0[0]) }
    case "nms":
      let (boxes, scores) = (try torch.input("x"), try torch.input("s"))
      let kept = nonMaximumSuppression(boxes, scores: scores, threshold: torch.number("iou_threshold") ?? 0.5)
      return TorchAnswer([]) { _ in [.indices(kept)] }
    case "roi_align", "roi_pool":
      let rows = (torch.attributes["rois"]?.array ?? []).map { ($0.array ?? []).compactMap(\.double) }
      let regions = Tensor(rows.joined().map { Float($0) }, shape: [rows.count, 5])
      let sizes = torch.integers("output") ?? [1]
      let grid = (height: sizes[0], width: sizes[sizes.count - 1])
      let scale = torch.number("spatial_scale") ?? 1
      if torch.nameParts.op == "roi_pool" {
        return TorchAnswer { roiPool($0[0], regions, grid: grid, scale: scale) }
      }
      let (ratio, aligned) = (torch.integer("sampling_ratio"), torch.isSet("aligned"))
      return TorchAnswer {
        roiAlign($0[0], regions, grid: grid, scale: scale, samplingRatio: ratio, aligned: aligned)
      }
    default: return nil
    }
  }
}
