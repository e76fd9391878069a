import Utils

/// What a network is made of and what one sample costs: a row a module, the network itself first.
///
/// Multiply-adds are the products of convolutions, linear layers, matrix products, attention and recurrent layers, each
/// with the addition that follows it; biases, norms, activations, pooling and embedding are not counted, as in the figures
/// that torchvision publishes ("GFLOPS" there).
public struct NetworkSummary: Equatable, Sendable {
  /// A module with all its parts.
  public struct Row: Equatable, Sendable {
    /// The name as in the state, `layer1.0.conv1`; empty for the network itself.
    public let name: String
    /// `Conv2d`.
    public let type: String
    /// How many modules it lies in.
    public let depth: Int
    /// The shape of its output without the batch; nil where the pass did not show it.
    public let output: [Int]?
    /// Learnt numbers, its parts included.
    public let parameters: Int
    /// Multiply-adds for one sample, its parts included.
    public let multiplyAdds: Int
  }

  /// The shape of the sample, without the batch.
  public let input: [Int]
  /// The modules, each before its parts.
  public let rows: [Row]

  /// Learnt numbers of the whole network.
  public var parameters: Int { rows[0].parameters }
  /// Multiply-adds for one sample.
  public var multiplyAdds: Int { rows[0].multiplyAdds }

  /// A summary of `network` by one forward pass, in evaluation mode, of a single sample of zeros of shape `input`; traps
  /// when the network does not take it.
  public init(of network: any Layer, input: Shape) {
    let tree = ModuleTree(of: network)
    let observer = SummaryObserver(tree)
    let output = withMode(.evaluation) {
      observed(by: observer) { network(Tensor(repeating: 0, shape: Shape([1] + input))) }
    }
    var sums = observer.multiplyAdds
    for place in tree.nodes.indices.reversed() {
      if let parent = tree.nodes[place].parent { sums[parent] += sums[place] }
    }
    let outputs = [output.shape] + observer.outputs.dropFirst()
    self.input = Array(input)
    rows = tree.nodes.indices.map { place in
      let node = tree.nodes[place]
      return Row(
        name: node.name, type: node.type, depth: node.depth,
        output: outputs[place].map { $0.first == 1 ? Array($0.dropFirst()) : Array($0) },
        parameters: node.parameters, multiplyAdds: sums[place])
    }
  }
}

extension NetworkSummary {
  /// The summary as one program tells another.
  public var json: JSONValue {
    func sizes(_ shape: [Int]) -> JSONValue { .array(shape.map { .integer(Int64($0)) }) }
    return [
      "input": sizes(input), "parameters": .integer(Int64(parameters)),
      "multiply_adds": .integer(Int64(multiplyAdds)),
      "modules": .array(
        rows.map { row in
          [
            "name": .string(row.name), "type": .string(row.type), "depth": .integer(Int64(row.depth)),
            "output": row.output.map(sizes) ?? .null, "parameters": .integer(Int64(row.parameters)),
            "multiply_adds": .integer(Int64(row.multiplyAdds)),
          ]
        }),
    ]
  }

  /// The summary that `json` gave; nil when it is none.
  public init?(json: JSONValue) {
    func sizes(_ value: JSONValue?) -> [Int]? { value?.array?.compactMap(\.int) }
    let rows = (json["modules"]?.array ?? []).compactMap { row -> Row? in
      guard let name = row["name"]?.string, let type = row["type"]?.string, let depth = row["depth"]?.int,
        let parameters = row["parameters"]?.int, let multiplyAdds = row["multiply_adds"]?.int
      else { return nil }
      return Row(
        name: name, type: type, depth: depth, output: sizes(row["output"]), parameters: parameters,
        multiplyAdds: multiplyAdds)
    }
    guard let input = sizes(json["input"]), !rows.isEmpty else { return nil }
    (self.input, self.rows) = (input, rows)
  }

  /// The tree as a table, `depth` levels below the network (nil for all), and the totals under it.
  ///
  /// - Parameter name: what the network is called, in the first line.
  public func table(name: String, depth limit: Int? = nil) -> String {
    let shown = rows.filter { limit == nil || $0.depth <= limit ?? 0 }
    let cells = shown.map { row in
      [
        String(repeating: "  ", count: row.depth) + (row.name.isEmpty ? name : row.name), row.type,
        row.output.map(sizesText) ?? "-", grouped(row.parameters), grouped(row.multiplyAdds),
      ]
    }
    let head = ["MODULE", "TYPE", "OUTPUT", "PARAMETERS", "MULTIPLY-ADDS"]
    let table = aligned(rightAligned([head] + cells, columns: [3, 4]))
    return """
      \(table)

      parameters     \(grouped(parameters)), as 32-bit numbers \(rounded(4 * parameters, "B"))
      multiply-adds  \(grouped(multiplyAdds)) for one sample of \(sizesText(input))\
      \(multiplyAdds < 1000 ? "" : ": " + rounded(multiplyAdds, ""))
      """
  }
}

/// `3x224x224`.
private func sizesText(_ sizes: [Int]) -> String {
  sizes.isEmpty ? "number" : sizes.map(String.init).joined(separator: "x")
}

/// A number with a thousand's prefix and three significant digits: `4.09 G`.
private func rounded(_ count: Int, _ unit: String) -> String {
  for (size, prefix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where Double(count) >= size {
    return "\(compact(Double(count) / size)) \(prefix)\(unit)"
  }
  return "\(count) \(unit)"
}

/// The cells of these columns filled up on their left.
private func rightAligned(_ rows: [[String]], columns: [Int]) -> [[String]] {
  let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    var row = row
    for (column, width) in zip(columns, widths) {
      row[column] = String(repeating: " ", count: width - row[column].count) + row[column]
    }
    return row
  }
}
