import Engine
import Foundation
import TestSupport
import Testing
import Utils

@testable import Weights

/// From one format into another and back.
@Suite("Conversion of weights")
struct ConversionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ tensor: WeightsTensor) throws -> [UInt8] {
    var copy: [UInt8] = []
    try tensor.withBytes { copy = Array($0) }
    return copy
  }

  @Test(arguments: ["state_dict_3.pth", "state_dict_3_legacy.pth", "checkpoint_nested.pt", "plain.npz"])
  func toSafetensors(name: String) throws {
    let file = try WeightsFile.read(Samples.url(name))
    let target = folder.url.appending(path: "out.safetensors")
    #expect(try file.write(to: target) == .safetensors)
    let copy = try WeightsFile.read(target)
    #expect(copy.format == .safetensors)
    #expect(copy.metadata["format"] == "pt")
    #expect(Set(copy.tensors.map(\.name)) == Set(file.tensors.map(\.name)))
    for tensor in file.tensors {
      let twin = try #require(copy[tensor.name])
      #expect(twin.shape == tensor.shape)
      #expect(twin.dtype == tensor.dtype)
      #expect(try bytes(twin) == bytes(tensor))
    }
  }

  @Test func toNumPyAndBack() throws {
    let file = try WeightsFile.read(Samples.url("state_dict_3.pth"))
    let target = folder.url.appending(path: "out.npz")
    #expect(try file.write(to: target) == .npz)
    let copy = try WeightsFile.read(target)
    #expect(copy.tensors.map(\.name) == file.tensors.map(\.name))
    #expect(copy["fc.bias"]?.dtype == .f32)  // NumPy has no bfloat16
    #expect(copy["conv.weight"]?.dtype == .f16)
    for tensor in file.tensors { #expect(try copy[tensor.name]?.floats() == tensor.floats()) }
  }

  @Test func asFloat32() throws {
    let file = try WeightsFile.read(Samples.url("checkpoint_nested.pt"))
    let target = folder.url.appending(path: "out.safetensors")
    try file.write(to: target, asFloat32: true)
    let copy = try WeightsFile.read(target)
    for tensor in file.tensors {
      let twin = try #require(copy[tensor.name])
      #expect(twin.dtype == ([.f16, .bf16, .f64].contains(tensor.dtype) ? .f32 : tensor.dtype))
      if tensor.isNumeric { #expect(try twin.floats() == tensor.floats()) }
    }
  }

  @Test func weightsOnly() throws {
    let checkpoint = try WeightsFile.read(trainedLinear(in: folder))
    #expect(checkpoint.tensors.count == 7)
    for name in ["out.safetensors", "out.npz"] {
      let target = folder.url.appending(path: name)
      try checkpoint.write(to: target, weightsOnly: true)
      #expect(try WeightsFile.read(target).tensors.map(\.name).sorted() == ["bias", "weight"])
    }
    let nested = try WeightsFile.read(Samples.url("checkpoint_nested.pt"))
    #expect(nested.networkTensors.count == 7 && nested.tensors.count > 7)
    #expect(Set(nested.networkTensors.map(\.name)).isSuperset(of: ["0.bias", "0.weight", "1.running_mean"]))
  }

  @Test func whatCannotBeWritten() throws {
    let several = try WeightsFile.read(Samples.url("plain.npz"))
    expectLabError(mentioning: "out.txt", ".safetensors") {
      try several.write(to: folder.url.appending(path: "out.txt"))
    }
    expectLabError(mentioning: "2 tensors", ".npz") {
      try several.write(to: folder.url.appending(path: "out.npy"))
    }
    let small = folder.url.appending(path: "f8.safetensors")
    var writer = SafetensorsWriter()
    writer.add("q", dtype: .f8e4m3, shape: [2], bytes: [1, 2])
    try writer.write(to: small)
    expectLabError(mentioning: "F8_E4M3", "NumPy") {
      try WeightsFile.read(small).write(to: folder.url.appending(path: "out.npz"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "out.npz").path))
  }
}

/// Safetensors in several files.
@Suite("Shards")
struct ShardTests {
  private let folder: TemporaryFolder
  private let first = "model-00001-of-00002.safetensors"
  private let second = "model-00002-of-00002.safetensors"

  init() throws {
    folder = try TemporaryFolder()
    for (name, tensor) in [(first, "a"), (second, "b")] {
      var writer = SafetensorsWriter()
      writer.add(tensor, floats: [1, 2], shape: [2])
      try writer.write(to: folder.url.appending(path: name))
    }
  }

  private func read(_ map: [String: JSONValue]) throws -> WeightsFile {
    let index: JSONValue = ["metadata": ["total_size": 16], "weight_map": .object(map)]
    try folder.write(index.text().utf8, to: ShardedSafetensors.indexName)
    return try WeightsFile.read(folder.url)
  }

  @Test func aFolder() throws {
    let file = try read(["b": .string(second), "a": .string(first)])
    #expect(file.format == .shardedSafetensors)
    #expect(file.tensors.map(\.name) == ["a", "b"])
    #expect(try file["b"]?.floats() == [1, 2])
    #expect(file.metadata == ["total_size": "16"])
  }

  @Test(arguments: ["../x.safetensors", "/etc/passwd", "sub/x.safetensors", "..", "a\\b", ""])
  func pathsThatLeaveTheFolder(name: String) throws {
    expectLabError(mentioning: "no file beside it") { try read(["a": .string(name)]) }
  }

  @Test func damagedLists() throws {
    expectLabError(mentioning: "which lacks it") { try read(["b": .string(first)]) }
    expectLabError(mentioning: "no file beside it") { try read(["b": 3]) }
    expectLabError(
      mentioning: "names model-3.safetensors, which is not beside it; copy or download all 2 files"
    ) { try read(["a": .string(first), "b": "model-3.safetensors"]) }
    try folder.write("[]".utf8, to: ShardedSafetensors.indexName)
    expectLabError(mentioning: "weight_map") { try WeightsFile.read(folder.url) }
    try folder.write("{".utf8, to: ShardedSafetensors.indexName)
    expectLabError(mentioning: "no JSON") { try WeightsFile.read(folder.url) }
  }
}
