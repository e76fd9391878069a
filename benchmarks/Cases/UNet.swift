import Engine
import Utils

extension BenchCase {
  /// A U-Net that begins with 32 channels and tells two classes apart at every place.
  static let unet: BenchCase = {
    let preparation = { @Sendable (batch: Int, size: Int) -> Preparation in
      { random in
        let model = UNet(width: 32, classes: 2, using: &random)
        let x = Tensor.normal(shape: [batch, 3, size, size], using: &random)
        let y = labels(batch * size * size, below: 2, using: &random)
        let places = IndexTensor(y.elements, shape: [batch, size, size])
        return training(adam(model.parameters())) { crossEntropy(model(x), places) }
      }
    }
    return BenchCase(
      name: "unet", batch: 4, operations: 72.326_6e9, check: preparation(2, 32), prepare: preparation(4, 128))
  }()
}

/// Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation", 2015, §2; with padding
/// and batch normalisation.
private final class UNet: Layer {
  let down: [Sequential]
  let middle: Sequential
  let up: [ConvTranspose2d]
  let joined: [Sequential]
  let output: Conv2d

  init(width: Int, classes: Int, using random: inout RandomStream) {
    let widths = [width, 2 * width, 4 * width, 8 * width]
    down = zip([3] + widths, widths).map { Self.twoConvolutions($0, $1, using: &random) }
    middle = Self.twoConvolutions(8 * width, 16 * width, using: &random)
    up = widths.reversed().map { ConvTranspose2d(2 * $0, $0, kernel: 2, stride: 2, using: &random) }
    joined = widths.reversed().map { Self.twoConvolutions(2 * $0, $0, using: &random) }
    output = Conv2d(width, classes, kernel: 1, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, 3, H, W] to [N, K, H, W]
    var x = x
    var skipped: [Tensor] = []
    for block in down {
      skipped.append(block(x))
      x = maxPool2d(skipped[skipped.count - 1], 2)
    }
    x = middle(x)
    for (i, skip) in skipped.reversed().enumerated() {
      x = joined[i](concatenate([skip, up[i](x)], along: 1))
    }
    return output(x)
  }

  private static func twoConvolutions(
    _ inputs: Int, _ outputs: Int, using random: inout RandomStream
  ) -> Sequential {
    Sequential(
      Conv2d(inputs, outputs, kernel: 3, padding: 1, bias: false, using: &random), BatchNorm2d(outputs),
      ReLU(),
      Conv2d(outputs, outputs, kernel: 3, padding: 1, bias: false, using: &random), BatchNorm2d(outputs),
      ReLU())
  }
}
