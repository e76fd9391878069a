import Utils

/// Keeps quotients of empty boxes finite, as in torchvision.
private let epsilon: Float = 1e-7

/// 1 - IoU + the share of the enclosing box that neither box covers: has a slope where boxes are apart
/// (Rezatofighi et al. 2019, algorithm 2).
///
/// - Parameters:
///   - boxes, targets: [..., 4], each x1, y1, x2, y2.
public func generalizedIoULoss(_ boxes: Tensor, _ targets: Tensor, reduction: LossReduction = .mean) -> Tensor
{
  let pair = paired(boxes, targets, "generalizedIoULoss")
  return (1 - pair.iou + (pair.enclosure - pair.union) / (pair.enclosure + epsilon)).reduced(reduction)
}

/// 1 - IoU + the squared distance of the centres by the enclosing box's squared diagonal (Zheng et al. 2020, §3.1).
///
/// - Parameters:
///   - boxes, targets: [..., 4], each x1, y1, x2, y2.
public func distanceIoULoss(_ boxes: Tensor, _ targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
  paired(boxes, targets, "distanceIoULoss").distanceLoss.reduced(reduction)
}

/// The distance loss + alpha v, where v compares the boxes' aspect ratios and alpha = v / (1 - IoU + v) is a constant
/// to the derivative (Zheng et al. 2020, §3.2).
///
/// - Parameters:
///   - boxes, targets: [..., 4], each x1, y1, x2, y2; none of height 0.
public func completeIoULoss(_ boxes: Tensor, _ targets: Tensor, reduction: LossReduction = .mean) -> Tensor {
  let pair = paired(boxes, targets, "completeIoULoss")
  let angles = (atan(pair.widths.0 / pair.heights.0), atan(pair.widths.1 / pair.heights.1))
  let v = square(angles.1 - angles.0) * (4 / (Float.pi * .pi))
  let alpha = v.detached() / (1 - pair.iou.detached() + v.detached() + epsilon)
  return (pair.distanceLoss + alpha * v).reduced(reduction)
}

extension BoxPair {
  fileprivate var iou: Tensor { intersection / (union + epsilon) }
  fileprivate var distanceLoss: Tensor { 1 - iou + distance / (diagonal + epsilon) }
}

private func paired(_ boxes: Tensor, _ targets: Tensor, _ op: String) -> BoxPair {
  require(
    boxes.shape == targets.shape && boxes.shape.last == 4,
    "\(op): boxes are [..., 4] on both sides, not \(boxes.shape) and \(targets.shape)")
  return BoxPair(boxes, targets)
}
