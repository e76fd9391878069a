import Engine
import Utils

/// GoogLeNet for pictures of 32 x 32 pixels: the paper's nine inception blocks with every width divided by 64 / `width`.
///
/// Szegedy et al., "Going Deeper with Convolutions", 2014, §5 and table 1. Departures: the three convolutions before the
/// blocks keep 32 x 32 and one pooling follows, so the blocks see 16, 8 and 4 places a side instead of 28, 14 and 7; batch
/// normalisation where asked for (Ioffe and Szegedy 2015) and no local response normalisation; He's initial weights; the
/// classifiers half-way pool to 2 x 2 and not 4 x 4, with dropout as asked for and not 0.7. The full-size network is
/// `Backbones.GoogLeNet`.
public final class SmallGoogLeNet: ConvolutionalNetwork, HasAuxiliaryOutputs {
  let conv1, conv2, conv3: ConvUnit
  let inception3a, inception3b: InceptionBlock
  let inception4a, inception4b, inception4c, inception4d, inception4e: InceptionBlock
  let inception5a, inception5b: InceptionBlock
  let aux1, aux2: AuxiliaryHead?
  let fc: Linear
  private let dropout: Float

  /// A network for `classes` classes.
  ///
  /// - Parameters:
  ///   - inputs: channels of a picture.
  ///   - width: channels of the first convolution, 64 in the paper.
  ///   - branches: which branches every inception block has.
  ///   - auxiliary: with the two classifiers half-way.
  ///   - dropout: the share of numbers that the last layer does without in training.
  public init(
    inputs: Int = 3, classes: Int, width: Int = 8, branches: Branches = .all, batchNorm: Bool = true,
    auxiliary: Bool = true, dropout: Float = 0.4, using random: inout RandomStream
  ) {
    let scale = Scale(width: width, branches: branches, batchNorm: batchNorm)
    conv1 = ConvUnit(inputs, scale.channels(64), kernel: 3, scale, using: &random)
    conv2 = ConvUnit(scale.channels(64), scale.channels(64), kernel: 1, scale, using: &random)
    conv3 = ConvUnit(scale.channels(64), scale.channels(192), kernel: 3, scale, using: &random)
    var channels = scale.channels(192)
    func block(_ plain: Int, _ three: (Int, Int), _ five: (Int, Int), _ pooled: Int) -> InceptionBlock {
      let block = InceptionBlock(channels, plain, three, five, pooled: pooled, scale, using: &random)
      channels = block.outputs
      return block
    }
    inception3a = block(64, (96, 128), (16, 32), 32)
    inception3b = block(128, (128, 192), (32, 96), 64)
    inception4a = block(192, (96, 208), (16, 48), 64)
    let early = channels
    inception4b = block(160, (112, 224), (24, 64), 64)
    inception4c = block(128, (128, 256), (24, 64), 64)
    inception4d = block(112, (144, 288), (32, 64), 64)
    let late = channels
    inception4e = block(256, (160, 320), (32, 128), 128)
    inception5a = block(256, (160, 320), (32, 128), 128)
    inception5b = block(384, (192, 384), (48, 128), 128)
    func head(_ inputs: Int) -> AuxiliaryHead? {
      auxiliary ? AuxiliaryHead(inputs, classes, dropout: dropout, scale, using: &random) : nil
    }
    aux1 = head(early)
    aux2 = head(late)
    fc = Linear(channels, classes, using: &random)
    self.dropout = dropout
    initialize { name, shape in
      switch shape.count {
      case 2 where name != "aux1.fc1.weight" && name != "aux2.fc1.weight":
        .normal(deviation: 0.01, shape: shape, using: &random)  // of what gives logits
      case 2...: .heNormal(shape, fan: .inputs, using: &random)
      default: nil
      }
    }
  }

  /// The maps of `x` [N, C, 32, 32] before each pooling, after the blocks whose maps the classifiers half-way see, and of
  /// the last block; smaller pictures get a frame of zeros.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {
    let stem = conv3(conv2(conv1(x.padded(toAtLeast: 32))))  // [N, 3 width, 32, 32]
    let third = inception3b(inception3a(halved(stem)))  // [N, 7.5 width, 16, 16]
    let early = inception4a(halved(third))  // [N, 8 width, 8, 8]
    let late = inception4d(inception4c(inception4b(early)))
    let fourth = inception4e(late)  // [N, 13 width, 8, 8]
    let fifth = inception5b(inception5a(halved(fourth)))  // [N, 16 width, 4, 4]
    return [
      ("conv3", stem), ("inception3b", third), ("inception4a", early), ("inception4d", late),
      ("inception4e", fourth), ("inception5b", fifth),
    ]
  }

  /// Logits [N, K] of the last block's `maps`: one mean a channel, where VGG has hidden layers.
  public func classify(_ maps: Tensor) -> Tensor {
    fc(Engine.dropout(adaptiveAvgPool2d(maps, 1).flattened(from: 1), dropout))
  }

  /// Logits [N, K] of `x`, and those of the classifiers half-way.
  public func outputs(_ x: Tensor) -> (logits: Tensor, auxiliary: [Tensor]) {
    let maps = stages(x).map(\.maps)
    return (classify(maps[5]), [aux1?(maps[2]), aux2?(maps[3])].compactMap { $0 })
  }

  /// The loss of each classifier half-way counts 0.3 beside that of the logits, §5.
  public var auxiliaryShare: Float { 0.3 }

  private func halved(_ x: Tensor) -> Tensor { maxPool2d(x, 3, stride: 2, padding: 1) }
}
