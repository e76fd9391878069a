import CVector

/// Runs `body` for 0 ..< `parts`, each once, in any order and on any of the threads that the process may use.
func inParallel(_ parts: Int, _ body: (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    withUnsafePointer(to: body) { body in
      vector_parallel(
        Int32(parts),
        { context, part in
          context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(part))
        }, UnsafeMutableRawPointer(mutating: body))
    }
  }
}
