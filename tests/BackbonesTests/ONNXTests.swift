import Backbones
import Engine
import Foundation
import Testing
import Utils

/// Published networks as ONNX files: onnx accepts them, and onnxruntime answers as we do. For the nightly checks.
///
/// LAB_PYTHON names a Python with onnx, onnxruntime and numpy.
@Suite(
  "ONNX files", .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["LAB_PYTHON"] != nil, "LAB_PYTHON names no Python"))
struct ONNXTests {
  @Test(arguments: ["resnet18", "convnext_tiny", "densenet121", "vgg11_bn"])
  func runElsewhere(name: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let architecture = try ArchitectureRegistry.named(name)
    var random = RandomStream(seed: 1)
    let network = architecture.build(10, &random)
    let (model, example) = (folder.appending(path: "m.onnx"), folder.appending(path: "e.safetensors"))
    try ONNXModel(of: network, input: [3, 64, 64]).write(to: model)
    try ONNXModel.writeExample(of: network, input: [3, 64, 64], to: example)
    let python = Process()
    python.executableURL = URL(filePath: ProcessInfo.processInfo.environment["LAB_PYTHON"] ?? "")
    let check = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../Fixtures/onnx/check.py")
    python.arguments = [check.standardizedFileURL.path, model.path, example.path]
    try python.run()
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
  }
}
