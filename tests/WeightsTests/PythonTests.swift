import Foundation
import TestSupport
import Testing
import Utils

@testable import Weights

/// What PyTorch and NumPy write here and now, and what they read of ours: for the nightly checks.
///
/// LAB_PYTHON names a Python with torch, numpy, safetensors and timm.
@Suite("Python's packages", .enabled(if: Python.program != nil, "LAB_PYTHON names no Python"))
struct PythonTests {
  @Test func aZooOfFiles() throws {
    let folder = try TemporaryFolder()
    try Python.run(["write", folder.url.path])
    let truth = try WeightsFile.read(folder.url.appending(path: "truth.safetensors"))
    let names = Set(truth.tensors.compactMap { $0.name.split(separator: "/").first.map(String.init) })
    #expect(names.count == 10)
    for name in names.sorted() {
      let file = try WeightsFile.read(folder.url.appending(path: name))
      for tensor in file.tensors {
        #expect(try tensor.floats() == truth["\(name)/\(tensor.name)"]?.floats(), "\(name) \(tensor.name)")
      }
      try file.write(to: folder.url.appending(path: "ours-\(name).safetensors"))
    }
    #expect(try Python.run(["check", folder.url.path]).contains("10 files agree"))
  }

  @Test func torchTakesTheWeightsOfACheckpoint() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try WeightsFile.read(trainedLinear(in: folder))
    for name in ["weights.safetensors", "weights.npz"] {
      try checkpoint.write(to: folder.url.appending(path: name), weightsOnly: true)
    }
    #expect(try Python.run(["loads", folder.url.path]) == "loaded\n")
  }
}

/// Python, where LAB_PYTHON names one.
enum Python {
  static let program = ProcessInfo.processInfo.environment["LAB_PYTHON"]

  /// What `zoo.py` says to `arguments`; it has to end well.
  @discardableResult
  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: try #require(program))
    process.arguments = [Samples.folder.appending(path: "zoo.py").path] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let words = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return words
  }
}
