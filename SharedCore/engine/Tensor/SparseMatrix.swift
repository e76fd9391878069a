import Kernels
import Utils

/// A matrix of which only the entries that are not 0 are kept: who is connected with whom in a graph.
///
/// A constant to every derivative.
public struct SparseMatrix: Equatable, Sendable {
  /// How many rows and columns there are.
  public let rowCount, columnCount: Int
  let rows: CompressedRows
  /// The columns as rows, for the derivative of a product.
  let columns: CompressedRows

  /// A matrix of these entries, in any order; those at the same place are added up.
  ///
  /// - Parameters:
  ///   - rows: R, below 2^31.
  ///   - columns: C, below 2^31.
  ///   - entries: each with its row in 0..<R and its column in 0..<C; traps otherwise.
  public init(
    rows: Int, columns: Int, entries: some Collection<(row: Int, column: Int, value: Float)>
  ) {
    require(
      0...Int(Int32.max) ~= rows && 0...Int(Int32.max) ~= columns && entries.count <= Int(Int32.max),
      "SparseMatrix: \(rows) rows, \(columns) columns and \(entries.count) entries are not all below 2^31")
    for (row, column, _) in entries {
      require(
        0..<rows ~= row && 0..<columns ~= column,
        "SparseMatrix: an entry stands in row \(row), column \(column) of \(rows) x \(columns)")
    }
    rowCount = rows
    columnCount = columns
    // sorted by column, then by row without disturbing the columns: both times by counting
    let byColumn = CompressedRows(
      rows: columns, entries.map { (row: $0.column, column: Int32($0.row), value: $0.value) })
    let sorted = byColumn.turned(rows: rows).merged()
    self.rows = sorted
    self.columns = sorted.turned(rows: columns)
  }

  private init(_ rowCount: Int, _ columnCount: Int, rows: CompressedRows, columns: CompressedRows) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rows = rows
    self.columns = columns
  }

  /// How many entries are kept.
  public var entryCount: Int { rows.values.count }

  /// Rows for columns and columns for rows.
  public func transposed() -> SparseMatrix {
    SparseMatrix(columnCount, rowCount, rows: columns, columns: rows)
  }

  /// The same matrix with every 0 written out, [R, C].
  public var dense: Tensor {
    Tensor(shape: [rowCount, columnCount]) { y in
      for i in 0..<y.count { y[i] = 0 }
      for r in 0..<rowCount {
        for e in Int(rows.starts[r])..<Int(rows.starts[r + 1]) {
          y[r * columnCount + Int(rows.columns[e])] = rows.values[e]
        }
      }
    }
  }
}

extension CompressedRows {
  /// Entries put into rows, those of a row in the order in which they come.
  fileprivate init(rows: Int, _ entries: [(row: Int, column: Int32, value: Float)]) {
    var starts = [Int32](repeating: 0, count: rows + 1)
    for entry in entries { starts[entry.row + 1] += 1 }
    for r in 0..<rows { starts[r + 1] += starts[r] }
    var (next, columns, values) = (
      starts, [Int32](repeating: 0, count: entries.count), [Float](repeating: 0, count: entries.count)
    )
    for entry in entries {
      let place = Int(next[entry.row])
      (columns[place], values[place]) = (entry.column, entry.value)
      next[entry.row] += 1
    }
    self.init(starts: starts, columns: columns, values: values)
  }

  /// Every entry with its row.
  private var entries: [(row: Int, column: Int32, value: Float)] {
    (0..<rowCount).flatMap { r in
      (Int(starts[r])..<Int(starts[r + 1])).map { (r, columns[$0], values[$0]) }
    }
  }

  /// Columns as rows; the columns of each come out in rising order.
  fileprivate func turned(rows: Int) -> CompressedRows {
    CompressedRows(rows: rows, entries.map { (row: Int($0.column), column: Int32($0.row), value: $0.value) })
  }

  /// Neighbours of the same column in a row added up.
  fileprivate func merged() -> CompressedRows {
    var single: [(row: Int, column: Int32, value: Float)] = []
    for entry in entries {
      if let last = single.last, last.row == entry.row, last.column == entry.column {
        single[single.count - 1].value += entry.value
      } else {
        single.append(entry)
      }
    }
    return CompressedRows(rows: rowCount, single)
  }
}
