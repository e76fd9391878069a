import Utils

extension RunReport {
  /// What was found while the data were read, as tables: the counts and sentences, then a table for each list of findings; none
  /// where nobody looked.
  var dataTables: [Table] {
    guard let report = run.config["data"]?["report"], report != nil else { return [] }
    var (facts, lists): ([[String]], [Table]) = ([], [])
    Self.read(report, path: [], &facts, &lists)
    let first = Table(title: "What was found in the data", head: ["what", "found"], rows: facts)
    return (facts.isEmpty ? [] : [first]) + lists
  }

  private static func read(
    _ value: JSONValue, path: [String], _ facts: inout [[String]], _ lists: inout [Table]
  ) {
    let name = path.joined(separator: ", ").replacing("_", with: " ")
    switch value {
    case .object(let members):
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        read(member, path: path + [key], &facts, &lists)
      }
    case .array(let elements):
      let head = (elements.first?.object ?? [:]).keys.sorted()
      guard !head.isEmpty else { return facts += elements.map { [name, $0.string ?? $0.text()] } }
      lists.append(
        Table(
          title: name.prefix(1).uppercased() + name.dropFirst(), head: head,
          rows: elements.map { element in head.map { element[$0]?.string ?? element[$0]?.text() ?? "" } }))
    default: facts.append([name, value.string ?? value.text()])
    }
  }
}
