import CVector
import Utils

/// Sums sixteen side by side, still in double precision, and loops without questions inside them.
extension FastKernels {
  /// The three passes of the reference.
  public func rowNorm(
    _ x: Span<Float>, weight: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    means: inout MutableSpan<Float>, scales: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    let count = shape.rows * shape.width
    require(x.count >= count && y.count >= count && shape.accepts(weight) && shape.accepts(bias))
    require(means.count >= shape.rows && scales.count >= shape.rows)
    var loops = vector_row_norm(shape)
    vector_row_norm_forward(
      x.address, weight.address, bias.address, y.address, means.address, scales.address, &loops)
  }

  /// h is made in the place of dx, so that its sums and the formula read neighbours.
  public func rowNormInputGradient(
    _ g: Span<Float>, x: Span<Float>, weight: Span<Float>, means: Span<Float>, scales: Span<Float>,
    into dx: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    let count = shape.rows * shape.width
    require(g.count >= count && x.count >= count && dx.count >= count && shape.accepts(weight))
    require(means.count >= shape.rows && scales.count >= shape.rows)
    var loops = vector_row_norm(shape)
    vector_row_norm_input_gradient(
      g.address, x.address, weight.address, means.address, scales.address, dx.address, &loops)
  }

  /// Row by row into the sums, which a row of features leaves side by side.
  public func rowNormParameterGradients(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>,
    weight dweight: inout MutableSpan<Float>, bias dbias: inout MutableSpan<Float>, _ shape: RowNormShape
  ) {
    let (count, wantsBias) = (shape.rows * shape.width, dbias.count > 0)
    require(g.count >= count && x.count >= count && dweight.count >= shape.weightCount)
    require(!wantsBias || dbias.count >= shape.weightCount)
    require(means.count >= shape.rows && scales.count >= shape.rows)
    var loops = vector_row_norm(shape)
    vector_row_norm_parameter_gradients(
      g.address, x.address, means.address, scales.address, dweight.address, dbias.address,
      &loops)
  }
}

extension RowNormShape {
  /// Weights or biases of the right number, or none.
  func accepts(_ weights: Span<Float>) -> Bool { weights.isEmpty || weights.count >= weightCount }
}

extension vector_row_norm {
  fileprivate init(_ shape: RowNormShape) {
    self.init(
      rows: Int64(shape.rows), width: Int64(shape.width), cycle: Int64(shape.cycle),
      shared: Int64(shape.shared), is_centred: shape.isCentred ? 1 : 0, epsilon: shape.epsilon)
  }
}
