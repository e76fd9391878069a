import Engine
import Utils

/// A published network that the user chooses by name.
public struct RegisteredArchitecture: Sendable {
  /// The name, torchvision's where it has the network: `resnet50`.
  public let name: String
  /// The shape of a sample, without the batch: channels first.
  public let input: Shape
  /// How many classes the published weights tell apart.
  public let classes: Int
  /// Builds it for a number of classes.
  public let build: @Sendable (_ classes: Int, inout RandomStream) -> any Layer

  init(
    _ name: String, input: Shape = [3, 224, 224], classes: Int = 1000,
    build: @escaping @Sendable (_ classes: Int, inout RandomStream) -> any Layer
  ) {
    self.name = name
    self.input = input
    self.classes = classes
    self.build = build
  }
}

/// The networks of `backbones` by name.
public enum ArchitectureRegistry {
  /// All of them, family by family.
  public static let all: [RegisteredArchitecture] =
    [RegisteredArchitecture("alexnet") { AlexNet(classes: $0, using: &$1) }] + vggs + [
      RegisteredArchitecture("googlenet") { GoogLeNet(classes: $0, using: &$1) },
      RegisteredArchitecture("resnet18") { ResNet.resNet18(classes: $0, using: &$1) },
      RegisteredArchitecture("resnet34") { ResNet.resNet34(classes: $0, using: &$1) },
      RegisteredArchitecture("resnet50") { ResNet.resNet50(classes: $0, using: &$1) },
      RegisteredArchitecture("resnet101") { ResNet.resNet101(classes: $0, using: &$1) },
      RegisteredArchitecture("resnet152") { ResNet.resNet152(classes: $0, using: &$1) },
      RegisteredArchitecture("densenet121") { DenseNet.denseNet121(classes: $0, using: &$1) },
      RegisteredArchitecture("densenet161") { DenseNet.denseNet161(classes: $0, using: &$1) },
      RegisteredArchitecture("densenet169") { DenseNet.denseNet169(classes: $0, using: &$1) },
      RegisteredArchitecture("densenet201") { DenseNet.denseNet201(classes: $0, using: &$1) },
      RegisteredArchitecture("convnext_tiny") { ConvNeXt(.tiny, classes: $0, using: &$1) },
      RegisteredArchitecture("convnext_small") { ConvNeXt(.small, classes: $0, using: &$1) },
      RegisteredArchitecture("convnext_base") { ConvNeXt(.base, classes: $0, using: &$1) },
      RegisteredArchitecture("convnext_tiny_cbam", input: [3, 256, 1600], classes: 4) {
        ConvNeXtCBAM(classes: $0, using: &$1)
      },
      RegisteredArchitecture("vit_b_16") { VisionTransformer.base16(classes: $0, using: &$1) },
      RegisteredArchitecture("vit_b_32") { VisionTransformer.base32(classes: $0, using: &$1) },
      RegisteredArchitecture("vit_l_16") { VisionTransformer.large16(classes: $0, using: &$1) },
      RegisteredArchitecture("r3d_18", input: [3, 16, 112, 112], classes: 400) {
        VideoResNet(classes: $0, using: &$1)
      },
    ]

  private static let vggs = VGG.Depth.allCases.flatMap { depth in
    [
      RegisteredArchitecture("vgg\(depth.rawValue)") { VGG(depth, classes: $0, using: &$1) },
      RegisteredArchitecture("vgg\(depth.rawValue)_bn") {
        VGG(depth, classes: $0, batchNorm: true, using: &$1)
      },
    ]
  }

  /// The network that is called `name`; case does not count, and `-` is `_`. Throws a `LabError` that lists the known
  /// names and the nearest.
  public static func named(_ name: String) throws -> RegisteredArchitecture {
    let wanted = name.lowercased().replacing("-", with: "_")
    if let found = all.first(where: { $0.name == wanted }) { return found }
    let near = nearestName(to: name, in: all.map(\.name)).map { "did you mean \($0)? " } ?? ""
    throw LabError(
      .usage, "there is no architecture \(name.quoted)",
      remedy: near + "the architectures are \(all.map(\.name).joined(separator: ", "))")
  }
}
