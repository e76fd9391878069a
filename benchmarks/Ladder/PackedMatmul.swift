import CTile
import Kernels

/// A small product that fits into the registers: `rows` x `columns` sums over k.
struct Tile: Sendable {
  let rows, columns: Int
  /// sums[rows][columns] = A B, where A lies as [k][rows] and B as [k][columns].
  let multiply:
    @Sendable (
      _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ k: Int, _ sums: UnsafeMutablePointer<Float>
    ) -> Void

  /// In vectors that every processor has.
  static let portable = Tile(rows: 4, columns: 8) { a, b, k, sums in
    var (c0, c1, c2, c3) = (Eight(), Eight(), Eight(), Eight())
    for p in 0..<k {
      let row = UnsafeRawPointer(b + p &* 8).loadUnaligned(as: Eight.self)
      let column = a + p &* 4
      c0 += column[0] * row
      c1 += column[1] * row
      c2 += column[2] * row
      c3 += column[3] * row
    }
    let to = UnsafeMutableRawPointer(sums)
    to.storeBytes(of: c0, as: Eight.self)
    to.storeBytes(of: c1, toByteOffset: 32, as: Eight.self)
    to.storeBytes(of: c2, toByteOffset: 64, as: Eight.self)
    to.storeBytes(of: c3, toByteOffset: 96, as: Eight.self)
  }

  /// In the vectors of the processor that runs it.
  static let wide = Tile(rows: Int(tile_rows), columns: Int(tile_columns)) {
    tile_product($0, $1, Int64($2), $3)
  }
}

/// C = A B, tile by tile, from copies of A and B in which a tile reads one number after the other.
///
/// In A a tile's rows are k numbers apart, in B its next row is n numbers further: each is another line of the cache,
/// often another page. The copies cost m k + k n moves beside m n k multiplications. For each 256 of the k terms:
///
///   A panels [m / rows][256][rows]   all of them, in the second cache
///   B panel  [256][columns]          one at a time, in the first cache, until every panel of A has met it
///
/// This is the structure of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008.
func packed(
  _ a: Span<Float>, _ b: Span<Float>, _ c: inout MutableSpan<Float>, _ shape: MatmulShape, _ tile: Tile
) {
  let (m, n, k) = (shape.m, shape.n, shape.k)
  for i in 0..<m * n { c[unchecked: i] = 0 }
  let depth = min(k, 256)
  let panels = (m + tile.rows - 1) / tile.rows
  // What lies beyond the last row and column stays 0, so that a tile at the edge computes as every other.
  var panelsOfA = [Float](repeating: 0, count: panels * tile.rows * depth)
  var panelOfB = [Float](repeating: 0, count: tile.columns * depth)
  var sums = [Float](repeating: 0, count: tile.rows * tile.columns)
  for first in stride(from: 0, to: k, by: 256) {
    let terms = min(256, k - first)
    for i in 0..<m {
      let start = i / tile.rows * tile.rows * depth + i % tile.rows
      for p in 0..<terms { panelsOfA[start + p * tile.rows] = a[unchecked: i &* k &+ first &+ p] }
    }
    for j in stride(from: 0, to: n, by: tile.columns) {
      let width = min(tile.columns, n - j)
      for p in 0..<terms {
        for lane in 0..<tile.columns {
          panelOfB[p * tile.columns + lane] = lane < width ? b[unchecked: (first &+ p) &* n &+ j &+ lane] : 0
        }
      }
      for panel in 0..<panels {
        let i = panel * tile.rows
        panelsOfA.withUnsafeBufferPointer {
          tile.multiply($0.baseAddress! + i * depth, panelOfB, terms, &sums)
        }
        for row in 0..<min(tile.rows, m - i) {
          for lane in 0..<width {
            c[unchecked: (i &+ row) &* n &+ j &+ lane] += sums[row * tile.columns + lane]
          }
        }
      }
    }
  }
}
