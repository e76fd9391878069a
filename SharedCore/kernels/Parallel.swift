import CTeam

/// Runs body(0), body(1), ... body(parts - 1), shared out between the threads that may be used.
///
/// - Parameter work: how many numbers are touched in all; little work stays on the calling thread.
func inParallel(_ parts: Int, work: Int, _ body: @Sendable (Int) -> Void) {
  guard parts > 1, work > 100_000 else {
    for part in 0..<parts { body(part) }
    return
  }
  withoutActuallyEscaping(body) { body in
    var call = body
    withUnsafeMutablePointer(to: &call) { call in
      team_share(
        Int32(parts),
        { call, part in
          call?.assumingMemoryBound(to: (@Sendable (Int) -> Void).self).pointee(Int(part))
        }, call)
    }
  }
}

/// An address that threads share while each works on its own part of what lies there.
struct Unchecked<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
