import Engine
import Utils

/// Caption networks that a user chooses by name.
public typealias CaptionArchitectureRegistry = Registry<CaptionArchitecture>

/// A kind of caption network.
public struct CaptionArchitecture: Sendable {
  /// The Swift type that it is.
  public let type: String
  /// What the names of the parameters look like that begin at random beside a trained backbone: they learn at a rate of their
  /// own.
  public let head: [String]
  /// How many numbers a network of a configuration has, before it is made.
  public let count: @Sendable (CaptionConfiguration) -> Int
  /// Makes one with random weights.
  public let build: @Sendable (CaptionConfiguration, inout RandomStream) throws -> any CaptionNetwork

  /// A kind of network.
  public init(
    type: String, head: [String], count: @escaping @Sendable (CaptionConfiguration) -> Int,
    build: @escaping @Sendable (CaptionConfiguration, inout RandomStream) throws -> any CaptionNetwork
  ) {
    self.type = type
    self.head = head
    self.count = count
    self.build = build
  }
}

extension Registry<CaptionArchitecture> {
  /// The published three.
  public static let captions: CaptionArchitectureRegistry = {
    var registry = CaptionArchitectureRegistry("architecture")
    registry.register(
      "triple_backbone_resnet50", .triple,
      description: "three ResNet-50, one for each picture: most to learn, best with much data")
    registry.register(
      "shared_backbone_resnet50", .shared,
      description: "one ResNet-50 for all three pictures: 60 % fewer numbers")
    registry.register(
      "channel_fusion_lora_resnet50", .channelFusion,
      description:
        "three pictures mixed into one, a frozen ResNet-50 with low-rank adapters: quickest to train")
    return registry
  }()

  /// A network of the architecture called `name`; throws a `LabError` for an unknown name, with the known ones.
  public func network(
    _ name: String, _ configuration: CaptionConfiguration, using random: inout RandomStream
  ) throws -> any CaptionNetwork {
    try get(name).build(configuration, &random)
  }
}

extension CaptionArchitecture {
  fileprivate static let triple = CaptionArchitecture(type: "TripleBackboneResNet50", head: CaptionParts.head)
  {
    3 * CaptionParts.backboneCount + CaptionParts.headCount(images: 3, $0)
  } build: {
    TripleBackboneResNet50($0, using: &$1)
  }

  fileprivate static let shared = CaptionArchitecture(type: "SharedBackboneResNet50", head: CaptionParts.head)
  {
    CaptionParts.backboneCount + CaptionParts.headCount(images: 3, $0)
  } build: {
    SharedBackboneResNet50($0, using: &$1)
  }

  /// The count is that of adapters that see the middle only; others have more.
  fileprivate static let channelFusion = CaptionArchitecture(
    type: "ChannelFusionLoRAResNet50", head: CaptionParts.head + ["channel_fusion.*"]
  ) {
    CaptionParts.backboneCount + $0.lora.rank * CaptionParts.channelSum + 27
      + CaptionParts.headCount(images: 1, $0)
  } build: {
    try ChannelFusionLoRAResNet50($0, using: &$1)
  }
}
