/// Stops the process with a sentence when a programmer has broken a contract: shapes that do not fit, an index out of range.
///
/// The standard `precondition` says nothing in an optimised build, and the core is always optimised; this one names the
/// facts there too. What a user or a file can get wrong is a `LabError` instead.
///
/// - Parameters:
///   - condition: what must hold.
///   - message: what does not, with the facts: "matmul: shapes [2, 3] and [4, 5] do not multiply".
@inline(__always)
public func require(
  _ condition: Bool, _ message: @autoclosure () -> String = "sizes and buffers do not fit each other",
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { trap(message(), file: file, line: line) }
}

/// Stops the process with a sentence: a place was reached that no correct program reaches.
@inline(never)
public func trap(_ message: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)
}
