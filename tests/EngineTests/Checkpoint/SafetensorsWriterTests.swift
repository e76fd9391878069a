import Foundation
import Testing
import Utils

@testable import Engine

@Suite("Safetensors writer")
struct SafetensorsWriterTests {
  @Test("writes the bytes of the reference writer", arguments: ["empty", "metadata_only", "mixed", "names"])
  func sameBytesAsReference(name: String) throws {
    let reference = try SafetensorsSamples.bytes("reference_\(name).safetensors")
    let file = try SafetensorsFile(reference, path: name)
    var writer = SafetensorsWriter(metadata: file.metadata)
    for entry in file.entries.reversed() {
      writer.add(entry.name, dtype: entry.dtype, shape: entry.shape) { body in
        try file.withBytes(of: entry.name, body)
      }
    }
    #expect(try bytes(of: writer) == Array(reference))
  }

  @Test("orders types as the reference does")
  func typeOrder() {
    let inOrder = SafetensorsDType.allCases.sorted { $0.rank < $1.rank }.map(\.rawValue)
    #expect(
      inOrder == [
        "U64", "I64", "F64", "C64", "F32", "U32", "I32", "BF16", "F16", "U16", "I16", "F8_E5M2FNUZ",
        "F8_E4M3FNUZ", "F8_E8M0", "F8_E4M3", "F8_E5M2", "I8", "U8", "F6_E3M2", "F6_E2M3", "F4", "BOOL",
      ])
  }

  @Test("writes a file that is read back, replaces an old one and aligns every tensor")
  func roundTrip() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("last.safetensors")
    try AtomicFile.write("old", to: url)

    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    writer.add("flag", dtype: .bool, shape: [3], bytes: [1, 0, 1])
    writer.add("fc.weight", floats: [1, 2, 3, 4, 5, 6], shape: [2, 3])
    writer.add("fc.bias", floats: [-0.0, .nan], shape: [2])
    writer.add("steps", int64s: [.min], shape: [])
    try writer.write(to: url)

    let file = try SafetensorsFile(contentsOf: url)
    #expect(file.metadata == ["format": "pt"])
    #expect(file.entries.map(\.name) == ["fc.bias", "fc.weight", "flag", "steps"])
    #expect(file["fc.weight"]?.shape == [2, 3])
    #expect(try file.floats("fc.weight") == [1, 2, 3, 4, 5, 6])
    #expect(try file.floats("fc.bias").map(\.bitPattern) == [Float(-0.0), .nan].map(\.bitPattern))
    #expect(try file.int64s("steps") == [.min])
    #expect(try file.int64s("flag") == [1, 0, 1])
    for entry in file.entries { #expect(entry.byteRange.lowerBound * 8 % entry.dtype.bits == 0) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["last.safetensors"])
    #expect(try Array(Data(contentsOf: url)) == bytes(of: writer))
  }

  @Test("keeps the old file when a source fails or the place is impossible")
  func failures() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("last.safetensors")
    try AtomicFile.write("old", to: url)

    var writer = SafetensorsWriter()
    writer.add("a", dtype: .u8, shape: [1]) { _ in throw CancellationError() }
    #expect(throws: CancellationError.self) { try writer.write(to: url) }
    #expect(try String(contentsOf: url, encoding: .utf8) == "old")

    let below = url.appendingPathComponent("x.safetensors")
    let error = #expect(throws: LabError.self) { try SafetensorsWriter().write(to: below) }
    #expect(error?.kind == .checkpoint)
    #expect(
      error?.description
        == "\(below.path) cannot be written: \(url.path) is not a folder; choose another place.")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["last.safetensors"])
  }

  @Test("a programmer's mistake traps")
  func traps() async {
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter()
      writer.add("a", floats: [1, 2], shape: [3])
      try writer.emit { _ in }
    }
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter()
      writer.add("a", floats: [1], shape: [1])
      writer.add("a", floats: [1], shape: [1])
    }
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter()
      writer.add("__metadata__", floats: [1], shape: [1])
    }
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter()
      writer.add("a", floats: [1], shape: [-1])
    }
  }

  private func bytes(of writer: SafetensorsWriter) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try writer.emit { bytes += $0 }
    return bytes
  }
}
