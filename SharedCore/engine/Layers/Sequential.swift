import Utils

/// Layers one after the other; each gets what the one before it gives.
///
/// The state names are the places, `features.0.weight`, or the names that were given, `features.conv0.weight`.
public final class Sequential: Layer, HasReplaceableLayers, CustomReflectable {
  /// The layers with their names, first to last.
  public private(set) var layers: [(name: String, layer: any Layer)]

  /// Layers that are called 0, 1, 2, ...
  public convenience init(_ layers: any Layer...) { self.init(layers) }

  /// Layers that are called 0, 1, 2, ...
  public init(_ layers: [any Layer]) {
    self.layers = layers.enumerated().map { (name: "\($0.offset)", layer: $0.element) }
  }

  /// Layers with names of their own; traps when two have the same.
  public init(named layers: [(name: String, layer: any Layer)]) {
    require(
      Set(layers.map(\.name)).count == layers.count,
      "Sequential: two layers share a name in \(layers.map(\.name))")
    self.layers = layers
  }

  /// The output of the last layer, for `x` given to the first.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = layers.reduce(x) { x, next in
      let y = next.layer(x)
      Observation.observer?.called(next.layer, output: y)
      return y
    }
    Observation.observer?.called(self, output: y)
    return y
  }

  /// Puts what `change` makes of each layer in its place: an adapter around a convolution, say.
  public func replaceLayers(_ change: (_ name: String, any Layer) throws -> any Layer) rethrows {
    layers = try layers.map { ($0.name, try replaced($0.layer, $0.name, by: change)) }
  }

  /// The layers stand as if each were a property: so the state has no name between.
  public var customMirror: Mirror {
    Mirror(self, children: layers.map { (label: $0.name, value: $0.layer) }, displayStyle: .class)
  }
}
