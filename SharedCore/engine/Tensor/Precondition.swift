/// Traps with a message when `condition` is false.
///
/// The standard library's function of this name traps without a word in optimised code, and the core is always
/// optimised. In this module, this one takes its place and says what is wrong, and where.
@inline(__always)
func precondition(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = "",
  file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition() { preconditionFailure(message(), file: file, line: line) }
}

/// Traps with a message; see `precondition`.
@inline(never)
func preconditionFailure(
  _ message: @autoclosure () -> String = "", file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError(message(), file: file, line: line)  // the only trap of the standard library that always speaks
}
