/// A network whose weights are also published under other names than its own, such as those of another library.
public protocol HasPublishedNames: Module {
  /// Our name for the `published` one; a name that is ours already, or nobody's, stays as it is.
  func ownName(of published: String) -> String

  /// Whether the network has something else in the place of the `published` tensor, beside its last layer: such tensors are
  /// passed over where the last layer is to be a new one.
  func isReplaced(_ published: String) -> Bool

  /// Whether the network has something called `name` that published weights do not have: it then begins with random numbers.
  func isNew(_ name: String) -> Bool
}

extension HasPublishedNames {
  /// False.
  public func isReplaced(_ published: String) -> Bool { false }
  /// False.
  public func isNew(_ name: String) -> Bool { false }
}
