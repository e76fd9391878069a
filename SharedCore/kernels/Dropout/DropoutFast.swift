import CVector
import Utils

extension FastKernels {
  /// CVector's loop: 16 hashes side by side, whose halves serve 32 elements.
  public func dropout(_ x: Span<Float>, into y: inout MutableSpan<Float>, _ pattern: DropoutPattern) {
    require(x.count >= y.count)
    var settings = vector_dropout_pattern(
      first: pattern.first, second: pattern.second, threshold: pattern.threshold, scale: pattern.scale)
    vector_dropout(x.address, y.address, Int64(y.count), &settings)
  }
}
