@testable import Engine

/// Losses with every reduction, boxes and regions.
extension OpCase {
  static let losses: [OpCase] =
    ([.none, .mean, .sum, .batchMean] as [LossReduction]).flatMap { labelLosses($0) + pairLosses($0) }
    + boxes + regions

  private static func labelLosses(_ reduction: LossReduction) -> [OpCase] {
    let labels = IndexTensor([1, -100, 4, 0, 2, 1])
    let weights = Tensor([0.5, 1, 2, 0.2, 1.5])
    let map = IndexTensor((0..<12).map { Int32($0 * 5 % 3) }, shape: [2, 3, 2])
    return [
      OpCase("cross entropy, \(reduction)", [[4, 3]]) {
        crossEntropy($0[0], IndexTensor([2, 0, 1, 1]), reduction: reduction)
      },
      OpCase("cross entropy with everything, \(reduction)", [[6, 5]]) {
        crossEntropy(
          $0[0], labels, weights: weights, ignoring: -100, smoothing: 0.2, reduction: reduction)
      },
      OpCase("cross entropy of an image, \(reduction)", [[2, 3, 3, 2]]) {
        crossEntropy($0[0], map, reduction: reduction)
      },
      OpCase("cross entropy of an image with everything, \(reduction)", [[2, 3, 3, 2]]) {
        crossEntropy(
          $0[0], map, weights: Tensor([1, 2, 0.5]), ignoring: 2, smoothing: 0.1, reduction: reduction)
      },
      OpCase("negative log likelihood, \(reduction)", [[6, 5]]) {
        negativeLogLikelihood($0[0], labels, weights: weights, ignoring: -100, reduction: reduction)
      },
    ]
  }

  private static func pairLosses(_ reduction: LossReduction) -> [OpCase] {
    let (shape, signs): (Shape, Tensor) = ([5, 3], targets([5, 3]) * 2 - 1)
    return [
      OpCase("binary cross entropy with logits, \(reduction)", [shape]) {
        binaryCrossEntropyWithLogits($0[0], targets(shape), reduction: reduction)
      },
      OpCase("binary cross entropy with weights, \(reduction)", [shape]) {
        binaryCrossEntropyWithLogits(
          $0[0], targets(shape), positiveWeights: Tensor([0.5, 1, 3]), reduction: reduction)
      },
      OpCase("binary cross entropy, \(reduction)", [shape]) {
        binaryCrossEntropy(sigmoid($0[0]), targets(shape), reduction: reduction)
      },
      OpCase("focal, \(reduction)", [shape]) {
        sigmoidFocal($0[0], targets(shape), gamma: 1.5, reduction: reduction)
      },
      OpCase("focal without alpha, \(reduction)", [shape]) {
        sigmoidFocal($0[0], targets(shape), alpha: nil, reduction: reduction)
      },
      OpCase("focal by class, \(reduction)", [shape]) {
        focal($0[0], targets(shape), alpha: Tensor([0.2, 0.6, 0.9]), gamma: 1.5, reduction: reduction)
      },
      OpCase("focal of probabilities, \(reduction)", [shape]) {
        focal(sigmoid($0[0]), targets(shape), gamma: 2, takesProbabilities: true, reduction: reduction)
      },
      OpCase("hinge embedding, \(reduction)", [shape], .distinct) {
        hingeEmbedding($0[0], signs, margin: -0.52, reduction: reduction)
      },
      OpCase("squared error, \(reduction)", [shape, shape]) {
        squaredError($0[0], $0[1], reduction: reduction)
      },
      OpCase("absolute error, \(reduction)", [shape, shape], .distinct) {
        absoluteError($0[0], $0[1] + 0.02, reduction: reduction)
      },
      OpCase("huber, \(reduction)", [shape, shape]) {
        huber($0[0], $0[1], delta: 0.7, reduction: reduction)
      },
      OpCase("smooth L1, \(reduction)", [shape, shape]) {
        smoothL1($0[0], $0[1], beta: 0.5, reduction: reduction)
      },
      OpCase("Poisson, \(reduction)", [shape]) {
        poissonNegativeLogLikelihood($0[0], targets(shape) * 4, full: true, reduction: reduction)
      },
      OpCase("Poisson of rates, \(reduction)", [shape], .positive) {
        poissonNegativeLogLikelihood($0[0], targets(shape), isLogarithm: false, reduction: reduction)
      },
      OpCase("Gauss, \(reduction)", [shape, shape], .positive) {
        gaussianNegativeLogLikelihood(
          $0[0], targets(shape), variances: $0[1], full: true, reduction: reduction)
      },
      OpCase("Kullback and Leibler, \(reduction)", [shape]) {
        klDivergence($0[0], targets(shape), reduction: reduction)
      },
      OpCase("Kullback and Leibler by both, \(reduction)", [shape, shape], .positive) {
        klDivergence($0[0], $0[1], reduction: reduction)
      },
      OpCase("Kullback and Leibler of logarithms, \(reduction)", [shape, shape]) {
        klDivergence($0[0], $0[1], isLogarithm: true, reduction: reduction)
      },
      OpCase("cosine similarity, \(reduction)", [shape, shape], .awayFromZero) {
        cosineSimilarity($0[0], $0[1], over: 1).reduced(reduction)
      },
      OpCase("triplet, \(reduction)", [shape, shape, shape]) {
        tripletMargin($0[0], $0[1], $0[2], margin: 2, reduction: reduction)
      },
      OpCase("triplet, swapped, \(reduction)", [shape, shape, shape]) {
        tripletMargin($0[0], $0[1], $0[2], margin: 2, swapping: true, reduction: reduction)
      },
    ]
  }

  /// 0, 1/2, 1, 0, 1/2, ...
  private static func targets(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.elementCount).map { Float($0 % 3) / 2 }, shape: shape)
  }

  /// Four boxes from any sixteen numbers: a corner, and sides of at least a half.
  private static func boxes(_ x: Tensor) -> Tensor {
    let (low, size) = (x.narrowed(along: 1, from: 0, count: 2), x.narrowed(along: 1, from: 2, count: 2))
    return concatenate([low, low + square(size) + 0.5], along: 1)
  }

  private static let boxes: [OpCase] = [
    OpCase("boxIoU", [[4, 4], [3, 4]]) { boxIoU(boxes($0[0]), boxes($0[1])) },
    OpCase("generalizedBoxIoU", [[4, 4], [3, 4]]) { generalizedBoxIoU(boxes($0[0]), boxes($0[1])) },
    OpCase("generalizedIoULoss", [[4, 4], [4, 4]]) { generalizedIoULoss(boxes($0[0]), boxes($0[1])) },
    OpCase("distanceIoULoss", [[4, 4], [4, 4]]) {
      distanceIoULoss(boxes($0[0]), boxes($0[1]), reduction: .none)
    },
  ]

  private static let regions: [OpCase] =
    [(0, true), (2, true), (2, false), (1, true)].map { ratio, aligned in
      OpCase("roiAlign \(ratio) \(aligned)", [[2, 3, 6, 5]]) {
        let regions = Tensor([1, 1, 0.5, 7, 8.2, 0, -3, 2, 20, 9, 0, 2, 2, 2.5, 2.5], shape: [3, 5])
        return roiAlign(
          $0[0], regions, grid: (2, 3), scale: 0.5, samplingRatio: ratio, aligned: aligned)
      }
    } + [
      OpCase("roiPool", [[2, 3, 6, 5]], .distinct) {
        let regions = Tensor([1, 1, 0.5, 7, 8.2, 0, -3, 2, 20, 9, 0, 20, 20, 30, 30], shape: [3, 5])
        return roiPool($0[0], regions, grid: (2, 3), scale: 0.5)
      }
    ]
}
