/// Records an operation with two results, of which the first is the usual one.
///
/// `pullback` gets the gradients by both; that by the second is nil where nothing came of it.
func record(
  _ y: Tensor, and second: Tensor, from inputs: [Tensor], function: StaticString = #function,
  pullback: @escaping (_ g: Tensor, _ ofSecond: Tensor?) -> [Tensor?]
) -> (Tensor, Tensor) {
  let box = SecondGradient()
  let y = record(y, from: inputs, function: function) { g in pullback(g, box.gradient) }
  // The second stands on the tape behind the first, so its gradient is there when the first is pulled back; the first
  // must be pulled back even where nothing else came of it, and zeros see to that.
  let shape = y.shape
  let second = record(second, from: y, function: function) { g in
    box.gradient = g
    return [Tensor(repeating: 0, shape: shape)]
  }
  return (y, second)
}

private final class SecondGradient {
  var gradient: Tensor?
}
