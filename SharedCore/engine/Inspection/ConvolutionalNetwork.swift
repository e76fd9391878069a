/// A classifier of images whose parts before the classifier can be looked at one by one.
///
/// What it answers is what it classifies: `network(x)` equals `network.classify(network.stages(x).last.maps)`, and a network
/// that has nothing else to say need not write `callAsFunction`.
public protocol ConvolutionalNetwork: Layer {
  /// The feature maps [N, C, H, W] of `x` after each stage, first to last, at least one.
  ///
  /// A stage ends where a picture of it says something: after its last activation, before what shrinks it.
  func stages(_ x: Tensor) -> [(name: String, maps: Tensor)]

  /// The outputs [N, K] for the `maps` [N, C, H, W] of the last stage.
  func classify(_ maps: Tensor) -> Tensor
}

extension ConvolutionalNetwork {
  /// The outputs [N, K] for `x` [N, C, H, W]; `x` itself is classified where there is no stage.
  public func callAsFunction(_ x: Tensor) -> Tensor { classify(stages(x).last?.maps ?? x) }
}

extension Averaged: ConvolutionalNetwork where Network: ConvolutionalNetwork {
  /// The feature maps of the network itself.
  public func stages(_ x: Tensor) -> [(name: String, maps: Tensor)] { network.stages(x) }

  /// The outputs [N, K] of the network itself for the `maps` of its last stage.
  public func classify(_ maps: Tensor) -> Tensor { network.classify(maps) }
}

extension Sequential {
  /// What every layer of type `Pooling` is given, in order: the stages of networks such as AlexNet's.
  ///
  /// The last such layer and what comes after it are not run.
  public func stages<Pooling: Layer>(
    _ x: Tensor, endingBefore: Pooling.Type
  ) -> [(name: String, maps: Tensor)] {
    guard let last = layers.lastIndex(where: { $0.layer is Pooling }) else { return [] }
    var (x, stages): (Tensor, [(name: String, maps: Tensor)]) = (x, [])
    for (_, layer) in layers[..<last] {
      if layer is Pooling { stages.append(("stage \(stages.count + 1)", x)) }
      x = layer(x)
    }
    return stages + [("stage \(stages.count + 1)", x)]
  }
}
