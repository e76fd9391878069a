/// What went wrong in the outside world (a file, a flag, a data set), said as one sentence with its remedy.
///
/// A programmer's mistake traps instead. `exitCode` is what the process ends with: 1, or 2 for a wrong command line.
public struct LabError: Error, Equatable, CustomStringConvertible {
  /// The part of the workspace that noticed.
  public enum Kind: String, Sendable {
    case usage, data, config, model, checkpoint, training, device, plotting, tracking
  }

  /// The part of the workspace that noticed.
  public let kind: Kind
  /// What is wrong, naming the file or flag: "models/last.safetensors ends 12 bytes early".
  public let cause: String
  /// What to do about it: "copy the file again", "run lab data fetch mnist".
  public let remedy: String

  /// An error of `kind` with its cause and remedy, neither with a full stop at its end.
  public init(_ kind: Kind, _ cause: String, remedy: String) {
    self.kind = kind
    self.cause = cause
    self.remedy = remedy
  }

  /// 2 for a wrong command line or configuration, 1 for everything else.
  public var exitCode: Int32 { kind == .usage || kind == .config || kind == .device ? 2 : 1 }

  /// One sentence: the cause, then the remedy, which may be a question.
  public var description: String { "\(cause); \(remedy)\(remedy.hasSuffix("?") ? "" : ".")" }
}
