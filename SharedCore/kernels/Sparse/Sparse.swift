/// A sparse matrix in compressed rows: entries `starts[r]..<starts[r + 1]` belong to row r.
///
/// Whoever makes one answers for it: starts rise from 0 to the number of entries, columns lie within the matrix.
public struct CompressedRows: Equatable, Sendable {
  /// Where each row begins among the entries, and at the end how many there are.
  public let starts: [Int32]
  /// The column of each entry.
  public let columns: [Int32]
  /// The value of each entry.
  public let values: [Float]

  /// Rows of entries.
  public init(starts: [Int32], columns: [Int32], values: [Float]) {
    self.starts = starts
    self.columns = columns
    self.values = values
  }

  /// How many rows there are.
  public var rowCount: Int { starts.count - 1 }
}

/// Products with sparse matrices.
public protocol SparseKernels {
  /// Y = A X.
  ///
  /// - Parameters:
  ///   - x: as many rows as A has columns, of `width` numbers each.
  ///   - y: as many rows as A has, of `width` numbers each, written whole.
  func sparseMatmul(
    _ a: CompressedRows, _ x: Span<Float>, into y: inout MutableSpan<Float>, width: Int)
}
