import Foundation
import Utils

/// A saved training: the network's state under PyTorch's names, the training rule's under `optimizer.`, and what
/// determines the result as JSON.
///
/// Nothing that varies between two equal runs stands in it (times, paths, hosts, thread counts), so equal runs write equal
/// bytes.
public struct Checkpoint: Sendable {
  /// What a name stands for.
  public enum Contents: Equatable, Sendable {
    case floats([Float], shape: [Int])
    case integer(Int64)
  }

  /// The version of `lab` that this code writes and the newest that it reads.
  public static let version = 1

  /// What determines the result: architecture, configuration, experiment, seed, data, position, metrics.
  public var lab: JSONValue
  /// Everything saved, by name.
  public var contents: [String: Contents]
  /// Where it was read from; nil for one that was made here.
  public let origin: URL?

  /// A copy of the state of `network` and `rule` as they are now.
  public init(of network: any Module, rule: (any TrainingRule)? = nil, lab: [String: JSONValue]) {
    self.lab = .object(lab.merging(["version": .integer(Int64(Self.version))]) { $1 })
    origin = nil
    contents = [:]
    for (name, item) in network.state() { contents[name] = Contents(item) }
    for (name, buffer) in rule?.state() ?? [] { contents["optimizer.\(name)"] = Contents(.buffer(buffer)) }
  }

  /// Writes a safetensors file; what was there before stays whole until the new one is.
  public func write(to url: URL) throws {
    let description = lab.text()
    var writer = SafetensorsWriter(metadata: [
      "format": "pt", "lab": description, Self.checksumKey: Self.checksum(description, contents),
    ])
    for (name, item) in contents.sorted(by: { $0.key < $1.key }) {
      switch item {
      case .floats(let elements, let shape): writer.add(name, floats: elements, shape: shape)
      case .integer(let value): writer.add(name, int64s: [value], shape: [])
      }
    }
    try writer.write(to: url)
  }

  /// Reads a checkpoint; one that comes from elsewhere, without our description, has an empty `lab`.
  public init(contentsOf url: URL) throws {
    let file = try SafetensorsFile(contentsOf: url)
    origin = url
    lab = [:]
    if let text = file.metadata["lab"] {
      do { lab = try JSONValue(parsing: Array(text.utf8)) } catch {
        throw LabError(
          .checkpoint, "\(url.path): its description \"lab\" is no JSON: \(error)",
          remedy: "save the checkpoint again")
      }
      let version = lab["version"]?.int ?? 0
      guard version <= Self.version else {
        throw LabError(
          .checkpoint,
          "\(url.path) was written by a newer version of this workspace (\(version), we read up to \(Self.version))",
          remedy: "update the workspace with git pull")
      }
    }
    contents = [:]
    for entry in file.entries {
      switch entry.dtype {
      case .f32, .f16, .bf16, .f64:
        contents[entry.name] = .floats(try file.floats(entry.name), shape: entry.shape)
      case .i64 where entry.count == 1: contents[entry.name] = .integer(try file.int64s(entry.name)[0])
      default: continue  // another program's indices and masks: no module of ours has a name for them
      }
    }
    try check(against: file.metadata, url)
  }

  /// Puts the saved state into `network`: every name must be there with its shape, and none be left over.
  public func load(into network: any Module) throws {
    try load(network.state(), from: contents.filter { !$0.key.hasPrefix("optimizer.") }, what: "network")
  }

  /// Puts the saved state into a training rule, as strictly.
  public func load(into rule: any TrainingRule) throws {
    let saved = contents.filter { $0.key.hasPrefix("optimizer.") }
    try load(
      rule.state().map { ("optimizer.\($0.name)", .buffer($0.buffer)) }, from: saved, what: "optimizer")
  }

  private func load(
    _ state: [(name: String, item: StateItem)], from saved: [String: Contents], what: String
  ) throws {
    let wanted = Dictionary(state.map { ($0.name, $0.item) }) { first, _ in first }
    let missing = wanted.keys.filter { saved[$0] == nil }.sorted()
    let unexpected = saved.keys.filter { wanted[$0] == nil }.sorted()
    let misshaped = wanted.keys.sorted().compactMap { name -> String? in
      guard let item = wanted[name], let found = saved[name], !item.accepts(found) else { return nil }
      return "\(name) \(found.shapeText) instead of \(Contents(item).shapeText)"
    }
    let complaints = [("misses", missing), ("has besides", unexpected), ("has in another shape", misshaped)]
      .filter { !$0.1.isEmpty }.map { "\($0.0) \(Self.shortened($0.1))" }
    guard complaints.isEmpty else {
      throw LabError(
        .checkpoint,
        "\(origin?.path ?? "the checkpoint") does not fit this \(what): it "
          + complaints.joined(separator: ", it "),
        remedy: "give the checkpoint of this model, or train one")
    }
    for (name, item) in state { if let found = saved[name] { item.assign(found) } }
  }

  private static func shortened(_ names: [String]) -> String {
    names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
  }
}

extension Checkpoint.Contents {
  init(_ item: StateItem) {
    switch item {
    case .parameter(let parameter): self = .floats(parameter.value.elements, shape: Array(parameter.shape))
    case .buffer(let buffer):
      switch buffer.contents {
      case .tensor(let tensor): self = .floats(tensor.elements, shape: Array(tensor.shape))
      case .integer(let value): self = .integer(value)
      }
    }
  }

  var shapeText: String { if case .floats(_, let shape) = self { "\(shape)" } else { "a whole number" } }
}

extension StateItem {
  fileprivate func accepts(_ contents: Checkpoint.Contents) -> Bool {
    Checkpoint.Contents(self).shapeText == contents.shapeText
  }

  fileprivate func assign(_ contents: Checkpoint.Contents) {
    switch (self, contents) {
    case (.parameter(let parameter), .floats(let elements, let shape)):
      parameter.set(Tensor(elements, shape: Shape(shape)))
    case (.buffer(let buffer), .floats(let elements, let shape)):
      buffer.contents = .tensor(Tensor(elements, shape: Shape(shape)))
    case (.buffer(let buffer), .integer(let value)): buffer.contents = .integer(value)
    case (.parameter, .integer): trap("a parameter was checked to be no whole number")
    }
  }
}
