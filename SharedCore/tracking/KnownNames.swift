import GRDB

extension ExperimentDatabase {
  /// A kind of name that runs are found by.
  public enum NameKind: String, Sendable {
    case model, experiment, tag
  }

  /// Every name of this kind in the record, sorted.
  public func names(of kind: NameKind) throws -> [String] {
    try read { database in
      try String.fetchAll(
        database,
        sql:
          "SELECT DISTINCT \(kind.rawValue) FROM \(kind == .tag ? "tags" : "runs") ORDER BY \(kind.rawValue)")
    }
  }
}
