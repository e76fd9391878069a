extension Span where Element == Float {
  /// Where the numbers lie, for a call of C that is over before the span is; nil of none.
  @inline(__always) var address: UnsafePointer<Float>? {
    isEmpty ? nil : withUnsafeBufferPointer { $0.baseAddress }
  }
}

extension Span where Element == Int32 {
  /// Where the numbers lie, for a call of C that is over before the span is; nil of none.
  @inline(__always) var address: UnsafePointer<Int32>? {
    isEmpty ? nil : withUnsafeBufferPointer { $0.baseAddress }
  }
}

extension MutableSpan where Element == Float {
  /// Where the numbers lie, for a call of C that is over before the span is; nil of none.
  @inline(__always) var address: UnsafeMutablePointer<Float>? {
    mutating get { isEmpty ? nil : withUnsafeMutableBufferPointer { $0.baseAddress } }
  }
}

extension MutableSpan where Element == Int32 {
  /// Where the numbers lie, for a call of C that is over before the span is; nil of none.
  @inline(__always) var address: UnsafeMutablePointer<Int32>? {
    mutating get { isEmpty ? nil : withUnsafeMutableBufferPointer { $0.baseAddress } }
  }
}
