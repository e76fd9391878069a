import Testing
import Utils

@testable import Engine

/// The decompositions against answers that are known, against their own definitions, and at their limits.
@Suite struct LinearAlgebraTests {
  private func random(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var stream = RandomStream(seed: seed)
    return .normal(shape: shape, using: &stream)
  }

  private func farthest(_ a: Tensor, _ b: Tensor) -> Float {
    #expect(a.shape == b.shape)
    return zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
  }

  private func identity(_ n: Int) -> Tensor {
    Tensor((0..<n * n).map { $0 % (n + 1) == 0 ? 1 : 0 }, shape: [n, n])
  }

  /// y = 1 + 2 x through three points that lie on it, and through four that do not: by hand, slope 1.4, intercept 1.5.
  @Test func theLineOfLeastSquares() throws {
    let exact = try leastSquares(Tensor([1, 0, 1, 1, 1, 2], shape: [3, 2]), Tensor([1, 3, 5]))
    #expect(exact.solution.shape == [2, 1] && exact.rank == 2)
    #expect(farthest(exact.solution, Tensor([1, 2], shape: [2, 1])) < 1e-6)
    let best = try leastSquares(
      Tensor([1, 0, 1, 1, 1, 2, 1, 3], shape: [4, 2]), Tensor([1, 4, 4, 5.4]))
    // sums: n 4, x 6, x² 14, y 14.4, xy 28.2: slope (4·28.2 - 6·14.4) / (4·14 - 36) = 1.32, intercept 3.6 - 1.32·1.5
    #expect(farthest(best.solution, Tensor([1.62, 1.32], shape: [2, 1])) < 1e-5)
  }

  @Test func theResidualStandsOnTheColumns() throws {
    let (a, b) = (random([40, 6]), random([40, 3], seed: 2))
    let answer = try leastSquares(a, b)
    let residual = b - matmul(a, answer.solution)
    #expect(matmul(a.transposed(), residual).elements.allSatisfy { abs($0) < 1e-4 })
    #expect(answer.rank == 6 && answer.singularValues.shape == [6])
  }

  /// Two equal columns: of all solutions the shortest shares the weight between them.
  @Test func ofManySolutionsTheShortest() throws {
    let a = Tensor([1, 1, 2, 2, 3, 3], shape: [3, 2])
    let answer = try leastSquares(a, Tensor([2, 4, 6]))
    #expect(answer.rank == 1 && farthest(answer.solution, Tensor([1, 1], shape: [2, 1])) < 1e-6)
    let wide = try leastSquares(Tensor([3, 4], shape: [1, 2]), Tensor([25]))
    #expect(farthest(wide.solution, Tensor([3, 4], shape: [2, 1])) < 1e-5)
  }

  @Test(arguments: [[7, 4], [4, 7], [5, 5], [1, 6], [6, 1]])
  func singularValuesPutTheMatrixTogetherAgain(shape: [Int]) throws {
    let a = random(Shape(shape))
    let parts = try singularValueDecomposition(a)
    let count = min(shape[0], shape[1])
    #expect(parts.u.shape == [shape[0], count] && parts.vT.shape == [count, shape[1]])
    #expect(parts.s.elements == parts.s.elements.sorted(by: >) && parts.s.elements.allSatisfy { $0 >= 0 })
    #expect(farthest(matmul(parts.u * parts.s, parts.vT), a) < 1e-5)
    #expect(farthest(matmul(parts.u.transposed(), parts.u), identity(count)) < 1e-5)
    #expect(farthest(matmul(parts.vT, parts.vT.transposed()), identity(count)) < 1e-5)
  }

  @Test func singularValuesOfAKnownMatrix() throws {
    // aT a = [[9, 12], [12, 41]] has the eigenvalues 45 and 5
    let s = try singularValueDecomposition(Tensor([3, 4, 0, 5], shape: [2, 2])).s
    #expect(farthest(s, Tensor([Float(45).squareRoot(), Float(5).squareRoot()])) < 1e-5)
  }

  /// The four equations of Penrose (1955), for full rank and for rank 2.
  @Test(arguments: [0, 1]) func thePseudoinverseIsTheOneOfPenrose(isDeficient: Int) throws {
    let a = isDeficient == 0 ? random([6, 4]) : matmul(random([6, 2]), random([2, 4], seed: 3))
    let p = try pseudoinverse(a)
    #expect(p.shape == [4, 6])
    let (ap, pa) = (matmul(a, p), matmul(p, a))
    #expect(farthest(matmul(ap, a), a) < 1e-4 && farthest(matmul(pa, p), p) < 1e-4)
    #expect(farthest(ap.transposed(), ap) < 1e-4 && farthest(pa.transposed(), pa) < 1e-4)
    #expect(
      farthest(try pseudoinverse(Tensor(repeating: 0, shape: [2, 3])), Tensor(repeating: 0, shape: [3, 2]))
        == 0)
  }

  @Test func linearEquations() throws {
    let x = try solve(Tensor([0, 2, 3, 1], shape: [2, 2]), Tensor([4, 7]))  // rows must be exchanged
    #expect(farthest(x, Tensor([5 / 3.0, 2], shape: [2, 1])) < 1e-6)
    let (a, b) = (random([30, 30]), random([30, 4], seed: 5))
    #expect(farthest(matmul(a, try solve(a, b)), b) < 1e-3)
  }

  @Test func whatCannotBeSolvedIsSaid() throws {
    let singular = Tensor([1, 2, 2, 4], shape: [2, 2])
    let error = try #require(throws: LabError.self) { try solve(singular, Tensor([1, 1])) }
    #expect(
      error.description
        == "solve: the matrix [2, 2] is singular; take leastSquares, which needs no full rank.")
    for bad in [Float.nan, .infinity] {
      let matrix = Tensor([1, bad, 2, 4], shape: [2, 2])
      #expect(throws: LabError.self) { try leastSquares(matrix, Tensor([1, 1])) }
      #expect(throws: LabError.self) { try pseudoinverse(matrix) }
      #expect(throws: LabError.self) { try solve(singular, Tensor([1, bad])) }
    }
  }
}
