/// A network whose weights are also published under other names than its own, such as those of another library.
public protocol HasPublishedNames: Module {
  /// Our name for the `published` one; a name that is ours already, or nobody's, stays as it is.
  func ownName(of published: String) -> String
}
