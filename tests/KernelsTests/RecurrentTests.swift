import Testing

@testable import Kernels

@Suite("Recurrent layers: fast equals reference")
struct RecurrentTests {
  /// Both memory orders and directions, odd sizes, one of each, enough work for a second thread, and nothing.
  static let shapes = [
    RecurrentShape(steps: 5, samples: 3, hidden: 7, isBatchFirst: true),
    RecurrentShape(steps: 5, samples: 3, hidden: 7, isBatchFirst: true, isReversed: true),
    RecurrentShape(steps: 4, samples: 6, hidden: 13, isBatchFirst: false),
    RecurrentShape(steps: 4, samples: 2, hidden: 40, isBatchFirst: false, isReversed: true),
    RecurrentShape(steps: 1, samples: 1, hidden: 1, isBatchFirst: true),
    RecurrentShape(steps: 7, samples: 17, hidden: 33, isBatchFirst: true),
    RecurrentShape(steps: 0, samples: 2, hidden: 3, isBatchFirst: true),
    RecurrentShape(steps: 3, samples: 0, hidden: 3, isBatchFirst: false),
  ]

  @Test("rows follow the order of memory and of time")
  func rows() {
    #expect(Self.shapes[0].row(1, 2) == 11 && Self.shapes[1].row(1, 2) == 13)
    #expect(Self.shapes[2].row(1, 2) == 8 && Self.shapes[3].row(0, 1) == 7)
  }

  @Test("elman", arguments: shapes, RecurrentActivation.allCases)
  func elman(shape: RecurrentShape, activation: RecurrentActivation) {
    for hasBeginning in [false, true] {
      let made = Made(shape, gates: 1, hasBeginning)
      func forward(_ kernels: some KernelSet) -> [Float] {
        written(made.states) {
          kernels.elman(
            made.x.span, weight: made.weight.span, h0: made.h0.span, into: &$0, shape, activation)
        }
      }
      let y = forward(reference)
      expectEqual(forward(fast), y, "\(shape)")
      func backward(_ kernels: some KernelSet) -> [Float] {
        var dh0: [Float] = []
        let dx = written(made.states) { dx in
          dh0 = written(made.beginnings) { dh0 in
            kernels.elmanGradient(
              made.g.span, y: y.span, weight: made.weight.span, dx: &dx, dh0: &dh0, shape, activation)
          }
        }
        return dx + dh0
      }
      expectEqual(backward(fast), backward(reference), "gradients of \(shape)")
      func before(_ kernels: some KernelSet) -> [Float] {
        written(made.states) { kernels.statesBefore(y.span, h0: made.h0.span, into: &$0, shape) }
      }
      expectEqual(before(fast), before(reference), "states before, \(shape)")
    }
  }

  @Test("lstm", arguments: shapes)
  func lstm(shape: RecurrentShape) {
    for hasBeginning in [false, true] {
      let made = Made(shape, gates: 4, hasBeginning)
      func forward(_ kernels: some KernelSet) -> (gates: [Float], cells: [Float], y: [Float]) {
        var (cells, y): ([Float], [Float]) = ([], [])
        let gates = written(4 * made.states) { gates in
          cells = written(made.states) { cells in
            y = written(made.states) {
              kernels.lstm(
                made.x.span, weight: made.weight.span, h0: made.h0.span, c0: made.c0.span, gates: &gates,
                cells: &cells, into: &$0, shape)
            }
          }
        }
        return (gates, cells, y)
      }
      let (gates, cells, y) = forward(reference)
      let quick = forward(fast)
      expectEqual(quick.gates + quick.cells + quick.y, gates + cells + y, "\(shape)")
      func backward(_ kernels: some KernelSet) -> [Float] {
        var (dh0, dc0): ([Float], [Float]) = ([], [])
        let dx = written(4 * made.states) { dx in
          dh0 = written(made.beginnings) { dh0 in
            dc0 = written(made.beginnings) { dc0 in
              kernels.lstmGradient(
                made.g.span, gc: made.gc.span, gates: gates.span, cells: cells.span, c0: made.c0.span,
                weight: made.weight.span, dx: &dx, dh0: &dh0, dc0: &dc0, shape)
            }
          }
        }
        return dx + dh0 + dc0
      }
      expectEqual(backward(fast), backward(reference), "gradients of \(shape)")
    }
  }

  @Test("gru", arguments: shapes)
  func gru(shape: RecurrentShape) {
    for hasBeginning in [false, true] {
      let made = Made(shape, gates: 3, hasBeginning)
      func forward(_ kernels: some KernelSet) -> (gates: [Float], y: [Float]) {
        var y: [Float] = []
        let gates = written(4 * made.states) { gates in
          y = written(made.states) {
            kernels.gru(
              made.x.span, weight: made.weight.span, bias: made.bias.span, h0: made.h0.span, gates: &gates,
              into: &$0, shape)
          }
        }
        return (gates, y)
      }
      let (gates, y) = forward(reference)
      expectEqual(forward(fast).gates + forward(fast).y, gates + y, "\(shape)")
      func backward(_ kernels: some KernelSet) -> [Float] {
        var (dp, dh0): ([Float], [Float]) = ([], [])
        let dx = written(3 * made.states) { dx in
          dp = written(3 * made.states) { dp in
            dh0 = written(made.beginnings) { dh0 in
              kernels.gruGradient(
                made.g.span, gates: gates.span, y: y.span, h0: made.h0.span, weight: made.weight.span,
                dx: &dx, dp: &dp, dh0: &dh0, shape)
            }
          }
        }
        return dx + dp + dh0
      }
      expectEqual(backward(fast), backward(reference), "gradients of \(shape)")
    }
  }

  /// Numbers for a layer; with or without beginnings and biases.
  private struct Made {
    let states, beginnings: Int
    let x: [Float]
    let weight, bias, h0, c0, g, gc: [Float]

    init(_ shape: RecurrentShape, gates: Int, _ hasBeginning: Bool) {
      var numbers = Numbers()
      (states, beginnings) = (shape.rows * shape.hidden, shape.samples * shape.hidden)
      x = numbers.normal(gates * states)
      weight = numbers.normal(gates * shape.hidden * shape.hidden, scale: 0.3)
      g = numbers.normal(states)
      bias = hasBeginning ? numbers.normal(gates * shape.hidden) : []
      h0 = hasBeginning ? numbers.normal(beginnings) : []
      c0 = hasBeginning ? numbers.normal(beginnings) : []
      gc = hasBeginning ? numbers.normal(beginnings) : []
    }
  }
}
