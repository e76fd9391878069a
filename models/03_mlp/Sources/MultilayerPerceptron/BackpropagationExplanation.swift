import Runner

/// Tells the first samples of backpropagation as they would be written on a blackboard.
struct BackpropagationExplanation {
  let board: Blackboard
  let activation: Activation

  /// One sample has gone forward and its error has come back: sums and outputs, then their derivatives.
  func note(
    row: Int, x: [Float], label: Int, a: [Float], h: [Float], s: [Float], y: [Float], t: [Float],
    ds: [Float], dh: [Float], da: [Float]
  ) {
    typealias B = Blackboard
    let gap = String(repeating: " ", count: max(0, 8 - activation.rawValue.count))
    board.write(
      update: """
        sample of row \(row): \(board.sample(x, label: label)), target t = \(B.vector(t))
          hidden sums      a = W x + b    = \(B.vector(a))
          hidden outputs   h = \(activation.rawValue)(a)\(gap) = \(B.vector(h))
          output sum       s = V h + c    = \(B.vector(s))
          output           y = sigmoid(s) = \(B.vector(y))
          and back again, every line by the one above it:
          by the sum s     ds = dE/ds     = \(B.vector(ds))
          by the outputs h dh = VT ds     = \(B.vector(dh))
          by the sums a    da = dh f'(a)  = \(B.vector(da))
          so this sample adds to dV ds hT, to dc ds, to dW da xT, to db da.

        """)
  }
}
