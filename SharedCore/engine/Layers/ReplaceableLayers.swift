/// A network whose layers can be exchanged for others: for the same ones with an adapter around them.
///
/// What may be exchanged is a property `var conv1: any Layer`; a network passes each to `replaced`.
/// ```swift
/// func replaceLayers(_ change: (_ name: String, any Layer) throws -> any Layer) rethrows {
///   conv1 = try replaced(conv1, "conv1", by: change)
///   try replaceLayers(of: layer1, "layer1", by: change)
/// }
/// ```
public protocol HasReplaceableLayers: Module {
  /// Puts what `change` makes of each layer in its place.
  ///
  /// - Parameter change: gets the name that the layer has in `state()`, and the layer.
  func replaceLayers(_ change: (_ name: String, any Layer) throws -> any Layer) rethrows
}

extension HasReplaceableLayers {
  /// What comes in the place of a layer of this network: itself, with its own layers exchanged, or what `change` makes of it.
  public func replaced(
    _ layer: any Layer, _ name: String, by change: (_ name: String, any Layer) throws -> any Layer
  ) rethrows -> any Layer {
    guard let network = layer as? any HasReplaceableLayers else { return try change(name, layer) }
    try replaceLayers(of: network, name, by: change)
    return layer
  }

  /// Exchanges the layers of a part that itself stays.
  public func replaceLayers(
    of part: any HasReplaceableLayers, _ name: String,
    by change: (_ name: String, any Layer) throws -> any Layer
  ) rethrows {
    try part.replaceLayers { try change("\(name).\($0)", $1) }
  }
}
