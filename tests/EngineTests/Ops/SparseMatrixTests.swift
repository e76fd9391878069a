import Testing

@testable import Engine

@Suite("Sparse matrices")
struct SparseMatrixTests {
  let matrix: SparseMatrix = {
    let entries: [(row: Int, column: Int, value: Float)] = [
      (2, 3, 1), (0, 1, 2), (2, 0, 5), (0, 1, 0.5), (2, 3, -4), (0, 0, 1),
    ]
    return SparseMatrix(rows: 3, columns: 4, entries: entries)
  }()

  @Test("entries come in any order, and those at one place are added up")
  func coalesced() {
    #expect(matrix.dense.elements == [1, 2.5, 0, 0, 0, 0, 0, 0, 5, 0, 0, -3])
    #expect(matrix.entryCount == 4 && matrix.dense.shape == [3, 4])
    #expect(matrix.rows.columns == [0, 1, 0, 3] && matrix.rows.starts == [0, 2, 2, 4])
    #expect(matrix.transposed().dense.elements == matrix.dense.transposed().elements)
    #expect(matrix.transposed().transposed() == matrix)
  }

  @Test("the product and its gradient are those of the matrix written out")
  func product() throws {
    let x = Tensor((0..<8).map { Float($0) - 2.5 }, shape: [4, 2])
    let g = Tensor((0..<6).map { Float($0 * $0) }, shape: [3, 2])
    let sparse = valueAndGradients(at: [x], upstream: g) { matmul(matrix, $0[0]) }
    let dense = valueAndGradients(at: [x], upstream: g) { matmul(matrix.dense, $0[0]) }
    #expect(isClose(sparse.value.elements, dense.value.elements, 1e-6))
    #expect(
      isClose(try #require(sparse.gradients[0]).elements, try #require(dense.gradients[0]).elements, 1e-6))
  }

  @Test("matrices without entries, rows or columns")
  func empty() {
    let none = SparseMatrix(rows: 2, columns: 0, entries: [])
    #expect(matmul(none, Tensor([], shape: [0, 3])).elements == [0, 0, 0, 0, 0, 0])
    #expect(matmul(none.transposed(), Tensor([1, 2], shape: [2, 1])).shape == [0, 1])
  }

  @Test("an entry outside of the matrix traps with its place")
  func outside() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SparseMatrix(rows: 2, columns: 2, entries: CollectionOfOne((row: 0, column: 2, value: 1)))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("an entry stands in row 0, column 2 of 2 x 2"))
  }
}
