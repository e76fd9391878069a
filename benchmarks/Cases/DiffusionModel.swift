import Engine
import Utils

extension BenchCase {
  /// A diffusion model that learns which noise was added to pictures of 32 x 32.
  static let ddpm: BenchCase = {
    let preparation = { @Sendable (batch: Int) -> Preparation in
      { random in
        let model = NoisePredictor(width: 64, using: &random)
        let x = Tensor.normal(shape: [batch, 3, 32, 32], using: &random)
        let times = Tensor.uniform(0..<1000, shape: [batch], using: &random)
        let noise = Tensor.normal(shape: x.shape, using: &random)
        return training(adam(model.parameters())) { squaredError(model(x + noise, at: times), noise) }
      }
    }
    return BenchCase(
      name: "ddpm", batch: 16, operations: 108.63e9, check: preparation(1), prepare: preparation(16))
  }()
}

/// The network of Ho, Jain, Abbeel, "Denoising Diffusion Probabilistic Models", 2020, appendix B, small: three
/// resolutions, attention at the second and in the middle.
private final class NoisePredictor: Module {
  let time: Sequential
  let input: Conv2d
  let down: [TimedBlock]
  let shrink: [Conv2d]
  let attention, middleAttention: SelfAttention2d
  let middle: TimedBlock
  let up: [TimedBlock]
  let grow: [Conv2d]
  let output: Sequential
  private let width: Int

  init(width w: Int, using random: inout RandomStream) {
    let t = 4 * w
    width = w
    time = Sequential(Linear(w, t, using: &random), SiLU(), Linear(t, t, using: &random), SiLU())
    input = Conv2d(3, w, kernel: 3, padding: 1, using: &random)
    down = [(w, w), (w, w), (w, 2 * w), (2 * w, 2 * w), (2 * w, 2 * w)].map {
      TimedBlock($0.0, $0.1, time: t, using: &random)
    }
    shrink = [w, 2 * w].map { Conv2d($0, $0, kernel: 3, stride: 2, padding: 1, using: &random) }
    attention = SelfAttention2d(2 * w, using: &random)
    middleAttention = SelfAttention2d(2 * w, using: &random)
    middle = TimedBlock(2 * w, 2 * w, time: t, using: &random)
    up = [(4 * w, 2 * w), (4 * w, 2 * w), (4 * w, 2 * w), (3 * w, w), (2 * w, w)].map {
      TimedBlock($0.0, $0.1, time: t, using: &random)
    }
    grow = (0..<2).map { _ in Conv2d(2 * w, 2 * w, kernel: 3, padding: 1, using: &random) }
    output = Sequential(GroupNorm(8, w), SiLU(), Conv2d(w, 3, kernel: 3, padding: 1, using: &random))
  }

  /// The noise in `x` [N, 3, H, W] at `times` [N].
  func callAsFunction(_ x: Tensor, at times: Tensor) -> Tensor {
    let t = time(waves(times))
    let h1 = down[0](input(x), t)
    let h2 = down[1](h1, t)
    let h3 = down[2](shrink[0](h2), t)  // half the size
    let h4 = attention(down[3](h3, t))
    let h5 = down[4](shrink[1](h4), t)  // a quarter
    var x = middle(middleAttention(h5), t)
    x = up[0](concatenate([x, h5], along: 1), t)
    x = grow[0](interpolate(x, by: 2))
    x = up[1](concatenate([x, h4], along: 1), t)
    x = up[2](concatenate([x, h3], along: 1), t)
    x = grow[1](interpolate(x, by: 2))
    x = up[3](concatenate([x, h2], along: 1), t)
    x = up[4](concatenate([x, h1], along: 1), t)
    return output(x)
  }

  /// Sine and cosine of the times at `width` / 2 frequencies, [N] to [N, width].
  private func waves(_ times: Tensor) -> Tensor {
    let half = width / 2
    let frequencies = exp(Tensor((0..<half).map { Float($0) * (-9.21 / Float(half)) }))
    let angles = times.reshaped(to: [times.count, 1]) * frequencies
    return concatenate([sin(angles), cos(angles)], along: 1)
  }
}

/// A residual block of two convolutions that knows the time.
private final class TimedBlock: Module {
  let norm1: GroupNorm
  let conv1: Conv2d
  let time: Linear
  let norm2: GroupNorm
  let conv2: Conv2d
  let shortcut: Conv2d?

  init(_ inputs: Int, _ outputs: Int, time features: Int, using random: inout RandomStream) {
    norm1 = GroupNorm(8, inputs)
    conv1 = Conv2d(inputs, outputs, kernel: 3, padding: 1, using: &random)
    time = Linear(features, outputs, using: &random)
    norm2 = GroupNorm(8, outputs)
    conv2 = Conv2d(outputs, outputs, kernel: 3, padding: 1, using: &random)
    shortcut = inputs == outputs ? nil : Conv2d(inputs, outputs, kernel: 1, using: &random)
  }

  func callAsFunction(_ x: Tensor, _ t: Tensor) -> Tensor {  // [N, C, H, W], [N, T] to [N, O, H, W]
    let moment = time(t)  // [N, O]
    let h = conv1(silu(norm1(x))) + moment.reshaped(to: Shape(Array(moment.shape) + [1, 1]))
    return conv2(silu(norm2(h))) + (shortcut?(x) ?? x)
  }
}

/// Every place looks at every other, with one head, and adds what it sees.
private final class SelfAttention2d: Layer {
  let norm: GroupNorm
  let queriesKeysValues, output: Conv2d

  init(_ channels: Int, using random: inout RandomStream) {
    norm = GroupNorm(8, channels)
    queriesKeysValues = Conv2d(channels, 3 * channels, kernel: 1, using: &random)
    output = Conv2d(channels, channels, kernel: 1, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, H, W]
    let places = queriesKeysValues(norm(x)).flattened(from: 2).transposed(1, 2)  // [N, T, 3 C]
    let y = multiheadAttention([places], heads: 1)  // [N, T, C]
    return x + output(y.transposed(1, 2).reshaped(to: x.shape))
  }
}
