import Backbones
import CaptionData
import Engine
import Utils

/// A network that says what happens between two frames: five inputs, five classes.
///
/// The inputs are `ocr_viz`, `frame1` and `frame2` [N, 3, H, W], `spatial_features` [N, 6] and `font_embedding` [N, 512]; the
/// output is logits [N, 5] in the order of `CaptionLabel`.
public protocol CaptionNetwork: HasSeveralInputs, HasBackbones {
  /// What it was built from.
  var configuration: CaptionConfiguration { get }
  /// Lets what looks at pictures stay as it is: the backbones, or their adapters.
  func freezeFeatures()
  /// Lets it learn again; never what stands inside of an adapter.
  func unfreezeFeatures()
}

extension CaptionNetwork {
  /// What a row of a batch is made of.
  public var inputs: InputLayout { configuration.inputs }

  /// ResNet-50's classifier, which no backbone has.
  public var publishedHead: String { "fc." }

  /// How many of the learnt numbers are not frozen.
  public var trainableCount: Int {
    parameters().reduce(0) { $0 + ($1.parameter.isFrozen ? 0 : $1.parameter.shape.elementCount) }
  }

  /// How many learnt numbers there are.
  public var totalCount: Int { parameterCount }
}

/// The parts that all caption networks share.
enum CaptionParts {
  /// Their names.
  static let head = ["fusion_mlp.*", "spatial_proj.*", "font_proj.*"]

  /// Features of one backbone, and of where and how a caption is written.
  static let (imageFeatures, sideFeatures) = (2048, 128)

  /// [N, S] to [N, 128].
  static func spatialProjection(_ configuration: CaptionConfiguration, using random: inout RandomStream)
    -> Sequential
  {
    Sequential(
      Linear(configuration.spatialDim, 128, using: &random), ReLU(), Dropout(Float(configuration.dropout)),
      Linear(128, sideFeatures, using: &random))
  }

  /// [N, F] to [N, 128].
  static func fontProjection(_ configuration: CaptionConfiguration, using random: inout RandomStream)
    -> Sequential
  {
    Sequential(
      Linear(configuration.fontDim, 256, using: &random), ReLU(), Dropout(Float(configuration.dropout)),
      Linear(256, sideFeatures, using: &random))
  }

  /// [N, D] to logits [N, 5]; D are the features of some images, of the place and of the font.
  static func fusion(
    images: Int, _ configuration: CaptionConfiguration, using random: inout RandomStream
  ) -> Sequential {
    let features = images * imageFeatures + 2 * sideFeatures
    let (wide, narrow) = (configuration.fusionHiddenDim, configuration.fusionHiddenDim / 2)
    let dropout = Float(configuration.dropout)
    return Sequential(
      Linear(features, wide, using: &random), ReLU(), Dropout(dropout),
      Linear(wide, narrow, using: &random), ReLU(), Dropout(dropout),
      Linear(narrow, CaptionLabel.allCases.count, using: &random))
  }

  /// How many numbers those three have, before they are made.
  static func headCount(images: Int, _ configuration: CaptionConfiguration) -> Int {
    let features = images * imageFeatures + 2 * sideFeatures
    let (wide, narrow) = (configuration.fusionHiddenDim, configuration.fusionHiddenDim / 2)
    let classes = CaptionLabel.allCases.count
    return (configuration.spatialDim + 1) * 128 + 129 * 128 + (configuration.fontDim + 1) * 256 + 257 * 128
      + (features + 1) * wide + (wide + 1) * narrow + (narrow + 1) * classes
  }

  /// Numbers of ResNet-50 without its classifier, and the sum of inputs and outputs of its 53 convolutions, which is what an
  /// adapter of rank 1 has where it sees the middle of the kernel only.
  static let (backboneCount, channelSum) = (23_508_032, 49_091)
}
