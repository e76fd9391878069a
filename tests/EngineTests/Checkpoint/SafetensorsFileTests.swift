import Foundation
import Testing
import Utils

@testable import Engine

@Suite("Safetensors reader")
struct SafetensorsFileTests {
  @Test("reads what the reference accepts, with the right values, and refuses the rest, naming the file")
  func samples() throws {
    let cases = SafetensorsSamples.cases
    #expect(cases.count == 31)
    let onDisk = try FileManager.default.contentsOfDirectory(atPath: SafetensorsSamples.url("cases").path)
    #expect(onDisk.sorted() == cases.map(\.name))
    for (name, expected) in cases {
      let url = SafetensorsSamples.url("cases/\(name)")
      if expected["ours"] == nil, expected["expect"] == "accept" {
        try expectTensors(of: SafetensorsFile(contentsOf: url), expected, "\(name)")
      } else {
        let error = #expect(throws: LabError.self, "\(name)") { try SafetensorsFile(contentsOf: url) }
        #expect(error?.kind == .checkpoint)
        #expect(error?.cause.hasPrefix(url.path + " ") == true, "\(name): \(String(describing: error))")
      }
    }
  }

  @Test("reads the samples of Python's packages", arguments: ["mixed.safetensors", "bf16_f8.safetensors"])
  func pythonSamples(name: String) throws {
    let file = try SafetensorsFile(contentsOf: SafetensorsSamples.url(name))
    let expected = try #require(SafetensorsSamples.expected[name])
    #expect(JSONValue.object(file.metadata.mapValues { .string($0) }) == expected["metadata"])
    try expectTensors(of: file, expected, name)
  }

  private func expectTensors(of file: SafetensorsFile, _ expected: JSONValue, _ place: String) throws {
    let tensors = try #require(expected["tensors"]?.object)
    #expect(Set(file.entries.map(\.name)) == Set(tensors.keys), "\(place)")
    for (name, tensor) in tensors {
      let entry = try #require(file[name])
      #expect(entry.shape.map { .integer(Int64($0)) } == tensor["shape"]?.array, "\(place) \(name)")
      if let dtype = tensor["dtype"]?.string { #expect(entry.dtype.rawValue == dtype, "\(place) \(name)") }
      let values = try #require(tensor["values_row_major"]?.array)
      let numbers = values.map { $0.bool.map { $0 ? 1 : 0 } ?? $0.double ?? .nan }
      switch entry.dtype {
      case .f8e4m3:
        #expect(try file.withBytes(of: name, Array.init) == [0x38, 0x40], "\(place) \(name)")  // 1 and 2
      case .f32, .f16, .bf16, .f64:
        #expect(try file.floats(name) == numbers.map(Float.init), "\(place) \(name)")
      default:
        #expect(try file.int64s(name) == numbers.map { Int64($0) }, "\(place) \(name)")
      }
    }
  }

  @Test("converts every type, special numbers included")
  func types() throws {
    let file = try SafetensorsFile(contentsOf: SafetensorsSamples.url("reference_mixed.safetensors"))
    #expect(try file.floats("fc.weight") == [0, 1, -2, 0.5, .leastNonzeroMagnitude, .infinity])
    #expect(
      try file.floats("fc.bias").map(\.bitPattern) == [0x8000_0000, Float.greatestFiniteMagnitude.bitPattern])
    #expect(try file.floats("scalar") == [0.1])
    #expect(try file.floats("empty") == [])
    #expect(try file.floats("double") == [0.1, -.infinity])
    #expect(try file.floats("half") == [0.5, -2, 65504, Float(Float16(6e-8)), -.infinity])
    #expect(try file.floats("brain") == [1, -2, .infinity])
    #expect(try file.int64s("num_batches_tracked") == [-1 << 40])
    #expect(try file.int64s("labels") == [-1, 0, Int64(Int32.max)])
    #expect(try file.int64s("u32") == [Int64(UInt32.max)])
    #expect(try file.int64s("i16") == [-2])
    #expect(try file.int64s("u16") == [65535])
    #expect(try file.int64s("i8") == [-1, 1])
    #expect(try file.int64s("u8") == [255, 1])
    #expect(try file.int64s("mask") == [1, 0, 1])
    #expect(try file.withBytes(of: "u64", Array.init) == Array(repeating: 0xFF, count: 8))
    #expect(file["scalar"]?.shape == [])
    #expect(file["scalar"]?.count == 1)
    #expect(file["empty"]?.count == 0)
    #expect(file["fc.weight"]?.byteRange.count == 24)
    #expect(file["no such"] == nil)
    let names = file.entries.map(\.name)
    #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("says which tensor is missing or of another type")
  func wrongAccess() throws {
    let url = SafetensorsSamples.url("reference_mixed.safetensors")
    let file = try SafetensorsFile(contentsOf: url)
    expect(
      "\(url.path) has no tensor \"fc.wieght\"; the nearest is \"fc.weight\"; "
        + "use a checkpoint of this network."
    ) {
      _ = try file.floats("fc.wieght")
    }
    expect("\(url.path) has no tensor \"decoder.7\"; use a checkpoint of this network.") {
      try file.withBytes(of: "decoder.7") { _ in }
    }
    expect(
      "\(url.path) holds tensor \"labels\" as I32, not as floating-point numbers (F32, F16, BF16 or F64); "
        + "convert it or use a checkpoint of this network."
    ) { _ = try file.floats("labels") }
    expect(
      "\(url.path) holds tensor \"u64\" as U64, not as integers that fit 64 bits with a sign; "
        + "convert it or use a checkpoint of this network."
    ) { _ = try file.int64s("u64") }
  }

  @Test("tells a file of PyTorch from a damaged one", arguments: ["PK\u{3}\u{4}", "\u{80}\u{2}"])
  func theFileOfPyTorch(beginning: String) throws {
    let data = Data(beginning.unicodeScalars.map { UInt8($0.value) }) + Data(count: 100)
    let error = try #require(throws: LabError.self) { try SafetensorsFile(data, path: "net.pth") }
    #expect(error.cause.hasPrefix("net.pth is no checkpoint of ours"))
    #expect(error.remedy.contains("--pretrained") && error.remedy.contains("lab convert"))
    let page = Data("\n<!DOCTYPE html><html></html>".utf8)
    let other = try #require(throws: LabError.self) { try SafetensorsFile(page, path: "net.pth") }
    #expect(other.cause == "net.pth is a page of HTML or XML")
  }

  @Test("says what is wrong with a file that is none")
  func notAFile() throws {
    let folder = SafetensorsSamples.folder
    let missing = SafetensorsSamples.url("nothing.safetensors")
    expect("\(missing.path) does not exist; check the path or train a model first.") {
      _ = try SafetensorsFile(contentsOf: missing)
    }
    expect("\(folder.path) is not a file; name a .safetensors file.") {
      _ = try SafetensorsFile(contentsOf: folder)
    }
    expect("/dev/zero is not a file; name a .safetensors file.") {
      _ = try SafetensorsFile(contentsOf: URL(fileURLWithPath: "/dev/zero"))
    }
  }

  @Test(
    "refuses with a sentence",
    arguments: [
      ("[]", 0, "has a header that is not a JSON object"),
      ("{", 0, "has a damaged header: the text ends where a key in quotation marks is expected at byte 9"),
      (#"{"a":1}"#, 0, #"has a damaged tensor "a": its description is not an object"#),
      (
        #"{"a":{"shape":[],"data_offsets":[0,4]}}"#, 4,
        #"has a damaged tensor "a": its dtype is missing or not a string"#
      ),
      (
        #"{"a":{"dtype":"f32","shape":[],"data_offsets":[0,4]}}"#, 4,
        #"has a damaged tensor "a": its dtype "f32" is unknown"#
      ),
      (
        #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 4,
        #"has a damaged tensor "a": its shape is not a list of sizes"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4,
        #"has a damaged tensor "a": its shape is not a list of sizes"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]}}"#, 4,
        #"has a damaged tensor "a": its shape is not a list of sizes"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[]}}"#, 4,
        #"has a damaged tensor "a": its data_offsets are not a begin and an end"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}"#, 4,
        #"has a damaged tensor "a": its data_offsets are not a begin and an end"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}"#, 4,
        #"has a damaged tensor "a": its data_offsets are not a begin and an end"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[],"data_offsets":[4,0]}}"#, 4,
        #"has a damaged tensor "a": its data_offsets are not a begin and an end"#
      ),
      (
        #"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#, 2,
        #"has a damaged tensor "a": its shape makes no whole number of bytes that a file could hold"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
        #"has a damaged tensor "a": its shape needs 8 bytes, but it has 4"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4,
        #"has a damaged tensor "a": it ends at byte 8 of the data, of which there are only 4"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2305843009213693951],"data_offsets":[0,9223372036854775804]}}"#, 4,
        #"has a damaged tensor "a": its shape makes no whole number of bytes that a file could hold"#
      ),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3,
        #"has a damaged tensor "a": it follows a hole in the data"#
      ),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 3,
        "has data after its last tensor (1 bytes)"
      ),
      (#"{"__metadata__":[]}"#, 0, "has metadata that is not an object"),
      (#"{"__metadata__":{"k":null}}"#, 0, #"has metadata "k" that is not a string"#),
    ])
  func refuses(header: String, dataCount: Int, cause: String) {
    expect("x.safetensors \(cause); copy or download the file again, or use another checkpoint.") {
      _ = try SafetensorsFile(SafetensorsSamples.file(header, dataCount: dataCount), path: "x.safetensors")
    }
  }

  @Test("accepts what is odd but lawful")
  func oddButLawful() throws {
    // Sides before a 0 whose product fits 64 bits without a sign, but not with one.
    let huge = SafetensorsSamples.file(
      #"{"a":{"dtype":"U8","shape":[4294967296,2147483648,0],"data_offsets":[0,0]}}"#)
    #expect(try SafetensorsFile(huge, path: "x")["a"]?.count == 0)
    let subByte = SafetensorsSamples.file(
      #"{"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}}"#, dataCount: 3)
    #expect(try SafetensorsFile(subByte, path: "x").withBytes(of: "a") { $0.count } == 3)
    let spaced = SafetensorsSamples.file("\n\t {\r} ")
    #expect(try SafetensorsFile(spaced, path: "x").entries == [])
  }

  @Test(
    "refuses a checkpoint that is cut at any byte or has bytes after its end",
    arguments: [
      "mixed.safetensors", "reference_mixed.safetensors", "reference_names.safetensors",
      "reference_metadata_only.safetensors",
    ])
  func cutAnywhere(name: String) throws {
    let whole = try SafetensorsSamples.bytes(name)
    for count in 0..<whole.count {
      #expect(throws: LabError.self, "cut at \(count)") {
        try SafetensorsFile(whole.prefix(count), path: name)
      }
    }
    #expect(throws: LabError.self) { try SafetensorsFile(whole + [0], path: name) }
    #expect(throws: Never.self) { try SafetensorsFile(whole, path: name) }
  }

  @Test("no changed byte of the header crashes the reader or the reading of what it still accepts")
  func flippedBytes() throws {
    let whole = try SafetensorsSamples.bytes("mixed.safetensors")
    let headerEnd = 8 + Int(whole[0]) + Int(whole[1]) << 8
    var accepted = 0
    for index in 0..<headerEnd {
      for mask in [1, 2, 4, 8, 16, 32, 64, 128, 0xFF] as [UInt8] {
        var changed = whole
        changed[index] ^= mask
        guard let file = try? SafetensorsFile(changed, path: "x") else { continue }
        accepted += 1
        for entry in file.entries {
          let count = try? file.floats(entry.name).count
          #expect(count == nil || count == entry.count)
        }
      }
    }
    // Letters of names and of metadata may change; the structure may not.
    #expect(accepted > 100 && accepted < headerEnd * 9 / 2)
  }

  @Test("does not allocate what a header claims")
  func hugeClaims() {
    var bytes = Data([0xFF, 0xE0, 0xF5, 0x05, 0, 0, 0, 0])  // N = 99,999,999 in a file of 10 bytes
    bytes.append(contentsOf: "{}".utf8)
    expect(
      "x ends inside its header (10 of 100000007 bytes); "
        + "copy or download the file again, or use another checkpoint."
    ) { _ = try SafetensorsFile(bytes, path: "x") }
    bytes[0] = 1
    bytes[1] = 0xE1  // N = 100,000,001
    expect(
      "x claims a header of 100000001 bytes, more than allowed; "
        + "copy or download the file again, or use another checkpoint."
    ) { _ = try SafetensorsFile(bytes, path: "x") }
  }

  /// Parsed JSON takes many times its length, so a header may be long only where there are data to describe.
  @Test func aHeaderLongerThanItsData() throws {
    let header = "{\"__metadata__\":{\"a\":\"\(String(repeating: "x", count: 2 << 20))\"}}"
    expect(
      "x has a header of \(header.utf8.count) bytes for 0 bytes of data; "
        + "copy or download the file again, or use another checkpoint."
    ) { _ = try SafetensorsFile(SafetensorsSamples.file(header), path: "x") }
    let size = 24 << 10
    let described =
      header.dropLast() + ",\"t\":{\"dtype\":\"U8\",\"shape\":[\(size)],\"data_offsets\":[0,\(size)]}}"
    let file = try SafetensorsFile(SafetensorsSamples.file(String(described), dataCount: size), path: "x")
    #expect(file.entries.count == 1)
  }

  private func expect(_ description: String, _ body: () throws -> Void) {
    let error = #expect(throws: LabError.self, performing: body)
    #expect(error?.description == description)
  }
}
