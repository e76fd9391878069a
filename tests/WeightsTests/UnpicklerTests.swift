import Foundation
import Testing
import Utils

@testable import Weights

/// Pickles of every protocol as Python writes them, and those that would run something, eat memory or go in circles.
@Suite("Unpickler")
struct UnpicklerTests {
  private func read(_ bytes: [UInt8]) throws -> Unpickler.Content {
    try bytes.withUnsafeBytes { try Unpickler.read($0).content }
  }

  @Test(arguments: 0...5)
  func protocols(version: Int) throws {
    let hex = try #require(Samples.json("pickles.json")["\(version)"]?.string)
    let bytes = stride(from: 0, to: hex.utf8.count, by: 2).compactMap { start in
      UInt8(hex.dropFirst(start).prefix(2), radix: 16)
    }
    let content = try read(bytes)
    let value = describe(content.root)
    #expect(
      value.hasPrefix(
        "{whole: [0, 1, 255, 256, 65535, 65536, -1, -129, 2147483648, -1099511627776, 4611686018427387904], real: [0.5, -1.25, 1e+300], text: [\"\", \"plain\", "
      ))
    #expect(value.contains("\"naïve \\ 'quoted' \"twice\"\n\""))
    #expect(value.contains("bytes: [<2: 0 255>, <300: 121 121>], nothing: none"))
    #expect(
      value.contains("tuples: [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]], nested: {a: {b: [[]]}, 3: {}}"))
    #expect(value.hasSuffix("sets: [[7], [8]], shared: [0.5, -1.25, 1e+300]}"))
    #expect(value.contains("truth: [true, false]"))
  }

  private func describe(_ value: PickleValue) -> String {
    switch value {
    case .none: return "none"
    case .bool(let value): return "\(value)"
    case .int(let value): return "\(value)"
    case .float(let value): return "\(value)"
    case .text(let text): return "\"\(text)\""
    case .bytes(let bytes): return "<\(bytes.count): \(bytes[0]) \(bytes[1])>"
    case .container(let container) where container.kind == .dictionary:
      let pairs = stride(from: 0, to: container.elements.count, by: 2).map { index in
        let key = describe(container.elements[index]).filter { $0 != "\"" }
        return "\(key): \(describe(container.elements[index + 1]))"
      }
      return "{\(pairs.joined(separator: ", "))}"
    case .container(let container): return "[\(container.elements.map(describe).joined(separator: ", "))]"
    default: return "other"
    }
  }

  @Test(arguments: [
    ("os", "system"), ("builtins", "eval"), ("builtins", "getattr"), ("__builtin__", "exec"),
    ("torch", "load"), ("torch.nn.modules.linear", "Linear"), ("torch._utils", "_rebuild_qtensor"),
    ("torch", "QInt8Storage"), ("collections", "OrderedDict.__class__"), ("", ""),
  ])
  func foreignNames(module: String, name: String) throws {
    try expectDefect(mentioning: "\"\(module).\(name)\"") { try read(pickle("c\(module)\n\(name)\n)R.")) }
    let (m, n) = (Array(module.utf8), Array(name.utf8))
    try expectDefect(mentioning: "\"\(module).\(name)\"") {
      try read(pickle(0x80, 4, 0x8C, m.count, m, 0x8C, n.count, n, 0x93, ")R."))
    }
  }

  /// Opcodes that make objects of classes, look up extensions or take buffers from outside.
  @Test(arguments: [
    pickle("(ios\nsystem\n."), pickle("(cos\nsystem\no."), pickle("Psomething\n."),
    pickle(0x80, 2, 0x82, 1, "."),
    pickle(0x80, 4, ")}", 0x92, "."), pickle(0x80, 5, 0x97, "."), pickle(0x80, 5, 0x98, "."),
    pickle(0x80, 6, "N."),
  ])
  func opcodesThatMakeObjects(bytes: [UInt8]) { #expect(throws: WeightsDefect.self) { try read(bytes) } }

  @Test(arguments: [
    pickle("."), pickle("N"), pickle(""), pickle("t."), pickle("(N"), pickle("a."), pickle("]s."),
    pickle("Na."),
    pickle("}(Nu."), pickle("(Nd."), pickle("h", 5, "."), pickle("X", little(UInt32.max), "x."),
    pickle(0x8D, little(UInt64.max), "."), pickle(0x8B, little(Int32(-1)), "."), pickle("Iabc\n."),
    pickle("Fabc\n."),
    pickle("S'a\n."), pickle("(1."), pickle("NNb."), pickle("Nq"), pickle("N)R."), pickle("NQ."),
  ])
  func damagedOnes(bytes: [UInt8]) { #expect(throws: WeightsDefect.self) { try read(bytes) } }

  /// A list in itself: circles are neither followed for ever nor kept in memory.
  @Test func circles() throws {
    weak var list: PickleContainer?
    do {
      let content = try read(pickle("]q", 0, "h", 0, "a."))
      if case .container(let container) = content.root { list = container }
      #expect(list != nil)
      try expectDefect(mentioning: "without an end") { try TorchNames(content) }
    }
    #expect(list == nil)
  }

  /// A tuple in a tuple, half a million deep: neither reading nor letting go overflows the stack.
  @Test func depth() throws {
    let deep = pickle(")") + [UInt8](repeating: 0x85, count: 500_000) + pickle(".")
    do {
      let content = try? read(deep)
      if let content { try expectDefect(mentioning: "without an end") { try TorchNames(content) } }
    }
    let shallow = try read(pickle(")") + [UInt8](repeating: 0x85, count: 100_000) + pickle("."))
    try expectDefect(mentioning: "without an end") { try TorchNames(shallow) }
  }

  /// Each list holds the one before it ten times: a thousand bytes that would be walked 10^40 times.
  @Test func laughs() throws {
    var bytes = pickle("]q", 0)
    for level in 1...20 {
      bytes += pickle(
        "](", [UInt8](repeating: 0, count: 10).flatMap { _ in pickle("h", level - 1) }, "eq", level)
    }
    try expectDefect(mentioning: "without an end") { try TorchNames(read(bytes + pickle("."))) }
  }

  @Test func greed() throws {
    try expectDefect(mentioning: "far more memory") {
      try read([UInt8](repeating: UInt8(ascii: "]"), count: 2_000_000) + pickle("."))
    }
  }
}
