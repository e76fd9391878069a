import Foundation
import Testing

@testable import Kernels

@Suite("Elementwise kernels: fast equals reference")
struct ElementwiseTests {
  static let counts = [0, 1, 2, 3, 7, 8, 9, 31, 1000]

  @Test("functions of one number", arguments: UnaryFunction.allCases)
  func unary(function: UnaryFunction) {
    var numbers = Numbers()
    let needsPositive = function == .logarithm || function == .squareRoot
    for count in Self.counts {
      let x = needsPositive ? numbers.positive(count) : numbers.normal(count, scale: 3)
      expectEqual(
        written(count) { fast.apply(function, x.span, into: &$0) },
        written(count) { reference.apply(function, x.span, into: &$0) }, "\(function) of \(count)")
    }
    let strange = strange
    expectEqual(
      written(strange.count) { fast.apply(function, strange.span, into: &$0) },
      written(strange.count) { reference.apply(function, strange.span, into: &$0) },
      "\(function) of strange numbers")
  }

  @Test("their derivatives", arguments: UnaryFunction.allCases)
  func derivatives(function: UnaryFunction) {
    var numbers = Numbers()
    for count in Self.counts {
      let (g, x) = (numbers.normal(count), numbers.positive(count))
      let y = written(count) { reference.apply(function, x.span, into: &$0) }
      expectEqual(
        written(count) { fast.applyDerivative(of: function, g.span, x: x.span, y: y.span, into: &$0) },
        written(count) { reference.applyDerivative(of: function, g.span, x: x.span, y: y.span, into: &$0) },
        "derivative of \(function)")
    }
    let (g, x): ([Float], [Float]) = ([2, 2, 2], [0, -0.0, -3])
    let y = written(3) { reference.apply(function, x.span, into: &$0) }
    expectEqual(
      written(3) { fast.applyDerivative(of: function, g.span, x: x.span, y: y.span, into: &$0) },
      written(3) { reference.applyDerivative(of: function, g.span, x: x.span, y: y.span, into: &$0) },
      "derivative of \(function) at and below 0")
  }

  @Test("the exponential family is within 4 units in the last place of the C library's")
  func accuracy() {
    let x = stride(from: Float(-87), to: 88, by: 0.001).map { $0 }
    for function in [UnaryFunction.exponential, .sigmoid, .tanh] {
      let y = written(x.count) { fast.apply(function, x.span, into: &$0) }
      let worst =
        zip(x, y).map { x, y -> Double in
          let exact: Double =
            switch function {
            case .exponential: exp(Double(x))
            case .sigmoid: 1 / (1 + exp(-Double(x)))
            default: tanh(Double(x))
            }
          return abs(Double(y) - exact) / Double(Float(exact).ulp)
        }.max() ?? .infinity
      #expect(worst < 4, "\(function)")
    }
  }

  @Test("functions of two numbers, in every way of broadcasting", arguments: BinaryFunction.allCases)
  func binary(function: BinaryFunction) {
    // (size, step of a, step of b) of each dimension, innermost first
    let ways: [(name: String, dimensions: [(Int, Int, Int)])] = [
      ("plain", [(35, 1, 1)]), ("scalar right", [(35, 1, 0)]), ("scalar left", [(35, 0, 1)]), ("one", []),
      ("row", [(7, 1, 1), (5, 7, 0)]), ("column", [(7, 1, 0), (5, 7, 1)]), ("outer", [(7, 0, 1), (5, 1, 0)]),
      ("inner 1", [(7, 1, 0), (5, 7, 1), (3, 35, 5)]), ("middle", [(7, 1, 1), (5, 7, 0), (3, 35, 7)]),
      ("strided", [(5, 7, 1), (7, 1, 5)]), ("empty", [(0, 1, 0), (5, 0, 1)]),
      ("alternating", [(2, 0, 1), (3, 1, 0), (4, 0, 2), (5, 3, 0)]),
    ]
    var numbers = Numbers()
    for way in ways {
      var shape = Broadcast()
      for (size, a, b) in way.dimensions { shape.append(size: size, stepOfA: a, stepOfB: b) }
      let count = way.dimensions.reduce(1) { $0 * $1.0 }
      let (a, b) = (numbers.normal(120), numbers.positive(120))
      expectEqual(
        written(count) { fast.apply(function, a.span, b.span, into: &$0, shape) },
        written(count) { reference.apply(function, a.span, b.span, into: &$0, shape) },
        "\(function), \(way.name)")
    }
    let strange = strange
    let plain = Broadcast(plain: strange.count)
    let turned = Array(strange.reversed())
    expectEqual(
      written(strange.count) { fast.apply(function, strange.span, turned.span, into: &$0, plain) },
      written(strange.count) { reference.apply(function, strange.span, turned.span, into: &$0, plain) },
      "\(function) of strange numbers")
  }

  @Test("the odometer reads what nested loops read")
  func odometer() {
    let (a, b): ([Float], [Float]) = ([1, 2, 3], [10, 20])
    var outer = Broadcast()
    outer.append(size: 2, stepOfA: 0, stepOfB: 1)
    outer.append(size: 3, stepOfA: 1, stepOfB: 0)
    #expect(
      written(6) { reference.apply(.add, a.span, b.span, into: &$0, outer) } == [11, 21, 12, 22, 13, 23])
  }

  @Test("dimensions that go on where the last one ended become one")
  func merging() {
    var shape = Broadcast()
    shape.append(size: 3, stepOfA: 1, stepOfB: 1)
    shape.append(size: 4, stepOfA: 3, stepOfB: 3)
    #expect(shape.isPlain && shape.sizes[0] == 12)
    shape.append(size: 2, stepOfA: 12, stepOfB: 0)
    #expect(!shape.isPlain && shape.rank == 2)
  }

  @Test("affine and accumulate", arguments: counts)
  func affine(count: Int) {
    var numbers = Numbers()
    let (x, y) = (numbers.normal(count), numbers.normal(count))
    expectEqual(
      written(count) { fast.affine(x.span, scale: -3, shift: 0.5, into: &$0) },
      written(count) { reference.affine(x.span, scale: -3, shift: 0.5, into: &$0) }, "affine")
    var (quick, slow) = (y, y)
    var quickSpan = quick.mutableSpan
    var slowSpan = slow.mutableSpan
    fast.accumulate(x.span, into: &quickSpan)
    reference.accumulate(x.span, into: &slowSpan)
    expectEqual(quick, slow, "accumulate")
    expectEqual(slow, zip(x, y).map { $0 + $1 }, "accumulate")
  }
}
