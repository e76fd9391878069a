/// The sizes of one direction of one recurrent layer, and its way through time.
///
/// Arrays of a sequence have a row for every step of every sample. A row lies at `row(step, sample)`.
public struct RecurrentShape: Hashable, Sendable {
  /// Time steps T, samples N and hidden features H.
  public let steps, samples, hidden: Int
  /// Rows lie as [N, T], a sequence after the other; otherwise as [T, N].
  public let isBatchFirst: Bool
  /// Time runs from the last step to the first.
  public let isReversed: Bool

  /// The sizes of a layer.
  public init(steps: Int, samples: Int, hidden: Int, isBatchFirst: Bool, isReversed: Bool = false) {
    self.steps = steps
    self.samples = samples
    self.hidden = hidden
    self.isBatchFirst = isBatchFirst
    self.isReversed = isReversed
  }

  /// How many rows a sequence array has.
  public var rows: Int { steps * samples }

  /// Where the numbers of a sample lie at the `number`-th step that is computed.
  public func row(_ number: Int, _ sample: Int) -> Int {
    let step = isReversed ? steps - 1 - number : number
    return isBatchFirst ? sample * steps + step : step * samples + sample
  }

  /// The distance between the rows of two neighbouring samples.
  public var rowsBetweenSamples: Int { isBatchFirst ? steps : 1 }
}

/// Recurrent layers, a whole sequence at once.
///
/// The part of every gate that comes from the input, `x`, is computed beforehand for all steps together: a product of
/// matrices. What remains is the recurrence, which has to go step by step: h is the state before a step, `weight` its
/// matrix, and the gates' rows lie in it one gate after the other, in PyTorch's order. An empty span of a beginning stands
/// for zeros.
///
/// The backward passes give `dx`, the gradient by that part from the input. They leave the weights' gradient to a product
/// over all steps at once.
public protocol RecurrentKernels {
  /// h' = f(x + W h), f being tanh or relu (Elman 1990).
  ///
  /// - Parameters:
  ///   - x: [rows, H].
  ///   - weight: W [H, H].
  ///   - h0: [N, H], or empty.
  ///   - y: h' of every step, [rows, H].
  func elman(
    _ x: Span<Float>, weight: Span<Float>, h0: Span<Float>, into y: inout MutableSpan<Float>,
    _ shape: RecurrentShape, _ activation: RecurrentActivation)

  /// dx = (g + WT dx of the step after) f', dh0 = WT dx of the first step.
  func elmanGradient(
    _ g: Span<Float>, y: Span<Float>, weight: Span<Float>, dx: inout MutableSpan<Float>,
    dh0: inout MutableSpan<Float>, _ shape: RecurrentShape, _ activation: RecurrentActivation)

  /// i, f, o = sigmoid(x + W h), c~ = tanh(x + W h), c' = f c + i c~, h' = o tanh(c') (Hochreiter and Schmidhuber 1997;
  /// Gers et al. 2000).
  ///
  /// - Parameters:
  ///   - x: [rows, 4 H], the gates in the order i, f, c~, o.
  ///   - weight: W [4 H, H].
  ///   - h0, c0: [N, H], or empty.
  ///   - gates: i, f, c~, o of every step, [rows, 4 H].
  ///   - cells: c' of every step, [rows, H].
  ///   - y: h' of every step, [rows, H].
  func lstm(
    _ x: Span<Float>, weight: Span<Float>, h0: Span<Float>, c0: Span<Float>,
    gates: inout MutableSpan<Float>, cells: inout MutableSpan<Float>, into y: inout MutableSpan<Float>,
    _ shape: RecurrentShape)

  /// With dh = g + WT dx of the step after and dc = f dc of the step after + o (1 - tanh(c')^2) dh, each gate's gradient
  /// times the derivative of its function.
  ///
  /// - Parameters:
  ///   - g: the gradient by y, [rows, H].
  ///   - gc: the gradient by the last c', [N, H], or empty.
  ///   - dx: [rows, 4 H].
  ///   - dh0, dc0: [N, H].
  func lstmGradient(
    _ g: Span<Float>, gc: Span<Float>, gates: Span<Float>, cells: Span<Float>, c0: Span<Float>,
    weight: Span<Float>, dx: inout MutableSpan<Float>, dh0: inout MutableSpan<Float>,
    dc0: inout MutableSpan<Float>, _ shape: RecurrentShape)

  /// r, z = sigmoid(x + W h + b), n = tanh(x + r (W h + b)), h' = (1 - z) n + z h (Cho et al. 2014; the reset gate after
  /// the product, as in cuDNN and PyTorch).
  ///
  /// - Parameters:
  ///   - x: [rows, 3 H], the gates in the order r, z, n.
  ///   - weight: W [3 H, H].
  ///   - bias: b [3 H], or empty.
  ///   - h0: [N, H], or empty.
  ///   - gates: r, z, n and W h + b of n at every step, [rows, 4 H].
  ///   - y: h' of every step, [rows, H].
  func gru(
    _ x: Span<Float>, weight: Span<Float>, bias: Span<Float>, h0: Span<Float>,
    gates: inout MutableSpan<Float>, into y: inout MutableSpan<Float>, _ shape: RecurrentShape)

  /// With dh = g + z dh of the step after + WT dp of the step after, each gate's gradient times the derivative of its
  /// function.
  ///
  /// - Parameters:
  ///   - dx: [rows, 3 H].
  ///   - dp: the gradient by W h + b, [rows, 3 H]: that of x, with n's part times r.
  ///   - dh0: [N, H].
  func gruGradient(
    _ g: Span<Float>, gates: Span<Float>, y: Span<Float>, h0: Span<Float>, weight: Span<Float>,
    dx: inout MutableSpan<Float>, dp: inout MutableSpan<Float>, dh0: inout MutableSpan<Float>,
    _ shape: RecurrentShape)

  /// The state before every step, [rows, H], out of the states y after each: those that the gradient of W needs.
  func statesBefore(
    _ y: Span<Float>, h0: Span<Float>, into before: inout MutableSpan<Float>, _ shape: RecurrentShape)
}

/// The function of a simple recurrent layer.
public enum RecurrentActivation: String, CaseIterable, Sendable {
  case tanh, relu
}
