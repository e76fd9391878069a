import CLAPACK
import Utils

/// A matrix as LAPACK has it: column-major, in double precision, so that the rank is decided on the numbers and not on
/// their rounding.
struct Columns {
  let rows, columns: Int
  var numbers: [Double]

  /// Zeros.
  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    numbers = [Double](repeating: 0, count: rows * columns)
  }

  /// The numbers of `matrix` [M, N], with rows of zeros below them up to `rows`.
  ///
  /// Throws a `LabError` for NaN and infinity. Traps when it is no matrix, is empty, or is too large for LAPACK's indices.
  init(_ matrix: Tensor, rows: Int = 0, of function: String) throws {
    require(
      matrix.shape.count == 2 && matrix.count > 0, "\(function): a matrix is expected, got \(matrix.shape)")
    require(matrix.count <= Int(Int32.max), "\(function): \(matrix.shape) is too large")
    guard matrix.isFinite else {
      throw LabError(
        .training, "\(function): a number of the matrix \(matrix.shape) is not finite",
        remedy: "look for NaN and infinity in the data")
    }
    let (m, n) = (matrix.shape[0], matrix.shape[1])
    self.init(rows: max(m, rows), columns: n)
    let height = self.rows
    matrix.withSpan { source in
      numbers.withUnsafeMutableBufferPointer { target in
        for row in 0..<m {
          for column in 0..<n { target[column * height + row] = Double(source[row * n + column]) }
        }
      }
    }
  }

  /// The first `count` rows as a tensor [count, N].
  func tensor(rows count: Int? = nil) -> Tensor {
    let shown = count ?? rows
    return Tensor(shape: [shown, columns]) { target in
      for row in 0..<shown {
        for column in 0..<columns { target[row * columns + column] = Float(numbers[column * rows + row]) }
      }
    }
  }

  /// A pointer to the numbers for a function of LAPACK, and what it says of its success, as a `LabError`.
  static func check(_ info: Int32, _ function: String, _ failure: String, remedy: String) throws {
    switch info {
    case 0: return
    case LAPACK_ABSENT:
      throw LabError(
        .device, "\(function) needs LAPACK, which cannot be loaded: \(String(cString: lapack_problem()))",
        remedy: "run scripts/setup, which installs liblapacke and OpenBLAS")
    case ..<0: trap("\(function): LAPACK refuses its argument \(-info)")
    default: throw LabError(.training, "\(function): \(failure)", remedy: remedy)
    }
  }
}
