/// What happens between two neighbouring frames of a caption's place; the order is that of the network's outputs.
public enum CaptionLabel: String, CaseIterable, Sendable {
  /// Both frames show one caption.
  case same
  /// One caption ends and the next begins.
  case different
  /// Neither shows a caption.
  case emptyEmpty = "empty_empty"
  /// A caption begins.
  case emptyValid = "empty_valid"
  /// A caption ends.
  case validEmpty = "valid_empty"

  /// The names in order.
  public static let names = allCases.map(\.rawValue)

  /// Whether there is a boundary between the frames.
  public var isBoundary: Bool {
    switch self {
    case .same, .emptyEmpty: false
    case .different, .emptyValid, .validEmpty: true
    }
  }
}
