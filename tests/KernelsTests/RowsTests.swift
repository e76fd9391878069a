import Foundation
import Testing

@testable import Kernels

@Suite("Reductions, softmax, losses, updates: fast equals reference")
struct RowsTests {
  static let shapes = [
    (1, 1, 1), (1, 1000, 1), (5, 7, 1), (5, 8, 1), (5, 9, 3), (1, 13, 33), (3, 1, 4), (0, 3, 2), (3, 0, 2),
    (3, 2, 0),
  ].map { ReductionShape(outer: $0, count: $1, inner: $2) }

  @Test("sum", arguments: shapes)
  func sum(shape: ReductionShape) {
    var numbers = Numbers()
    let x = numbers.normal(shape.outer * shape.count * shape.inner)
    let count = shape.outer * shape.inner
    expectEqual(
      written(count) { fast.sum(x.span, into: &$0, shape) },
      written(count) { reference.sum(x.span, into: &$0, shape) }, "\(shape)")
  }

  @Test("a sum of a million equal numbers is exact")
  func longSum() {
    let x = [Float](repeating: 0.1, count: 1_000_000)
    let shape = ReductionShape(outer: 1, count: x.count, inner: 1)
    let exact = Float(Double(Float(0.1)) * 1e6)
    #expect(written(1) { fast.sum(x.span, into: &$0, shape) } == [exact])
    #expect(written(1) { reference.sum(x.span, into: &$0, shape) } == [exact])
  }

  @Test("maximum and its place", arguments: shapes.filter { $0.count > 0 })
  func maximum(shape: ReductionShape) {
    var numbers = Numbers()
    let x = numbers.normal(shape.outer * shape.count * shape.inner)
    let count = shape.outer * shape.inner
    var (quick, slow) = ([Int32](repeating: -1, count: count), [Int32](repeating: -1, count: count))
    var quickSpan = quick.mutableSpan
    var slowSpan = slow.mutableSpan
    expectEqual(
      written(count) { fast.maximum(x.span, into: &$0, at: &quickSpan, shape) },
      written(count) { reference.maximum(x.span, into: &$0, at: &slowSpan, shape) }, "\(shape)")
    #expect(quick == slow)
  }

  @Test("the first of equal maxima, and NaN above all")
  func ties() {
    let x: [Float] = [1, 3, 3, 2, .nan, 5, -.infinity, -.infinity, -.infinity]
    var places = [Int32](repeating: -1, count: 3)
    var span = places.mutableSpan
    let y = written(3) {
      reference.maximum(x.span, into: &$0, at: &span, ReductionShape(outer: 3, count: 3, inner: 1))
    }
    #expect(y[0] == 3 && y[1].isNaN && y[2] == -.infinity)
    #expect(places == [1, 1, 0])
  }

  /// Rows of these widths: shorter and longer than a vector, than a block of rows.
  static let widths = [1, 2, 3, 7, 10, 16, 17, 100, 1025, 3000]

  @Test("softmax, its logarithm and their gradients", arguments: widths)
  func softmax(width: Int) {
    var numbers = Numbers()
    for rows in [0, 1, 2, 5, 350] where rows * width < 40_000 {
      let count = rows * width
      let (x, g) = (numbers.normal(count, scale: 5), numbers.normal(count))
      let y = written(count) { reference.softmax(x.span, into: &$0, width: width) }
      let log = written(count) { reference.logSoftmax(x.span, into: &$0, width: width) }
      expectEqual(written(count) { fast.softmax(x.span, into: &$0, width: width) }, y, "softmax of \(width)")
      expectEqual(
        written(count) { fast.logSoftmax(x.span, into: &$0, width: width) }, log, "logSoftmax of \(width)")
      expectEqual(
        written(count) { fast.softmaxGradient(g.span, y: y.span, into: &$0, width: width) },
        written(count) { reference.softmaxGradient(g.span, y: y.span, into: &$0, width: width) },
        "softmax gradient")
      expectEqual(
        written(count) { fast.logSoftmaxGradient(g.span, y: log.span, into: &$0, width: width) },
        written(count) { reference.logSoftmaxGradient(g.span, y: log.span, into: &$0, width: width) },
        "logSoftmax gradient")
    }
  }

  /// Rows of three that overflow, underflow or have no softmax.
  static let hardRows: [[Float]] = [
    [1e30, 1e30, 0], [-1e30, 0, 1e30], [1e-30, -1e-30, 0], [10_000, 10_001, 10_002], [1e8, 1e8, 1e8],
    [-.infinity, 0, 0], [-.infinity, -.infinity, 3], [-.infinity, -.infinity, -.infinity], [.infinity, 0, 0],
    [.nan, 0, 0], [0, -104, -200],
  ]

  @Test("hard rows", arguments: hardRows)
  func hardRow(row: [Float]) {
    expectEqual(
      written(3) { fast.softmax(row.span, into: &$0, width: 3) },
      written(3) { reference.softmax(row.span, into: &$0, width: 3) }, "softmax of \(row)")
    expectEqual(
      written(3) { fast.logSoftmax(row.span, into: &$0, width: 3) },
      written(3) { reference.logSoftmax(row.span, into: &$0, width: 3) }, "logSoftmax of \(row)")
    let labels: [Int32] = [2]
    let (quick, slow) = (losses(fast, row, labels, 3), losses(reference, row, labels, 3))
    expectEqual(quick.losses, slow.losses, "cross entropy of \(row)")
    expectEqual(quick.gradient, slow.gradient, "gradient of the cross entropy of \(row)")
  }

  @Test(
    "equal logits of any size cost the logarithm of their number", arguments: [Float(0), 1, 1e4, 1e8, -1e30])
  func equalLogits(logit: Float) {
    let row = [Float](repeating: logit, count: 3)
    expectEqual(losses(reference, row, [1], 3).losses, [log(3)], "reference")
    expectEqual(losses(fast, row, [1], 3).losses, [log(3)], "fast")
    expectEqual(
      written(3) { reference.logSoftmax(row.span, into: &$0, width: 3) }, [-log(3), -log(3), -log(3)], "log")
  }

  @Test("cross entropy", arguments: widths)
  func crossEntropy(classes: Int) {
    var numbers = Numbers()
    for rows in [0, 1, 13, 350] where rows * classes < 40_000 {
      let logits = numbers.normal(rows * classes, scale: 4)
      let labels = numbers.classes(rows, below: classes)
      let (quick, slow) = (losses(fast, logits, labels, classes), losses(reference, logits, labels, classes))
      expectEqual(quick.losses, slow.losses, "losses of \(classes) classes")
      expectEqual(quick.gradient, slow.gradient, "gradients of \(classes) classes")
    }
  }

  private func losses(
    _ kernels: some KernelSet, _ logits: [Float], _ labels: [Int32], _ classes: Int
  ) -> (losses: [Float], gradient: [Float]) {
    var losses: [Float] = []
    let gradient = written(logits.count) { gradient in
      losses = written(labels.count) {
        kernels.crossEntropy(
          logits.span, labels: labels.span, losses: &$0, gradient: &gradient, classes: classes)
      }
    }
    return (losses, gradient)
  }

  @Test("binary cross entropy")
  func binaryCrossEntropy() {
    var numbers = Numbers()
    let logits = numbers.normal(101, scale: 5) + [1e30, -1e30, 100, -100, 1e-30, 0]
    let targets = (0..<logits.count).map { Float($0 % 3) / 2 }
    var (quick, slow): ([Float], [Float]) = ([], [])
    let quickGradient = written(logits.count) { gradient in
      quick = written(logits.count) {
        fast.binaryCrossEntropy(logits.span, targets: targets.span, losses: &$0, gradient: &gradient)
      }
    }
    let slowGradient = written(logits.count) { gradient in
      slow = written(logits.count) {
        reference.binaryCrossEntropy(logits.span, targets: targets.span, losses: &$0, gradient: &gradient)
      }
    }
    expectEqual(quick, slow, "losses")
    expectEqual(quickGradient, slowGradient, "gradient")
    #expect(slow.allSatisfy { $0.isFinite && $0 >= 0 })
  }

  @Test("binary cross entropy of probabilities")
  func binaryCrossEntropyOfProbabilities() {
    let p = (0...200).map { Float($0) / 200 } + [1e-30, 1e-7, 1 - 1e-7, 0, 1, .nan, 0.24999, 0.25001]
    let targets = p.indices.map { Float($0 % 3) / 2 }
    var (quick, slow): ([Float], [Float]) = ([], [])
    let quickGradient = written(p.count) { gradient in
      quick = written(p.count) {
        fast.binaryCrossEntropy(
          probabilities: p.span, targets: targets.span, losses: &$0, gradient: &gradient)
      }
    }
    let slowGradient = written(p.count) { gradient in
      slow = written(p.count) {
        reference.binaryCrossEntropy(
          probabilities: p.span, targets: targets.span, losses: &$0, gradient: &gradient)
      }
    }
    expectEqual(quick, slow, "losses")
    expectEqual(quickGradient, slowGradient, "gradient")
    #expect(slow.filter { !$0.isNaN }.allSatisfy { (0...100).contains($0) })
  }

  static let steps = [
    (Float(0), Float(0), Float(0), false), (0, 0, 0.1, false), (0.9, 0, 0, false), (0.9, 0.5, 0.01, false),
    (0.9, 0, 0.01, true),
  ]

  @Test("SGD", arguments: steps)
  func sgd(momentum: Float, dampening: Float, decay: Float, nesterov: Bool) {
    for count in [0, 1, 7, 100] {
      var numbers = Numbers()
      let (weights, g) = (numbers.normal(count), numbers.normal(count))
      for isFirst in [true, false] {
        // before the first step the velocity holds nothing: not even a number
        let velocity =
          momentum == 0 ? [] : isFirst ? [Float](repeating: .nan, count: count) : numbers.normal(count)
        let step = SGDStep(
          learningRate: 0.1, momentum: momentum, dampening: dampening, weightDecay: decay, nesterov: nesterov,
          isFirst: isFirst)
        let quick = updated(fast, weights, g, velocity, step)
        let slow = updated(reference, weights, g, velocity, step)
        expectEqual(quick.weights, slow.weights, "weights")
        expectEqual(quick.velocity, slow.velocity, "velocity")
        #expect(slow.weights.allSatisfy { $0.isFinite })
      }
    }
  }

  private func updated(
    _ kernels: some KernelSet, _ weights: [Float], _ g: [Float], _ velocity: [Float], _ step: SGDStep
  ) -> (weights: [Float], velocity: [Float]) {
    var (weights, velocity) = (weights, velocity)
    var weightSpan = weights.mutableSpan
    var velocitySpan = velocity.mutableSpan
    kernels.sgd(&weightSpan, gradient: g.span, velocity: &velocitySpan, step)
    return (weights, velocity)
  }
}
