import Runner

/// Tells the first samples of backpropagation as they would be written on a blackboard.
final class BackpropagationExplanation {
  private var remaining: Int
  private let features: [String]
  private let classes: [String]
  private let activation: Activation
  private let tell: (String) -> Void

  init(
    _ count: Int, features: [String], classes: [String], activation: Activation,
    tell: @escaping (String) -> Void
  ) {
    remaining = count
    self.features = features
    self.classes = classes
    self.activation = activation
    self.tell = tell
  }

  /// Everything has been told.
  var isOver: Bool { remaining == 0 }

  /// One sample has gone forward and its error has come back: sums and outputs, then their derivatives.
  func note(
    index: Int, x: [Float], label: Int, a: [Float], h: [Float], s: [Float], y: [Float], t: [Float],
    ds: [Float], dh: [Float], da: [Float]
  ) {
    remaining -= 1
    typealias B = Blackboard
    let names = features.isEmpty || features.count > 4 ? "" : "  (\(features.joined(separator: ", ")))"
    tell(
      """
      sample of row \(index): x = \(B.vector(x))\(names), class \(classes[label]), target t = \(B.vector(t))
        hidden sums      a = W x + b    = \(B.vector(a))
        hidden outputs   h = \(activation.rawValue)(a)\(String(repeating: " ", count: max(0, 8 - activation.rawValue.count))) = \(B.vector(h))
        output sum       s = V h + c    = \(B.vector(s))
        output           y = sigmoid(s) = \(B.vector(y))
        and back again, every line by the one above it:
        by the sum s     ds = dE/ds     = \(B.vector(ds))
        by the outputs h dh = VT ds     = \(B.vector(dh))
        by the sums a    da = dh f'(a)  = \(B.vector(da))
        so this sample adds to dV ds hT, to dc ds, to dW da xT, to db da.

      """)
    if remaining == 0 { tell("From here on the same rule goes on without words.\n") }
  }
}
