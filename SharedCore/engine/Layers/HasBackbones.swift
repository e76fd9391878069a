/// A network around others that may begin with weights that somebody else has trained.
///
/// Such weights are put into every backbone; what is around them begins at random.
public protocol HasBackbones: Module {
  /// The networks inside, all of one kind.
  var backbones: [any Module] { get }
  /// What the names of the last layer begin with that the published network has and a backbone has not: `fc.`.
  var publishedHead: String { get }
}
