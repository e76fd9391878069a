import Testing

@testable import Kernels

@Suite("Views, indices, order")
struct ViewTests {
  /// (start, (size, step) of each dimension, innermost first), all within 120 numbers.
  static let views: [(Int, [(Int, Int)])] = [
    (0, []), (7, [(5, 1)]), (0, [(4, 30), (30, 1)]), (0, [(5, 24), (4, 6), (6, 1)]), (119, [(120, -1)]),
    (9, [(10, -1), (12, 10)]), (1, [(10, 2)]), (3, [(4, 0), (5, 1)]), (3, [(5, 1), (4, 0)]),
    (0, [(3, 0), (2, 0)]),
    (0, [(0, 1), (4, 30)]), (0, [(4, 1), (0, 4)]), (2, [(3, 1), (1, 50), (4, 12)]), (24, [(5, -1), (5, -5)]),
  ]

  @Test("fast equals reference", arguments: views)
  func agreement(start: Int, dimensions: [(Int, Int)]) {
    var view = StridedView(from: start)
    for (size, step) in dimensions { view.append(size: size, step: step) }
    let count = dimensions.reduce(1) { $0 * $1.0 }
    #expect(view.count == count)
    var numbers = Numbers()
    let x = numbers.normal(120)
    expectEqual(
      written(count) { fast.read(x.span, through: view, into: &$0) },
      written(count) { reference.read(x.span, through: view, into: &$0) }, "read")
    let g = numbers.normal(count)
    var (quick, slow) = (x, x)
    var quickSpan = quick.mutableSpan
    var slowSpan = slow.mutableSpan
    fast.add(g.span, through: view, into: &quickSpan)
    reference.add(g.span, through: view, into: &slowSpan)
    expectEqual(quick, slow, "add")
  }

  /// (size of each dimension, innermost first; the order in which they are walked): transpositions in tiles and strips.
  static let orders: [([Int], [Int])] = [
    ([9, 13], [1, 0]), ([64, 8], [1, 0]), ([128, 70], [1, 0]), ([17, 3, 11], [1, 0, 2]),
    ([17, 3, 11], [2, 1, 0]),
    ([64, 5, 19], [2, 0, 1]), ([8, 9, 10, 3], [3, 0, 1, 2]), ([1100, 1000], [1, 0]),
  ]

  @Test("dimensions in another order: fast equals reference", arguments: orders)
  func order(sizes: [Int], order: [Int]) {
    let steps = sizes.indices.map { sizes[..<$0].reduce(1, *) }
    var view = StridedView(from: 0)
    for dimension in order { view.append(size: sizes[dimension], step: steps[dimension]) }
    let x = (0..<view.count).map { Float($0) }
    let y = written(view.count) { fast.read(x.span, through: view, into: &$0) }
    #expect(y == written(view.count) { reference.read(x.span, through: view, into: &$0) })
  }

  @Test("rows are placed in a larger tensor", arguments: [(0, 3), (4, 0), (1, 5), (3, 4), (70, 33)])
  func placing(rows: Int, width: Int) {
    var numbers = Numbers()
    let x = numbers.normal(rows * width)
    let step = width + 2
    let (quick, slow) = (
      written(rows * step + 1) {
        fast.place(x.span, rows: rows, width: width, into: &$0, from: 1, step: step)
      },
      written(rows * step + 1) {
        reference.place(x.span, rows: rows, width: width, into: &$0, from: 1, step: step)
      }
    )
    expectEqual(quick, slow, "\(rows) rows of \(width)")
    #expect(slow.count(where: { !$0.isNaN }) == rows * width)
  }

  @Test("rows by indices: fast equals reference", arguments: [(1, 5, 1), (3, 7, 33), (2, 4, 0), (0, 3, 2)])
  func rows(outer: Int, count: Int, inner: Int) {
    var numbers = Numbers()
    let shape = ReductionShape(outer: outer, count: count, inner: inner)
    let indices = numbers.classes(9, below: count)
    let x = numbers.normal(outer * count * inner)
    let g = numbers.normal(outer * indices.count * inner)
    expectEqual(
      written(g.count) { fast.take(x.span, at: indices.span, into: &$0, shape) },
      written(g.count) { reference.take(x.span, at: indices.span, into: &$0, shape) }, "take")
    var (quick, slow) = (x, x)
    var quickSpan = quick.mutableSpan
    var slowSpan = slow.mutableSpan
    fast.addTaken(g.span, at: indices.span, into: &quickSpan, shape)
    reference.addTaken(g.span, at: indices.span, into: &slowSpan, shape)
    expectEqual(quick, slow, "addTaken")
  }

  @Test("a matrix is read by columns, backwards, and every row twice")
  func byHand() {
    let x: [Float] = [1, 2, 3, 4, 5, 6]
    func read(from start: Int, _ dimensions: [(Int, Int)]) -> [Float] {
      var view = StridedView(from: start)
      for (size, step) in dimensions { view.append(size: size, step: step) }
      return written(view.count) { reference.read(x.span, through: view, into: &$0) }
    }
    #expect(read(from: 0, [(2, 3), (3, 1)]) == [1, 4, 2, 5, 3, 6])
    #expect(read(from: 5, [(6, -1)]) == [6, 5, 4, 3, 2, 1])
    #expect(read(from: 0, [(3, 1), (2, 0), (2, 3)]) == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
  }

  @Test("dimensions that go on where the last one ended become one, and the reach is known")
  func merging() {
    var view = StridedView(from: 10)
    view.append(size: 3, step: -1)
    view.append(size: 2, step: -3)
    #expect(view.rank == 1 && view.sizes[0] == 6 && view.lowest == 5 && view.highest == 10 && view.count == 6)
    view.append(size: 4, step: 7)
    #expect(view.rank == 2 && view.lowest == 5 && view.highest == 31 && view.count == 24)
  }

  @Test("indices choose rows and elements, and add up on the way back")
  func indices() {
    let x: [Float] = [1, 2, 3, 4, 5, 6]
    let rows = ReductionShape(outer: 1, count: 3, inner: 2)
    let twice: [Int32] = [2, 0, 2]
    #expect(written(6) { reference.take(x.span, at: twice.span, into: &$0, rows) } == [5, 6, 1, 2, 5, 6])
    var sums = [Float](repeating: 0, count: 6)
    var span = sums.mutableSpan
    reference.addTaken(x.span, at: twice.span, into: &span, rows)
    #expect(sums == [3, 4, 0, 0, 6, 8])
    let each: [Int32] = [2, 0, 1, 1]
    #expect(written(4) { reference.gather(x.span, at: each.span, into: &$0, rows) } == [5, 2, 3, 4])
    var back = [Float](repeating: 0, count: 6)
    var backSpan = back.mutableSpan
    reference.scatterAdd([10, 20, 30, 40].span, at: each.span, into: &backSpan, rows)
    #expect(back == [0, 20, 30, 40, 10, 0])
  }

  @Test("running totals from both ends")
  func totals() {
    let x: [Float] = [1, 2, 3, 4, 5, 6]
    let shape = ReductionShape(outer: 1, count: 3, inner: 2)
    #expect(
      written(6) { reference.cumulativeSum(x.span, into: &$0, shape, fromTheEnd: false) } == [
        1, 2, 4, 6, 9, 12,
      ])
    #expect(
      written(6) { reference.cumulativeSum(x.span, into: &$0, shape, fromTheEnd: true) } == [
        9, 12, 8, 10, 5, 6,
      ])
  }
}
