import Engine
import Foundation
import TestSupport
import Testing
import Utils

@testable import Weights

/// Real files of PyTorch and NumPy, and hand-made hostile ones: we read what Python's readers read, and refuse the rest.
@Suite("Samples of weights")
struct SampleTests {
  @Test(arguments: Samples.expected.filter { $0.tensors != nil }.map(\.name))
  func accepted(name: String) throws {
    let file = try WeightsFile.read(Samples.url(name))
    let expected = try #require(Samples.expected.first { $0.name == name }?.tensors.object)
    #expect(Set(file.tensors.map(\.name)) == Set(expected.keys))
    #expect(!expected.isEmpty)
    for tensor in file.tensors {
      let facts = try #require(expected[tensor.name])
      #expect(tensor.shape == facts["shape"]?.array?.compactMap(\.int), "\(tensor.name)")
      #expect(Self.pythonName[tensor.dtype] == facts["dtype"]?.string, "\(tensor.name)")
      guard tensor.isNumeric else {
        #expect(throws: LabError.self) { try tensor.floats() }
        continue
      }
      let values = (facts["values"]?.array ?? []).map { Float($0.double ?? ($0.bool == true ? 1 : 0)) }
      #expect(try tensor.floats() == values, "\(tensor.name)")
      if [.i64, .i32, .u8, .bool].contains(tensor.dtype) {
        #expect(try tensor.int64s() == values.map { Int64($0) }, "\(tensor.name)")
      }
    }
  }

  private static let pythonName: [SafetensorsDType: String] = [
    .f32: "float32", .f16: "float16", .bf16: "bfloat16", .f64: "float64", .i64: "int64", .i32: "int32",
    .u8: "uint8", .bool: "bool", .c64: "complex64", .u16: "uint16", .i16: "int16", .i8: "int8",
    .f8e4m3: "float8_e4m3fn",
  ]

  @Test(arguments: [
    ("pth_hostile_global_os_system.pth", "\"os.system\""),
    ("pth_hostile_missing_storage.pth", "lacks the storage"),
    ("pth_hostile_negative_stride.pth", "are negative"),
    ("pth_hostile_offset_out_of_range.pth", "reaches to element"),
    ("pth_hostile_short_storage.pth", "in the storage"),
  ])
  func refused(name: String, words: String) throws {
    #expect(Samples.expected.contains { $0.name == name && $0.tensors == nil })
    expectLabError(mentioning: name, words) { try WeightsFile.read(Samples.url(name)) }
  }

  @Test func formats() throws {
    let formats = try ["state_dict_3.pth", "state_dict_3_legacy.pth", "f16.npy", "plain.npz"].map {
      try WeightsFile.read(Samples.url($0)).format
    }
    #expect(formats == [.torch, .legacyTorch, .numpyArray, .numpyArchive])
  }

  @Test func aTrainingCheckpointKeepsItsNumbersAndTexts() throws {
    let facts = try WeightsFile.read(Samples.url("checkpoint_nested.pt")).metadata
    #expect(facts["epoch"] != nil)
    #expect(facts["big"] == "1099511627776")
    #expect(facts["neg"] == "-5")
  }

  /// A cut file is refused wherever it is cut, and a file with any one byte changed never crashes a reader.
  @Test(arguments: ["state_dict_3.pth", "state_dict_3_legacy.pth", "compressed.npz", "c_order_f32.npy"])
  func cutAnywhere(name: String) throws {
    let bytes = try Data(contentsOf: Samples.url(name))
    let folder = try TemporaryFolder()
    for length in 0..<bytes.count {
      let file = try folder.write(bytes.prefix(length), to: "cut")
      #expect(throws: LabError.self, "\(length) bytes") { try WeightsFile.read(file) }
    }
  }

  /// A header of 128, 384, ... bytes begins as a pickle does.
  @Test func aHeaderOfAnyLengthIsRead() throws {
    let folder = try TemporaryFolder()
    let header = #"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    for length in stride(from: 64, through: 1536, by: 8) {
      let text = header + String(repeating: " ", count: length - header.utf8.count)
      let bytes = (0..<8).map { UInt8(length >> (8 * $0) & 255) } + Array(text.utf8) + [0, 0, 128, 63]
      let file = try WeightsFile.read(folder.write(bytes, to: "\(length).safetensors"))
      #expect(file.tensors.map(\.name) == ["t"], "\(length) bytes")
    }
  }

  @Test func whatIsNoFile() throws {
    let folder = try TemporaryFolder()
    expectLabError(mentioning: "nowhere", "does not exist") {
      try WeightsFile.read(folder.url.appending(path: "nowhere"))
    }
    expectLabError(mentioning: "without model.safetensors") { try WeightsFile.read(folder.url) }
    expectLabError(mentioning: "is a pickle that torch.save has not written") {
      try WeightsFile.read(folder.write([0x80, 4, 0x4E, 0x2E], to: "plain.pkl"))
    }
    expectLabError(mentioning: "too short") { try WeightsFile.read(folder.write([], to: "empty")) }
  }
}
