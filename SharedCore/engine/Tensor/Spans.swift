/// Reads an operand that may be missing: no numbers then.
func withSpan<Result>(_ x: Tensor?, _ body: (Span<Float>) throws -> Result) rethrows -> Result {
  guard let x else { return try body(Span()) }
  return try x.withSpan(body)
}

/// Reads two operands together.
func withSpans<Result>(
  _ a: Tensor?, _ b: Tensor?, _ body: (Span<Float>, Span<Float>) throws -> Result
) rethrows -> Result {
  try withSpan(a) { a in try withSpan(b) { try body(a, $0) } }
}

/// Reads three operands together.
func withSpans<Result>(
  _ a: Tensor?, _ b: Tensor?, _ c: Tensor?, _ body: (Span<Float>, Span<Float>, Span<Float>) throws -> Result
) rethrows -> Result {
  try withSpans(a, b) { a, b in try withSpan(c) { try body(a, b, $0) } }
}

/// Reads five operands together.
func withSpans<Result>(
  _ a: Tensor?, _ b: Tensor?, _ c: Tensor?, _ d: Tensor?, _ e: Tensor?,
  _ body: (Span<Float>, Span<Float>, Span<Float>, Span<Float>, Span<Float>) throws -> Result
) rethrows -> Result {
  try withSpans(a, b, c) { a, b, c in try withSpans(d, e) { try body(a, b, c, $0, $1) } }
}
