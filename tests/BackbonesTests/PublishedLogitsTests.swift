import Backbones
import Engine
import Foundation
import Testing
import Utils
import Weights

/// timm's networks with random weights, saved by PyTorch and loaded here, give the same logits: for the nightly checks.
///
/// LAB_PYTHON names a Python with torch, safetensors and timm.
@Suite(
  "Logits of published weights", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["LAB_PYTHON"] != nil, "LAB_PYTHON names no Python"))
struct PublishedLogitsTests {
  @Test func agree() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "logits-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let python = Process()
    python.executableURL = URL(filePath: ProcessInfo.processInfo.environment["LAB_PYTHON"] ?? "")
    let zoo = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../Fixtures/weights/zoo.py")
    python.arguments = [zoo.standardizedFileURL.path, "networks", folder.path]
    try python.run()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0)

    var random = RandomStream(seed: 1)
    let networks: [(name: String, network: any Layer)] = [
      ("resnet18", ResNet.resNet18(using: &random)), ("convnext_tiny", ConvNeXt(.tiny, using: &random)),
    ]
    for (name, network) in networks {
      try PretrainedWeights(contentsOf: folder.appending(path: "\(name).pth")).load(into: network)
      let truth = try SafetensorsFile(contentsOf: folder.appending(path: "\(name).truth.safetensors"))
      let x = Tensor(try truth.floats("x"), shape: [2, 3, 64, 64])
      let ours = withMode(.evaluation) { network(x) }.elements
      let theirs = try truth.floats("logits")
      let largest = theirs.map(abs).max() ?? 0
      let distance = zip(ours, theirs).map { abs($0 - $1) }.max() ?? .infinity
      #expect(ours.count == 2000)
      #expect(distance <= 1e-4 * largest, "\(name): \(distance) of \(largest)")
    }
  }
}
