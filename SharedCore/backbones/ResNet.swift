import Engine
import Utils

/// ResNet: every block learns what to add to its input. He, Zhang, Ren, Sun, "Deep Residual Learning for Image
/// Recognition", 2016, §3.3 and table 1.
///
/// Departures, torchvision's: a bottleneck strides in its 3x3 convolution, not in its first 1x1; shortcuts whose shape
/// changes are projections (the paper's option B).
public final class ResNet: Layer {
  let conv1: Conv2d
  let bn1 = BatchNorm2d(64)
  let layer1, layer2, layer3, layer4: Sequential
  let dropout: Dropout?
  let fc: Linear?

  /// A network of `Block`s, as many a stage as `depths` says.
  private init<Block: ResidualBlock>(
    _: Block.Type, _ depths: [Int], _ classes: Int?, dropout: Float = 0, using random: inout RandomStream
  ) {
    self.dropout = dropout > 0 ? Dropout(dropout) : nil
    let k = Block.expansion
    conv1 = Conv2d(3, 64, kernel: 7, stride: 2, padding: 3, bias: false, using: &random)
    layer1 = Block.stage(64, 64, blocks: depths[0], stride: 1, using: &random)
    layer2 = Block.stage(64 * k, 128, blocks: depths[1], stride: 2, using: &random)
    layer3 = Block.stage(128 * k, 256, blocks: depths[2], stride: 2, using: &random)
    layer4 = Block.stage(256 * k, 512, blocks: depths[3], stride: 2, using: &random)
    fc = if let classes { Linear(512 * k, classes, using: &random) } else { nil }
    initialize { _, shape in shape.count == 4 ? .heNormal(shape, using: &random) : nil }
  }

  /// Logits [N, K] of `x` [N, 3, H, W], or grey [N, 1, H, W]; without classes the features [N, 512] or [N, 2048].
  public func callAsFunction(_ x: Tensor) -> Tensor {  // [N, 3, 224, 224]
    var x = maxPool2d(relu(bn1(conv1(coloured(x)))), 3, stride: 2, padding: 1)  // [N, 64, 56, 56]
    x = layer4(layer3(layer2(layer1(x))))  // [N, 512 or 2048, 7, 7]
    return classify(x)
  }

  /// 18 layers, 11.7 million parameters; with `classes: nil` the network ends in its features.
  public static func resNet18(classes: Int? = 1000, using random: inout RandomStream) -> ResNet {
    ResNet(BasicBlock.self, [2, 2, 2, 2], classes, using: &random)
  }

  /// 34 layers, 21.8 million parameters.
  public static func resNet34(classes: Int? = 1000, using random: inout RandomStream) -> ResNet {
    ResNet(BasicBlock.self, [3, 4, 6, 3], classes, using: &random)
  }

  /// 50 layers, 25.6 million parameters.
  ///
  /// - Parameter dropout: the share of the features that training drops before the last layer.
  public static func resNet50(
    classes: Int? = 1000, dropout: Float = 0, using random: inout RandomStream
  ) -> ResNet {
    ResNet(Bottleneck.self, [3, 4, 6, 3], classes, dropout: dropout, using: &random)
  }

  /// 101 layers, 44.5 million parameters.
  public static func resNet101(classes: Int? = 1000, using random: inout RandomStream) -> ResNet {
    ResNet(Bottleneck.self, [3, 4, 23, 3], classes, using: &random)
  }

  /// 152 layers, 60.2 million parameters.
  public static func resNet152(classes: Int? = 1000, using random: inout RandomStream) -> ResNet {
    ResNet(Bottleneck.self, [3, 8, 36, 3], classes, using: &random)
  }
}

/// What a residual network is made of: a layer that computes relu(f(x) + shortcut(x)).
public protocol ResidualBlock: Layer {
  /// How many channels the block gives for each of its width.
  static var expansion: Int { get }
  /// A block from `inputs` channels to `width` times the expansion.
  init(_ inputs: Int, _ width: Int, stride: Int, using random: inout RandomStream)
}

extension ResidualBlock {
  /// Blocks of one width in a row, the first of which may shrink the picture.
  fileprivate static func stage(
    _ inputs: Int, _ width: Int, blocks: Int, stride: Int, using random: inout RandomStream
  ) -> Sequential {
    Sequential(
      (0..<blocks).map { i in
        Self(i == 0 ? inputs : width * expansion, width, stride: i == 0 ? stride : 1, using: &random)
      })
  }

  /// The projection of a shortcut whose shape changes, a 1x1 convolution; nil where it does not.
  static func shortcut(_ inputs: Int, _ outputs: Int, stride: Int, using random: inout RandomStream)
    -> Sequential?
  {
    guard stride != 1 || inputs != outputs else { return nil }
    return Sequential(
      Conv2d(inputs, outputs, kernel: 1, stride: stride, bias: false, using: &random), BatchNorm2d(outputs))
  }
}

/// Two 3x3 convolutions beside a shortcut; §3.3 and figure 5, left.
public final class BasicBlock: ResidualBlock {
  /// The width is the number of outputs.
  public static let expansion = 1
  let conv1: Conv2d
  let bn1: BatchNorm2d
  let conv2: Conv2d
  let bn2: BatchNorm2d
  let downsample: Sequential?

  /// A block from `inputs` channels to `width`.
  public init(_ inputs: Int, _ width: Int, stride: Int, using random: inout RandomStream) {
    conv1 = Conv2d(inputs, width, kernel: 3, stride: stride, padding: 1, bias: false, using: &random)
    bn1 = BatchNorm2d(width)
    conv2 = Conv2d(width, width, kernel: 3, padding: 1, bias: false, using: &random)
    bn2 = BatchNorm2d(width)
    downsample = Self.shortcut(inputs, width, stride: stride, using: &random)
  }

  /// [N, C, H, W] to [N, width, H / stride, W / stride].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = bn2(conv2(relu(bn1(conv1(x)))))
    return relu(y + (downsample?(x) ?? x))
  }
}

/// A 3x3 convolution between two of 1x1 that make the channels fewer and more; §4.1 and figure 5, right.
final class Bottleneck: ResidualBlock {
  static let expansion = 4
  private(set) var conv1: any Layer
  let bn1: BatchNorm2d
  let conv2: Conv2d
  let bn2: BatchNorm2d
  private(set) var conv3: any Layer
  let bn3: BatchNorm2d
  let downsample: Sequential?

  init(_ inputs: Int, _ width: Int, stride: Int, using random: inout RandomStream) {
    conv1 = Conv2d(inputs, width, kernel: 1, bias: false, using: &random)
    bn1 = BatchNorm2d(width)
    conv2 = Conv2d(width, width, kernel: 3, stride: stride, padding: 1, bias: false, using: &random)
    bn2 = BatchNorm2d(width)
    conv3 = Conv2d(width, 4 * width, kernel: 1, bias: false, using: &random)
    bn3 = BatchNorm2d(4 * width)
    downsample = Self.shortcut(inputs, 4 * width, stride: stride, using: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {  // [N, C, H, W] to [N, 4 width, H / stride, W / stride]
    var y = relu(bn1(conv1(x)))
    y = relu(bn2(conv2(y)))
    y = bn3(conv3(y))
    return relu(y + (downsample?(x) ?? x))
  }

  /// Puts what `change` makes of each 1x1 convolution in its place.
  func replacePointwise(_ change: (any Layer) -> any Layer) {
    conv1 = change(conv1)
    conv3 = change(conv3)
    downsample?.replaceLayers(change)
  }
}

extension ResNet {
  /// Freezes the network but for its classifier, and puts low-rank corrections beside the 1x1 convolutions of its
  /// bottlenecks: fine-tuning with few parameters, see `LoRAConv2d`.
  public func addLowRankAdapters(rank: Int, using random: inout RandomStream) {
    for stage in [layer1, layer2, layer3, layer4] {
      stage.freeze()
      for (_, block) in stage.layers {
        (block as? Bottleneck)?.replacePointwise {
          if let conv = $0 as? Conv2d { LoRAConv2d(conv, rank: rank, using: &random) } else { $0 }
        }
      }
    }
    conv1.freeze()
    bn1.freeze()
  }
}

extension ResNet {
  /// Freezes the first convolution with its norm and the first `count` of four stages.
  public func freezeStages(_ count: Int) {
    require((0...4).contains(count), "ResNet: there are no \(count) stages to freeze")
    conv1.freeze()
    bn1.freeze()
    for stage in [layer1, layer2, layer3, layer4].prefix(count) { stage.freeze() }
  }
}

/// Pictures with red, green and blue: grey ones [N, 1, H, W] have their channel three times.
func coloured(_ x: Tensor) -> Tensor { x.shape[1] == 1 ? concatenate([x, x, x], along: 1) : x }
