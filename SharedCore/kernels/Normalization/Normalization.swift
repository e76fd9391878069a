/// x seen as rows of neighbours, each normalised by its own mean and variance: layer, group, instance and RMS norm.
///
/// They differ in what a row is and in how weights lie over it. Layer norm: rows of D features, D weights for all of
/// them. Group norm of [N, C, S]: rows of C/G channels with their space, a weight for each channel, the same again
/// after G rows. Instance norm: group norm with G = C.
public struct RowNormShape: Hashable, Sendable {
  /// How many rows there are, and how many numbers each has.
  public let rows, width: Int
  /// After how many rows the weights begin again.
  public let cycle: Int
  /// How many neighbours share a weight.
  public let shared: Int
  /// The mean is subtracted; RMS norm leaves it.
  public let isCentred: Bool
  /// What is added to the variance, so that its root can divide.
  public let epsilon: Float

  /// Rows of these sizes.
  public init(rows: Int, width: Int, cycle: Int = 1, shared: Int = 1, isCentred: Bool = true, epsilon: Float)
  {
    self.rows = rows
    self.width = width
    self.cycle = cycle
    self.shared = shared
    self.isCentred = isCentred
    self.epsilon = epsilon
  }

  /// How many weights there are.
  public var weightCount: Int { cycle * width / max(shared, 1) }
}

/// x [N, C, S] normalised channel by channel over the whole batch.
public struct BatchNormShape: Hashable, Sendable {
  /// N, C, and S places of space.
  public let batch, channels, space: Int

  /// These sizes.
  public init(batch: Int, channels: Int, space: Int) {
    self.batch = batch
    self.channels = channels
    self.space = space
  }

  /// How many numbers one channel has.
  public var valuesPerChannel: Int { batch * space }
}

/// Normalisation: x' = (x - mean) / sqrt(variance + epsilon), then y = weight x' + bias.
///
/// Weights and biases may be empty spans, for 1 and 0. Variances divide by the count, not by one less. `scales` are
/// 1 / sqrt(variance + epsilon): what the gradients need again.
public protocol NormalizationKernels {
  /// y of every row; `means` and `scales` get a number a row. Without centring the mean is 0.
  func rowNorm(
    _ x: Span<Float>, weight: Span<Float>, bias: Span<Float>, into y: inout MutableSpan<Float>,
    means: inout MutableSpan<Float>, scales: inout MutableSpan<Float>, _ shape: RowNormShape)

  /// dx = scale (h - mean(h) - x' mean(h x')) with h = g weight; without centring the term mean(h) is left out.
  func rowNormInputGradient(
    _ g: Span<Float>, x: Span<Float>, weight: Span<Float>, means: Span<Float>, scales: Span<Float>,
    into dx: inout MutableSpan<Float>, _ shape: RowNormShape)

  /// dweight = sum of g x', dbias = sum of g, over everything that shares them; an empty dbias is not wanted.
  func rowNormParameterGradients(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>,
    weight dweight: inout MutableSpan<Float>, bias dbias: inout MutableSpan<Float>, _ shape: RowNormShape)

  /// The mean and the variance of every channel; 0 of nothing.
  func channelStatistics(
    _ x: Span<Float>, means: inout MutableSpan<Float>, variances: inout MutableSpan<Float>,
    _ shape: BatchNormShape)

  /// y = weight (x - mean) scale + bias, each of a number a channel.
  func channelNorm(
    _ x: Span<Float>, means: Span<Float>, scales: Span<Float>, weight: Span<Float>, bias: Span<Float>,
    into y: inout MutableSpan<Float>, _ shape: BatchNormShape)

  /// dweight = sum of g x', dbias = sum of g, over each channel.
  func channelNormParameterGradients(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>,
    weight dweight: inout MutableSpan<Float>, bias dbias: inout MutableSpan<Float>, _ shape: BatchNormShape)

  /// dx = weight scale (g - dbias / count - x' dweight / count), where means and scales came from x itself.
  func channelNormInputGradient(
    _ g: Span<Float>, x: Span<Float>, means: Span<Float>, scales: Span<Float>, weight: Span<Float>,
    dweight: Span<Float>, dbias: Span<Float>, into dx: inout MutableSpan<Float>, _ shape: BatchNormShape)

  /// y = x / s^beta with s = k + alpha / size times the sum of x^2 over the `size` channels around; x is [N, C, S].
  func localResponseNorm(
    _ x: Span<Float>, into y: inout MutableSpan<Float>, divisors s: inout MutableSpan<Float>,
    _ norm: LocalResponse, _ shape: BatchNormShape)

  /// dx = g / s^beta - 2 alpha beta / size x times the sum of g x / s^(beta + 1) over the channels whose sum it is in.
  func localResponseNormGradient(
    _ g: Span<Float>, x: Span<Float>, divisors s: Span<Float>, into dx: inout MutableSpan<Float>,
    _ norm: LocalResponse, _ shape: BatchNormShape)
}

/// The constants of local response normalisation.
public struct LocalResponse: Hashable, Sendable {
  /// How many channels are summed over, the channel itself in the middle.
  public let size: Int
  /// The factor of the sum, the exponent, and the constant.
  public let alpha, beta, k: Float

  /// These constants.
  public init(size: Int, alpha: Float, beta: Float, k: Float) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  /// The channels around c; an even size reaches further down.
  func neighbours(of c: Int, channels: Int) -> Range<Int> {
    max(0, c - size / 2)..<min(channels, c + (size - 1) / 2 + 1)
  }

  /// The channels in whose sums c is.
  func observers(of c: Int, channels: Int) -> Range<Int> {
    max(0, c - (size - 1) / 2)..<min(channels, c + size / 2 + 1)
  }
}
