/// The result of `block`, of which nothing is kept for the gradients: they run it a second time.
///
/// Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear Memory Cost", 2016, §3. The gradients are the same to
/// the bit: what drops at random drops alike, and running statistics count the pass once. It costs another forward pass,
/// and saves the activations of all but one block at a time. Outside of a recording it is `block()`.
/// ```swift
/// for block in blocks { x = checkpointed { [x] in block(x) } }
/// ```
///
/// - Parameter block: computes from what it holds; must give the same when it runs again.
public func checkpointed(_ block: @escaping () -> Tensor) -> Tensor {
  let context = ForwardContext.current
  guard let tape = context.tape else { return block() }
  let (around, draws) = (tape.around + [tape.number], context.draws?.copied())
  let probe = Tape(around: around, keepsEntries: false)
  let y = ForwardContext.$current.withValue(context.recording(on: probe)) { block() }
  guard y.place.tape == probe.number else { return y }

  let sources = probe.sources
  let places = sources.map { tape.place(of: $0) ?? .none }
  let output = tape.entered(y, from: .many(places)) { g in
    let again = Tape(around: around)
    let repeated = ForwardContext(
      tape: again, mode: context.mode, draws: draws?.copied(), observer: nil, isRepeated: true)
    let y = ForwardContext.$current.withValue(repeated) { block() }
    let gradients = again.gradients(of: y, seed: g)
    return sources.map { source in again.place(of: source).flatMap { gradients[safe: Int($0.index)] } }
  }
  Observation.observer?.ran(ForwardEvent(inputs: [], output: output, facts: nil, function: "checkpointed"))
  return output
}

extension [Tensor?] {
  /// The gradient at a place; nil for a place that came after the gradients were computed.
  fileprivate subscript(safe index: Int) -> Tensor? { indices.contains(index) ? self[index] : nil }
}
