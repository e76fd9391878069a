import Foundation
import Images
import Utils

@testable import Weights

/// Files that are well-formed for as long as possible, and ask for as much memory as a few bytes can.
enum Greedy {
  struct File {
    let name, format: String
    let bytes: () throws -> [UInt8]
  }

  static var files: [File] {
    [
      File(name: "header of short lists", format: "safetensors") {
        header(repeated("[0],", 500_000, in: "[]"))
      },
      File(name: "header of short objects", format: "safetensors") {
        header(repeated("{\"\":[0]},", 200_000, in: "[]"))
      },
      File(name: "header of numbers", format: "safetensors") { header(repeated("0,", 1_000_000, in: "[]")) },
      File(name: "longer header", format: "safetensors") { header(repeated("[0],", 20_000_000, in: "[]")) },
      File(name: "list of short lists", format: "shards") { Array(repeated("[0],", 500_000, in: "[]").utf8) },
      File(name: "longer list", format: "shards") { Array(repeated("[0],", 5_000_000, in: "[]").utf8) },
      File(name: "many files", format: "npz") { try archive(65_000) },
      File(name: "lists", format: "pth") { legacy(object: "(" + repeated("]", 3_000_000)) },
      File(name: "remembered", format: "pth") { legacy(object: memos(2_000_000)) },
      File(name: "numbers", format: "pth") { legacy(object: "]" + "(" + repeated("K1", 3_000_000) + "e") },
      File(name: "flat picture", format: "png") { flat.encodedPNG() },
      File(name: "flat picture", format: "jpeg") { flat.encodedJPEG() },
      File(name: "nesting", format: "yaml") { Array(repeated("[", 90_000).utf8) },
      File(name: "aliases", format: "yaml") { Array(aliases.utf8) },
    ]
  }

  /// 36 million pixels that pack well.
  private static var flat: DecodedImage {
    DecodedImage(width: 6000, height: 6000, channels: 1, pixels: [UInt8](repeating: 7, count: 36_000_000))
  }

  private static func repeated(_ text: String, _ count: Int, in brackets: String = "") -> String {
    let body = String(repeating: text, count: count)
    return brackets.isEmpty ? body : "\(brackets.first!)\(body)0\(brackets.last!)"
  }

  /// A safetensors file without data whose metadata is `json`.
  private static func header(_ json: String) -> [UInt8] {
    let text = Array("{\"__metadata__\":\(json)}".utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  private static func archive(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var writer = ZipWriter { bytes += $0 }
    for number in 0..<count { try writer.add("\(number).npy", []) { _ in } }
    try writer.finish()
    return bytes
  }

  /// A file of PyTorch before 1.6 whose object is the pickle `object`.
  private static func legacy(object: String) -> [UInt8] {
    let magic: [UInt8] = [
      0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    return magic + [0x80, 2] + Array("M".utf8) + [0xE9, 3, 0x2E, 0x80, 2] + Array("}.".utf8)
      + Array(object.utf8)
      + Array("0].].".utf8)
  }

  /// An object that is put into the memo again and again.
  private static func memos(_ count: Int) -> String {
    "(" + (0..<count).map { "Np\($0)\n" }.joined()
  }

  /// Each list holds the one before it nine times.
  private static let aliases =
    "a0: &a0 [x]\n"
    + (1..<30).map {
      "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]\n"
    }.joined()
}
