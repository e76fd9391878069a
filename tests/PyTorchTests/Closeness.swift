/// The same numbers to `tolerance` of 1 + |expected|; NaN and infinities in the same places.
func isClose(_ found: [Float], _ expected: [Float], _ tolerance: Float) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy { x, y in
      x == y || (x.isNaN && y.isNaN) || Swift.abs(x - y) <= tolerance * (1 + Swift.abs(y))
    }
}
