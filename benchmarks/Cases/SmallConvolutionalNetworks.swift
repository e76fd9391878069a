import Backbones
import Engine
import Utils

extension BenchCase {
  /// LeNet-5 on pictures of MNIST's size.
  static let lenet5 = classification(
    "lenet5", batch: 64, inputs: [1, 28, 28], classes: 10, operations: 0.144_89e9
  ) { random in
    Sequential(
      Conv2d(1, 6, kernel: 5, padding: 2, using: &random), ReLU(), MaxPool2d(2),  // [N, 6, 14, 14]
      Conv2d(6, 16, kernel: 5, using: &random), ReLU(), MaxPool2d(2), Flatten(),  // [N, 400]
      Linear(400, 120, using: &random), ReLU(), Linear(120, 84, using: &random), ReLU(),
      Linear(84, 10, using: &random))
  }

  /// Two convolutions and two layers: PyTorch's own MNIST example without its dropout.
  static let smallCNN = classification(
    "smallcnn", batch: 64, inputs: [1, 28, 28], classes: 10, operations: 4.580_2e9,
    small: (4, [1, 28, 28])
  ) { random in
    Sequential(
      Conv2d(1, 32, kernel: 3, using: &random), ReLU(),  // [N, 32, 26, 26]
      Conv2d(32, 64, kernel: 3, using: &random), ReLU(), MaxPool2d(2), Flatten(),  // [N, 9216]
      Linear(9216, 128, using: &random), ReLU(), Linear(128, 10, using: &random))
  }

  /// VGG-11 as it is cut for CIFAR-10: batch normalisation, and one linear layer instead of three.
  static let vgg11 = classification(
    "vgg11", batch: 32, inputs: [3, 32, 32], classes: 10, operations: 29.218_5e9, small: (4, [3, 32, 32])
  ) { random in
    var layers: [any Layer] = []
    var channels = 3
    for stage in [[64], [128], [256, 256], [512, 512], [512, 512]] {
      for width in stage {
        layers.append(Conv2d(channels, width, kernel: 3, padding: 1, using: &random))
        layers += [BatchNorm2d(width), ReLU()]
        channels = width
      }
      layers.append(MaxPool2d(2))
    }
    return Sequential(layers + [Flatten(), Linear(512, 10, using: &random)])
  }

  /// ResNet-20 of the CIFAR-10 experiments (He et al. 2016, §4.2), its shortcuts with projections.
  static let resNet20 = classification(
    "resnet20", batch: 64, inputs: [3, 32, 32], classes: 10, operations: 15.615_6e9, small: (4, [3, 32, 32])
  ) { random in
    var layers: [any Layer] = [
      Conv2d(3, 16, kernel: 3, padding: 1, bias: false, using: &random), BatchNorm2d(16), ReLU(),
    ]
    var channels = 16
    for (width, stride) in [
      (16, 1), (16, 1), (16, 1), (32, 2), (32, 1), (32, 1), (64, 2), (64, 1), (64, 1),
    ] {
      layers.append(BasicBlock(channels, width, stride: stride, using: &random))
      channels = width
    }
    return Sequential(layers + [AdaptiveAvgPool2d(1), Flatten(), Linear(64, 10, using: &random)])
  }
}
