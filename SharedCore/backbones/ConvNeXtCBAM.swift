import Engine
import Utils

/// A ConvNeXt that weighs channels and places behind some of its stages, for large images with several defects.
///
/// Liu et al., "A ConvNet for the 2020s", 2022, and Woo et al., "CBAM", 2018. Departures from ConvNeXt: dropout and one
/// linear layer on the mean of the last maps, without the layer norm between. Without attention it is that network alone.
public final class ConvNeXtCBAM: ConvolutionalNetwork, AttendingNetwork {
  /// The stem, the four stages and what halves the picture between them, under the names of published weights.
  public let features: Sequential
  /// The attention modules by the element of `features` behind which they stand: "5", "7".
  let attention: Sequential
  let head: Sequential

  /// Where attention modules stand.
  public enum Placement: Equatable, Sendable {
    /// Behind these stages, 1 to 4.
    case stages([Int])
    /// Behind these elements of `features`, 0 to 7: what `cbam_stages` means to programs that count torchvision's list.
    case elements([Int])

    /// The elements of `features`, in their order.
    var elements: [Int] {
      switch self {
      case .stages(let stages): stages.map { 2 * $0 - 1 }.sorted()
      case .elements(let elements): elements.sorted()
      }
    }
  }

  /// A network for `classes` logits.
  ///
  /// - Parameters:
  ///   - size: how deep and wide it is.
  ///   - placement: where attention stands; traps outside of the stages, or for one named twice.
  ///   - dropout: the share of the features that is dropped before the last layer.
  ///   - stochasticDepth: how often the last block is left out in training; earlier ones less; nil for the
  ///     size's own.
  ///   - layerScale: what a block's own part is multiplied by at first: 1e-6 in the paper, whose trainings are long; with
  ///     that the first thousand steps go by before the blocks have any effect.
  public init(
    _ size: ConvNeXt.Size = .tiny, classes: Int, attention placement: Placement = .stages([3, 4]),
    reduction: Int = 16,
    dropout: Float = 0.5, stochasticDepth: Float? = nil, layerScale: Float = 1e-6,
    using random: inout RandomStream
  ) {
    let elements = placement.elements
    require(
      elements.allSatisfy { (0...7).contains($0) } && Set(elements).count == elements.count,
      "ConvNeXtCBAM: attention behind \(placement)")
    features = ConvNeXt.features(
      size, stochasticDepth: stochasticDepth ?? size.stochasticDepth, layerScale: layerScale, using: &random)
    attention = Sequential(
      named: elements.map { element in
        ("\(element)", CBAM(size.channels(behind: element), reduction: reduction, using: &random))
      })
    head = Sequential(Dropout(dropout), Linear(size.widths[3], classes, using: &random))
  }

  /// The maps [N, C, H, W] behind each of the four stages, weighed by the attention that stands there.
  ///
  /// Grey pictures [N, 1, H, W] go in as red, green and blue alike.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] {  // [N, 3, 256, 1600]
    var stages: [(name: String, maps: Tensor)] = []
    walk(x) { element, module, maps in
      let weighed = module?(maps) ?? maps
      if element % 2 == 1 { stages.append(("stage \(element / 2 + 1)", weighed)) }
      return weighed
    }
    return stages  // the last [N, 768, 8, 50]
  }

  /// Logits [N, K] of the last stage's maps.
  public func classify(_ maps: Tensor) -> Tensor { head(adaptiveAvgPool2d(maps, 1).flattened(from: 1)) }

  /// How much each place matters to the attention modules, 0 to 1: for each [N, h, w] over the places of its maps.
  public func attentionMaps(_ x: Tensor) -> [(name: String, places: Tensor)] {
    var found: [(name: String, places: Tensor)] = []
    walk(x) { element, module, maps in
      guard let module else { return maps }
      found.append(
        (element % 2 == 1 ? "stage \(element / 2 + 1)" : "element \(element)", module.places(maps)))
      return module(maps)
    }
    return found
  }

  /// Takes the convolutional part out of learning, attention and head go on.
  public func freezeBackbone() { features.freeze() }

  /// Takes the stem, the first `count` stages and what lies between them out of learning.
  public func freezeStages(_ count: Int) {
    for (_, layer) in features.layers.prefix(2 * count) { layer.freeze() }
  }

  /// Runs through `features`; `visit` turns each element's maps, with the attention behind it, into what the next one gets.
  private func walk(_ x: Tensor, _ visit: (Int, CBAM?, Tensor) -> Tensor) {
    var x = coloured(x)
    for (element, (name, layer)) in features.layers.enumerated() {
      x = visit(element, attention.layers.first { $0.name == name }?.layer as? CBAM, layer(x))
    }
  }
}

extension ConvNeXt.Size {
  /// The channels behind an element of `features`: stages stand at odd places, what halves the picture before them.
  fileprivate func channels(behind element: Int) -> Int { widths[element / 2] }
}

extension ConvNeXtCBAM: HasPublishedNames {
  /// Our name for torchvision's, timm's or the authors' one.
  public func ownName(of published: String) -> String { ConvNeXt.ownName(of: published) }

  /// Published weights end with a layer norm and a classifier of their own.
  public func isReplaced(_ published: String) -> Bool { ownName(of: published).hasPrefix("classifier.") }

  /// No published weights hold the attention modules.
  public func isNew(_ name: String) -> Bool { name.hasPrefix("attention.") }
}
