import Engine
import Foundation
import Utils

/// Weights that somebody else has trained, to begin a training with.
public struct PretrainedWeights: Sendable {
  /// The file they come from.
  public let file: WeightsFile
  /// Leave the network's last layer as it was drawn: it tells other classes apart than the published one.
  public let newHead: Bool
  /// The tensors of the network, by the names of the file without what wraps them.
  private let tensors: [String: WeightsTensor]

  /// The weights in the file at `url`, of any format that `WeightsFile` reads.
  public init(contentsOf url: URL, newHead: Bool = false) throws {
    file = try WeightsFile.read(url)
    self.newHead = newHead
    tensors = Dictionary(file.networkTensors.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Puts the weights into `network`, all of them or, when a name or shape does not fit, none.
  ///
  /// Names may be the network's own, torchvision's, or others that it knows (`HasPublishedNames`). A tensor under another
  /// name may differ from ours by sides of 1. `num_batches_tracked` may be missing, as in files before PyTorch 0.4.1.
  /// Throws a `LabError` that lists every missing, unexpected and mis-shaped name.
  public func load(into network: any Module) throws {
    let state = network.state()
    let items = Dictionary(state.map { ($0.name, $0.item) }) { first, _ in first }
    let head = Self.head(of: network)
    var fit = PretrainedFit(head: head)
    var found: [String: WeightsTensor] = [:]
    let known = network as? any HasPublishedNames
    for (published, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let name = known?.ownName(of: published) ?? published
      if newHead, name.hasPrefix(head) || known?.isReplaced(published) == true { continue }
      guard let item = items[name], found[name] == nil else {
        fit.unexpected.append(published)
        continue
      }
      found[name] = tensor
      if !fits(tensor, item, isRenamed: name != published) {
        fit.misshaped.append("\(published) \(tensor.shape) instead of \(Self.shape(of: item))")
        if name.hasPrefix(head) { fit.isHeadMisshaped = true }
      }
    }
    fit.missing = state.map(\.name).filter { name in
      found[name] == nil && !(newHead && (name.hasPrefix(head) || known?.isNew(name) == true))
        && !name.hasSuffix("num_batches_tracked")
    }
    if let error = fit.error(file.url.relativePath) { throw error }
    try refuseNonFinite(found)
    for (name, item) in state { if let tensor = found[name] { try Self.assign(tensor, to: item) } }
  }

  /// Refuses weights that are no numbers: a training would fail with them, and blame its learning rate.
  private func refuseNonFinite(_ tensors: [String: WeightsTensor]) throws {
    for (_, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let count = try tensor.floats().count { !$0.isFinite }
      guard count == 0 else {
        throw LabError(
          .checkpoint,
          "\(file.url.relativePath): \(count) of the \(tensor.count) elements of \(tensor.name) are NaN or infinite",
          remedy: "download or convert the file again, or use other weights")
      }
    }
  }

  private func fits(_ tensor: WeightsTensor, _ item: StateItem, isRenamed: Bool) -> Bool {
    let shape = Self.shape(of: item)
    if case .buffer(let buffer) = item, case .integer = buffer.contents {
      return tensor.count == 1 && tensor.isWhole
    }
    guard tensor.isNumeric else { return false }
    return tensor.shape == shape || isRenamed && tensor.shape.filter { $0 != 1 } == shape.filter { $0 != 1 }
  }

  private static func shape(of item: StateItem) -> [Int] {
    switch item {
    case .parameter(let parameter): return Array(parameter.shape)
    case .buffer(let buffer):
      if case .tensor(let tensor) = buffer.contents { return Array(tensor.shape) } else { return [] }
    }
  }

  private static func assign(_ tensor: WeightsTensor, to item: StateItem) throws {
    switch item {
    case .parameter(let parameter): parameter.set(Tensor(try tensor.floats(), shape: parameter.shape))
    case .buffer(let buffer):
      switch buffer.contents {
      case .tensor(let old): buffer.contents = .tensor(Tensor(try tensor.floats(), shape: old.shape))
      case .integer: buffer.contents = .integer(try tensor.int64s()[0])
      }
    }
  }

  /// What the names of the last layer begin with: `fc.`, `classifier.2.`.
  private static func head(of network: any Module) -> String {
    let last = network.parameters().last?.name ?? ""
    return String(last.prefix(through: last.lastIndex(of: ".") ?? last.startIndex))
  }
}

/// How weights fit a network, name by name.
private struct PretrainedFit {
  let head: String
  var missing: [String] = []
  var unexpected: [String] = []
  var misshaped: [String] = []
  var isHeadMisshaped = false

  /// The sentence that names everything that does not fit; nil when all does.
  func error(_ path: String) -> LabError? {
    let complaints = [("lacks", missing), ("has besides", unexpected), ("has in another shape", misshaped)]
      .filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.joined(separator: ", "))" }
    guard !complaints.isEmpty else { return nil }
    let isOnlyHead = isHeadMisshaped && missing.isEmpty && unexpected.isEmpty && misshaped.count <= 2
    return LabError(
      .checkpoint, "\(path) does not fit this network: it " + complaints.joined(separator: "; it "),
      remedy: isOnlyHead
        ? "give --new-head to keep the network's own last layer" : "give the weights of this architecture")
  }
}
