extension Tensor {
  /// A tensor whose values are undefined: an operation with several results writes each by `write`.
  static func unwritten(_ shape: Shape) -> Tensor { Tensor(shape: shape) { _ in } }

  /// Writes the elements in place; only for who has just made the tensor and shown it to nobody.
  func write(_ body: (inout MutableSpan<Float>) throws -> Void) rethrows {
    var span = UnsafeMutableBufferPointer(start: storage.start + offset, count: count).mutableSpan
    try withExtendedLifetime(storage) { try body(&span) }
  }
}
