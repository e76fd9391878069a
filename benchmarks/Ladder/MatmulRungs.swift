import Foundation
import Kernels
import Utils

/// A version of the matrix product C[m,n] = A[m,k] B[k,n], all three row-major.
struct MatmulRung: Sendable {
  /// Computes C whole; the operands lie as they are, none transposed.
  typealias Multiply =
    @Sendable (
      _ a: Span<Float>, _ b: Span<Float>, _ c: inout MutableSpan<Float>, _ shape: MatmulShape
    ) -> Void

  let name: String
  /// One sentence: what is new here, and why it is faster.
  let why: String
  /// How many threads it uses.
  var threads = 1
  let multiply: Multiply

  /// From the formula to the library; what uses threads uses `threads`.
  static func all(threads: Int) -> [MatmulRung] {
    let shared = MatmulRung(
      name: "threads", why: "each thread computes some of the rows", threads: threads,
      multiply: { inThreads(threads, $0, $1, &$2, $3) })
    let library = MatmulRung(
      name: "library", why: "oneDNN: the same idea, its code made for this processor and this shape",
      threads: threads,
      multiply: { a, b, c, shape in FastKernels().matmul(a, b, bias: Span(), into: &c, shape) })
    return onOneThread + (threads > 1 ? [shared] : []) + [library]
  }

  private static let onOneThread = [
    MatmulRung(name: "i, j, p", why: "the formula; each step of p jumps a whole row of B", multiply: sums),
    MatmulRung(
      name: "i, p, j", why: "the reference kernel: B and C are walked along their rows",
      multiply: { a, b, c, shape in ReferenceKernels().matmul(a, b, bias: Span(), into: &c, shape) }),
    MatmulRung(
      name: "unchecked", why: "no bounds check in the loop, so the compiler computes several columns at once",
      multiply: unchecked),
    MatmulRung(
      name: "blocked",
      why: "a block of B stays in the cache for every row of A; it pays once the loop outruns memory",
      multiply: blocked),
    MatmulRung(
      name: "tile", why: "4 x 8 sums stay in registers: C is written once, not at every step of p",
      multiply: tiled),
    MatmulRung(
      name: "packed", why: "panels of A and B are copied into the order in which the tile reads them",
      multiply: { packed($0, $1, &$2, $3, .portable) }),
    MatmulRung(
      name: "wide", why: "6 x 16 sums in the widest vectors of this processor, multiply and add in one",
      multiply: { packed($0, $1, &$2, $3, .wide) }),
  ]

  /// C[i,j] = sum over p of A[i,p] B[p,j], as it is written on the board.
  @Sendable static func sums(
    _ a: Span<Float>, _ b: Span<Float>, _ c: inout MutableSpan<Float>, _ shape: MatmulShape
  ) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    for i in 0..<m {
      for j in 0..<n {
        var sum: Float = 0
        for p in 0..<k { sum += a[i * k + p] * b[p * n + j] }
        c[i * n + j] = sum
      }
    }
  }

  /// The reference with indices that nobody checks.
  @Sendable static func unchecked(
    _ a: Span<Float>, _ b: Span<Float>, _ c: inout MutableSpan<Float>, _ shape: MatmulShape
  ) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    for i in 0..<m * n { c[unchecked: i] = 0 }
    for i in 0..<m {
      for p in 0..<k {
        let aip = a[unchecked: i &* k &+ p]
        for j in 0..<n { c[unchecked: i &* n &+ j] += aip * b[unchecked: p &* n &+ j] }
      }
    }
  }

  /// The same on blocks of 64 x 256 numbers of B: 64 kB, which the second cache holds until all rows of A have met them.
  ///
  /// Where the processor fetches the rows of B ahead in time, as they are read in order, this alone gains nothing: the
  /// loops became shorter. It is the tile that is fast enough to wait for memory.
  @Sendable static func blocked(
    _ a: Span<Float>, _ b: Span<Float>, _ c: inout MutableSpan<Float>, _ shape: MatmulShape
  ) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    for i in 0..<m * n { c[unchecked: i] = 0 }
    for firstP in stride(from: 0, to: k, by: 64) {
      for firstJ in stride(from: 0, to: n, by: 256) {
        let (rows, columns) = (firstP..<min(firstP + 64, k), firstJ..<min(firstJ + 256, n))
        for i in 0..<m {
          for p in rows {
            let aip = a[unchecked: i &* k &+ p]
            for j in columns { c[unchecked: i &* n &+ j] += aip * b[unchecked: p &* n &+ j] }
          }
        }
      }
    }
  }

  /// Four rows and eight columns of C at a time, their 32 sums in eight registers of four.
  ///
  /// A step of p loads eight numbers of B and four of A and makes 64 operations of them; the loops before load and
  /// store a number of C for every two. What is left over at the edges is summed as in the formula.
  @Sendable static func tiled(
    _ a: Span<Float>, _ b: Span<Float>, _ c: inout MutableSpan<Float>, _ shape: MatmulShape
  ) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    for i in stride(from: 0, to: m, by: 4) {
      for j in stride(from: 0, to: n, by: 8) {
        guard i + 4 <= m, j + 8 <= n else {
          for row in i..<min(i + 4, m) {
            for column in j..<min(j + 8, n) {
              var sum: Float = 0
              for p in 0..<k { sum += a[row * k + p] * b[p * n + column] }
              c[row * n + column] = sum
            }
          }
          continue
        }
        var (c0, c1, c2, c3) = (Eight(), Eight(), Eight(), Eight())
        for p in 0..<k {
          let row = Eight(b, from: p &* n &+ j)
          c0 += a[unchecked: i &* k &+ p] * row
          c1 += a[unchecked: (i &+ 1) &* k &+ p] * row
          c2 += a[unchecked: (i &+ 2) &* k &+ p] * row
          c3 += a[unchecked: (i &+ 3) &* k &+ p] * row
        }
        for (row, sums) in [c0, c1, c2, c3].enumerated() {
          for lane in 0..<8 { c[(i + row) * n + j + lane] = sums[lane] }
        }
      }
    }
  }

  /// `wide` on some of the rows in each of `count` threads; each packs B for itself.
  static func inThreads(
    _ count: Int, _ a: Span<Float>, _ b: Span<Float>, _ c: inout MutableSpan<Float>, _ shape: MatmulShape
  ) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          nonisolated(unsafe) let (a, b, c) = (a, b, c)  // every thread writes rows of its own
          DispatchQueue.concurrentPerform(iterations: count) { part in
            let rows = m * part / count..<m * (part + 1) / count
            var mine = UnsafeMutableBufferPointer(rebasing: c[rows.lowerBound * n..<rows.upperBound * n])
              .mutableSpan
            packed(
              UnsafeBufferPointer(rebasing: a[rows.lowerBound * k..<rows.upperBound * k]).span, b.span, &mine,
              MatmulShape(m: rows.count, n: n, k: k), .wide)
          }
        }
      }
    }
  }
}

/// A vector of eight numbers; the compiler makes two registers of it where they hold four.
typealias Eight = SIMD8<Float>

extension Eight {
  /// The eight numbers from a place on, which must be there.
  @inline(__always) init(_ numbers: Span<Float>, from place: Int) {
    self = unsafe numbers.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place &* 4, as: Eight.self) }
  }
}
