import Testing
import Utils

@testable import Engine

@Suite("Convolutions, pooling and normalisation as layers")
struct SpatialLayerTests {
  private func shapes(_ layer: any Layer) -> [String] {
    layer.state().map { name, item in
      switch item {
      case .parameter(let parameter): "\(name) \(parameter.shape)"
      case .buffer(let buffer):
        if case .tensor(let tensor) = buffer.contents { "\(name) \(tensor.shape)" } else { "\(name)" }
      }
    }
  }

  @Test("state names and shapes are PyTorch's")
  func state() {
    var random = RandomStream(seed: 1)
    #expect(
      shapes(Conv2d(6, 9, kernel: [3, 5], groups: 3, using: &random)) == ["weight [9, 2, 3, 5]", "bias [9]"])
    #expect(shapes(Conv1d(2, 4, kernel: 7, bias: false, using: &random)) == ["weight [4, 2, 7]"])
    #expect(shapes(Conv3d(1, 2, kernel: 3, using: &random)) == ["weight [2, 1, 3, 3, 3]", "bias [2]"])
    #expect(
      shapes(ConvTranspose2d(6, 9, kernel: 4, groups: 3, using: &random)) == [
        "weight [6, 3, 4, 4]", "bias [9]",
      ])
    #expect(
      shapes(BatchNorm2d(5)) == [
        "weight [5]", "bias [5]", "running_mean [5]", "running_var [5]", "num_batches_tracked",
      ])
    #expect(shapes(BatchNorm2d(5, affine: false, tracksStatistics: false)) == [])
    #expect(shapes(LayerNorm([4, 6])) == ["weight [4, 6]", "bias [4, 6]"])
    #expect(shapes(LayerNorm(4, bias: false)) == ["weight [4]"])
    #expect(shapes(RMSNorm(8)) == ["weight [8]"] && shapes(GroupNorm(2, 6)) == ["weight [6]", "bias [6]"])
    #expect(shapes(InstanceNorm2d(3)) == [] && shapes(InstanceNorm2d(3, affine: true)).count == 2)
    #expect(shapes(MaxPool2d(2)) == [] && shapes(PixelShuffle(2)) == [])
  }

  @Test("convolutions start uniform within 1 / sqrt(fan-in), norms as the identity")
  func initialValues() {
    var random = RandomStream(seed: 1)
    let conv = Conv2d(8, 64, kernel: 3, groups: 2, using: &random)  // an output sees 4 channels x 9 taps
    expectUniform(conv.weight, within: 1 / 6)
    expectUniform(conv.bias, within: 1 / 6)
    let transposed = ConvTranspose2d(64, 8, kernel: 3, groups: 2, using: &random)
    expectUniform(transposed.weight, within: 1 / 6)
    expectUniform(transposed.bias, within: 1 / 6, fills: 0.4)  // only eight numbers
    let norm = BatchNorm1d(2)
    #expect(norm.weight?.value.elements == [1, 1] && norm.bias?.value.elements == [0, 0])
    #expect(norm.running_mean?.tensor.elements == [0, 0] && norm.running_var?.tensor.elements == [1, 1])
    #expect(norm.num_batches_tracked?.integer == 0)
  }

  private func expectUniform(_ parameter: Parameter?, within bound: Float, fills part: Float = 0.9) {
    let numbers = parameter?.value.elements ?? []
    #expect(numbers.allSatisfy { Swift.abs($0) <= bound })
    #expect((numbers.max() ?? 0) > part * bound && (numbers.min() ?? 0) < -part * bound)
  }

  @Test("running statistics over two batches, with a momentum and as a mean of all")
  func runningStatistics() {
    let batches = [Tensor([1, 10, 3, 30], shape: [2, 2]), Tensor([5, 0, 7, 0, 9, 6], shape: [3, 2])]
    // means [2, 20] and [7, 2]; variances by one less than the count [2, 200] and [4, 12]
    let norm = BatchNorm1d(2, momentum: 0.25)
    let mean = BatchNorm1d(2, momentum: nil)
    withMode(.training) { for batch in batches { _ = (norm(batch), mean(batch)) } }
    expectClose(norm.running_mean, [0.75 * 0.5 + 0.25 * 7, 0.75 * 5 + 0.25 * 2])
    expectClose(norm.running_var, [0.75 * (0.75 + 0.5) + 1, 0.75 * (0.75 + 50) + 3])
    expectClose(mean.running_mean, [4.5, 11])
    expectClose(mean.running_var, [3, 106])
    #expect(norm.num_batches_tracked?.integer == 2)
    #expect(withMode(.training) { norm(Tensor([], shape: [0, 2])) }.shape == [0, 2])
    #expect(norm.num_batches_tracked?.integer == 3)
    expectClose(norm.running_mean, [2.125, 4.25])
  }

  @Test("evaluation uses the running statistics and leaves them alone")
  func evaluation() {
    let norm = BatchNorm2d(1, epsilon: 0)
    norm.running_mean?.tensor = Tensor([3])
    norm.running_var?.tensor = Tensor([4])
    let x = Tensor([3, 5, 7, 1], shape: [1, 1, 2, 2])
    #expect(norm(x).elements == [0, 1, 2, -1])
    #expect(norm(Tensor([5], shape: [1, 1, 1, 1])).elements == [1])
    expectClose(norm.running_mean, [3])
    #expect(norm.num_batches_tracked?.integer == 0)
    let untracked = BatchNorm2d(1, tracksStatistics: false)
    #expect(Swift.abs(untracked(x).sum().scalar) < 1e-5)  // by the batch even in evaluation
  }

  private func expectClose(_ buffer: Buffer?, _ expected: [Float]) {
    #expect(isClose(buffer?.tensor.elements ?? [], expected, 1e-6), "\(buffer?.tensor.elements ?? [])")
  }

  @Test("a LeNet has its shapes from layer to layer, and every parameter a gradient")
  func network() {
    var random = RandomStream(seed: 2)
    let (conv1, norm) = (Conv2d(1, 6, kernel: 5, padding: 2, using: &random), BatchNorm2d(6))
    let conv2 = Conv2d(6, 16, kernel: 5, using: &random)
    let pool = MaxPool2d(2)
    let images = Tensor.normal(shape: [2, 1, 28, 28], using: &random)
    var shapes: [Shape] = []
    let (_, gradients) = withMode(.training) {
      valueAndGradients {
        let x = pool(relu(norm(conv1(images))))
        let y = pool(relu(conv2(x)))
        shapes = [x.shape, y.shape]
        return square(AdaptiveAvgPool2d(1)(y)).sum()
      }
    }
    #expect(shapes == [[2, 6, 14, 14], [2, 16, 5, 5]])
    for layer in [conv1, norm, conv2] as [any Layer] {
      for (name, parameter) in layer.parameters() {
        #expect(gradients[parameter]?.shape == parameter.shape, "\(name)")
      }
    }
  }
}
