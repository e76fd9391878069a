import Backbones
import Engine
import Foundation
import Testing
import Utils

/// The figures that torchvision 0.29 publishes with its weights: parameters, and billions of multiply-adds to three places.
struct PublishedTotals: Sendable, CustomTestStringConvertible {
  let name: String
  let parameters: Int
  let billions: Double
  var testDescription: String { name }

  /// Those that one pass answers in a moment.
  static let light: [PublishedTotals] = [
    .init(name: "alexnet", parameters: 61_100_840, billions: 0.714),
    .init(name: "googlenet", parameters: 6_624_904, billions: 1.498),
    .init(name: "resnet18", parameters: 11_689_512, billions: 1.814),
    .init(name: "resnet34", parameters: 21_797_672, billions: 3.664),
    .init(name: "resnet50", parameters: 25_557_032, billions: 4.089),
    .init(name: "densenet121", parameters: 7_978_856, billions: 2.834),
    .init(name: "convnext_tiny", parameters: 28_589_128, billions: 4.456),
  ]

  /// The others: for the nightly checks.
  static let heavy: [PublishedTotals] = [
    .init(name: "vgg11", parameters: 132_863_336, billions: 7.609),
    .init(name: "vit_b_16", parameters: 86_567_656, billions: 17.564),
    .init(name: "resnet101", parameters: 44_549_160, billions: 7.801),
    .init(name: "densenet169", parameters: 14_149_480, billions: 3.36),
    .init(name: "densenet201", parameters: 20_013_928, billions: 4.291),
    .init(name: "resnet152", parameters: 60_192_808, billions: 11.514),
    .init(name: "densenet161", parameters: 28_681_000, billions: 7.728),
    .init(name: "convnext_small", parameters: 50_223_688, billions: 8.684),
    .init(name: "convnext_base", parameters: 88_591_464, billions: 15.355),
    .init(name: "vgg11_bn", parameters: 132_868_840, billions: 7.609),
    .init(name: "vgg13", parameters: 133_047_848, billions: 11.308),
    .init(name: "vgg13_bn", parameters: 133_053_736, billions: 11.308),
    .init(name: "vgg16", parameters: 138_357_544, billions: 15.47),
    .init(name: "vgg16_bn", parameters: 138_365_992, billions: 15.47),
    .init(name: "vgg19", parameters: 143_667_240, billions: 19.632),
    .init(name: "vgg19_bn", parameters: 143_678_248, billions: 19.632),
    .init(name: "vit_b_32", parameters: 88_224_232, billions: 4.409),
    .init(name: "vit_l_16", parameters: 304_326_632, billions: 61.555),
    .init(name: "r3d_18", parameters: 33_371_472, billions: 40.697),
  ]
}

@Suite("The architecture registry", .serialized)
struct ArchitectureRegistryTests {
  private static let isNightly = ProcessInfo.processInfo.environment["NIGHTLY"] != nil

  @Test("totals are the published ones", arguments: PublishedTotals.light)
  func totals(_ published: PublishedTotals) throws { try compare(published) }

  @Test(
    "totals are the published ones, large networks",
    .enabled(if: isNightly, "large networks are counted when NIGHTLY is set"),
    arguments: PublishedTotals.heavy
  ) func largeTotals(_ published: PublishedTotals) throws { try compare(published) }

  private func compare(_ published: PublishedTotals) throws {
    let architecture = try ArchitectureRegistry.named(published.name)
    var random = RandomStream(seed: 1)
    let summary = NetworkSummary(
      of: architecture.build(architecture.classes, &random), input: architecture.input)
    #expect(summary.parameters == published.parameters)
    #expect((Double(summary.multiplyAdds) / 1e6).rounded() == (published.billions * 1000).rounded())
  }

  @Test("every architecture has its published figures in these tests, or in those of its own")
  func everyNameIsCompared() {
    let compared = (PublishedTotals.light + PublishedTotals.heavy).map(\.name) + ["convnext_tiny_cbam"]
    #expect(compared.sorted() == ArchitectureRegistry.all.map(\.name).sorted())
  }

  @Test("names are found in other spellings; an unknown one lists the nearest and the known")
  func names() throws {
    #expect(try ArchitectureRegistry.named("VGG16-BN").name == "vgg16_bn")
    let error = #expect(throws: LabError.self) { try ArchitectureRegistry.named("resnet60") }
    #expect(error?.exitCode == 2)
    #expect(error?.remedy.contains("did you mean resnet50?") == true)
    #expect(error?.remedy.contains("alexnet, vgg11, vgg11_bn") == true)
  }
}
