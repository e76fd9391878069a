/// A network that weighs the places of its maps, and can say how much each matters to it.
public protocol AttendingNetwork: Layer {
  /// For each attention module, first to last, its name and the weights [N, h, w] of its places for `x`, 0 to 1.
  func attentionMaps(_ x: Tensor) -> [(name: String, places: Tensor)]
}
