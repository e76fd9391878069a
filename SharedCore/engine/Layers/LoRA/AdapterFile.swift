import Foundation
import Utils

extension Module {
  /// Writes the adapters of a network without what they stand around: a safetensors file of a few megabytes.
  ///
  /// Its metadata `lab` says what they are like and around which layers they stand.
  ///
  /// - Parameter others: what the names of further parameters and buffers look like that are written too: a new classifier,
  ///   norms that have learnt.
  public func saveAdapters(to url: URL, with others: [String] = []) throws {
    let adapters = adapters()
    guard let first = adapters.first?.adapter, !adapters.contains(where: \.adapter.isMerged) else {
      throw LabError(
        .model,
        adapters.isEmpty ? "the network has no adapters to save" : "the adapters are merged into their bases",
        remedy: adapters.isEmpty ? "add adapters first" : "unmerge them first")
    }
    guard adapters.allSatisfy({ $0.adapter.lora == first.lora }) else {
      throw LabError(
        .model, "the network's adapters are of several kinds",
        remedy: "save the whole network as a checkpoint")
    }
    let names = JSONValue.array(adapters.map { .string($0.name) })
    var checkpoint = Checkpoint(of: self, lab: ["adapters": first.lora.json, "layers": names])
    checkpoint.contents = checkpoint.contents.filter { name, _ in
      isAdapters(name) || (!others.isEmpty && NamePattern.fits(name, others))
    }
    try checkpoint.write(to: url)
  }

  private func isAdapters(_ name: String) -> Bool { name.contains("lora_") }
}

extension Module {
  /// Puts adapters that `saveAdapters` has written around the layers of their base, where they do not stand there already, and
  /// everything else that the file holds in its place.
  ///
  /// Throws a `LabError`, and changes nothing, where the file holds no adapters and where they do not fit the network.
  public func loadAdapters(from url: URL) throws {
    let checkpoint = try Checkpoint(contentsOf: url)
    guard let layers = checkpoint.lab["layers"]?.array?.compactMap(\.string), !layers.isEmpty,
      let lora = checkpoint.lab["adapters"].flatMap(LoRA.init(json:))
    else {
      throw LabError(
        .checkpoint, "\(url.relativePath) holds no low-rank adapters", remedy: "give a file of saved adapters"
      )
    }
    let present = adapters()
    let arePresent = present.map(\.name) == layers && present.allSatisfy { $0.adapter.lora == lora }
    try check(checkpoint, arePresent ? [:] : adapterShapes(lora, layers))
    if !arePresent, let network = self as? any HasReplaceableLayers {
      var random = RandomStream(seed: 0)  // every number is overwritten
      try network.addAdapters(lora, to: layers, using: &random)
    }
    try checkpoint.load(into: state().filter { checkpoint.contents[$0.name] != nil }, what: "network")
  }

  /// The tensors of adapters around layers that may have them, with their shapes.
  private func adapterShapes(_ lora: LoRA, _ layers: [String]) -> [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    (self as? any HasReplaceableLayers)?.replaceLayers { name, layer in
      guard layers.contains(name) else { return layer }
      for (part, shape) in lora.shapes(around: layer) { shapes["\(name).\(part)"] = shape }
      return layer
    }
    return shapes
  }

  /// Whether a file's tensors are all those of `adapters`, and beside them only state of this network.
  private func check(_ checkpoint: Checkpoint, _ adapters: [String: [Int]]) throws {
    var expected = adapters
    for (name, item) in state() { expected[name] = Checkpoint.Contents(item).shape }
    let missing = adapters.keys.filter { checkpoint.contents[$0] == nil }
    let wrong = checkpoint.contents.filter { expected[$0.key] != $0.value.shape }.keys
    guard let first = (missing + wrong).min() else { return }
    throw LabError(
      .checkpoint,
      "\(checkpoint.origin?.relativePath ?? "the file") does not fit this network: \(first) "
        + (missing.contains(first) ? "is missing" : "has no place in it, or another shape"),
      remedy: "give the adapters of this network")
  }
}

extension LoRA {
  /// The record of a file.
  var json: JSONValue {
    [
      "rank": .integer(Int64(rank)), "alpha": .number(Double(alpha)), "scaling": .string(scaling.rawValue),
      "reach": .string(reach.rawValue), "learns_magnitudes": .bool(learnsMagnitudes),
    ]
  }

  /// What a record says; nil where it says no such thing.
  init?(json: JSONValue) {
    guard let rank = json["rank"]?.int, (1...65_536).contains(rank), let alpha = json["alpha"]?.double,
      let scaling = json["scaling"]?.string.flatMap(Scaling.init(rawValue:)),
      let reach = json["reach"]?.string.flatMap(Reach.init(rawValue:)),
      let learnsMagnitudes = json["learns_magnitudes"]?.bool
    else { return nil }
    self.init(
      rank: rank, alpha: Float(alpha), scaling: scaling, reach: reach, learnsMagnitudes: learnsMagnitudes)
  }

  /// The shapes of an adapter's own tensors, by their names in it; none for a layer that cannot have one.
  func shapes(around layer: any Layer) -> [String: [Int]] {
    guard let base = layer as? any WeightedLayer, layer is Linear || layer is Conv2d else { return [:] }
    let shape = Array(base.weight.shape)
    let kernel = shape.dropFirst(2)
    let ones = kernel.map { _ in 1 }
    var shapes = [
      "lora_A.weight": [rank, shape[1]] + (reach == .kernel ? Array(kernel) : ones),
      "lora_B.weight": [shape[0], rank] + ones,
    ]
    if learnsMagnitudes { shapes["lora_magnitude_vector"] = [shape[0]] }
    return shapes
  }
}
