extension Span where Element == Float {
  /// Where the numbers lie, for a call of C that is over before the span is.
  @inline(__always) var address: UnsafePointer<Float>? { withUnsafeBufferPointer { $0.baseAddress } }
}

extension Span where Element == Int32 {
  /// Where the numbers lie, for a call of C that is over before the span is.
  @inline(__always) var address: UnsafePointer<Int32>? { withUnsafeBufferPointer { $0.baseAddress } }
}

extension MutableSpan where Element == Float {
  /// Where the numbers lie, for a call of C that is over before the span is.
  @inline(__always) var address: UnsafeMutablePointer<Float>? {
    mutating get { withUnsafeMutableBufferPointer { $0.baseAddress } }
  }
}
