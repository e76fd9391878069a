extension ConfigFile {
  /// Of all rows that a configuration file can speak of the one that this file changes least: a file with the classes and the
  /// loss of a row means that row. The first of those that it changes alike; the first of all where it fits none, which then
  /// says why.
  func row(of experiments: [Experiment]) -> Experiment? {
    let rows = experiments.filter { $0.config != nil }
    let changes = rows.compactMap { row -> (row: Experiment, count: Int)? in
      var settings = row.settings
      guard (try? apply(to: &settings)) != nil else { return nil }
      return (row, zip(settings.all, row.settings.all).count { $0.value != $1.value })
    }
    return changes.min { $0.count < $1.count }?.row ?? rows.first
  }
}
