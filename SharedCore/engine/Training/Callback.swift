/// Something that watches a training: it reports, saves, draws or stops it.
///
/// All four hooks may be left out.
public protocol Callback: AnyObject {
  /// Training is about to begin.
  func fitBegins(_ beginning: FitBeginning) throws
  /// A step has ended.
  func stepEnded(_ report: StepReport) throws -> Verdict
  /// An epoch has ended.
  func epochEnded(_ report: EpochReport) throws -> Verdict
  /// Training has ended.
  func fitEnded(_ report: FitReport) throws
}

extension Callback {
  /// Does nothing.
  public func fitBegins(_ beginning: FitBeginning) throws {}
  /// Lets training go on.
  public func stepEnded(_ report: StepReport) throws -> Verdict { .goOn }
  /// Lets training go on.
  public func epochEnded(_ report: EpochReport) throws -> Verdict { .goOn }
  /// Does nothing.
  public func fitEnded(_ report: FitReport) throws {}
}
