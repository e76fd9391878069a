import Utils

/// The gradients of a whole network held against central differences, (L(w + h) - L(w - h)) / 2h.
///
/// In single precision a small h drowns in rounding and a large one sees curvature and corners, so several are tried and
/// the best counts: a wrong derivative is wrong at all of them. Errors are measured by the largest entry of a parameter's
/// gradient; a gradient far below the network's largest counts as one of a thousandth of it.
public struct GradientCheck: Sendable {
  /// What was found for one parameter.
  public struct Row: Sendable {
    /// The parameter and its shape.
    public let name: String, shape: Shape
    /// How many entries were compared.
    public let checked: Int
    /// The entry that differs most, and its two derivatives.
    public let worst: [Int], analytic: Double, numeric: Double
    /// The difference there as a share of the largest entry; what rounding explains is taken off.
    public let error: Double
  }

  /// A row for each parameter that learns and took part in the loss.
  public let rows: [Row]
  /// Parameters that learn and took no part.
  public let unused: [String]
  /// The loss.
  public let loss: Double

  /// The row with the largest error.
  public var worst: Row? { rows.max { $0.error < $1.error } }

  /// Compares some entries of every parameter, the one with the largest gradient among them.
  ///
  /// - Parameters:
  ///   - entries: how many of each parameter.
  ///   - loss: a scalar, the same whenever it is asked: what drops at random has to drop alike.
  public init(
    of network: any Module, entries: Int, using random: inout RandomStream, _ loss: () -> Tensor
  ) {
    let (value, gradients) = valueAndGradients(loss)
    self.loss = Double(value.scalar)
    let learning = network.parameters().filter {
      !$0.parameter.isFrozen && $0.parameter.shape.elementCount > 0
    }
    let found = learning.compactMap { name, parameter in
      gradients[parameter].map { (name: name, parameter: parameter, g: $0.elements) }
    }
    unused = learning.filter { gradients[$0.parameter] == nil }.map(\.name)
    let overall = found.map { Self.largest($0.g) }.max() ?? 0
    var rows: [Row] = []
    for (name, parameter, g) in found {
      let yardstick = max(Self.largest(g), overall / 1000, 1e-12)
      var worst: (entry: Int, analytic: Double, numeric: Double, error: Double) = (0, 0, 0, -1)
      let chosen = Self.entries(of: g, entries, using: &random)
      for entry in chosen {
        let analytic = Double(g[entry])
        let best = Self.differences(parameter, entry, self.loss, loss).map { numeric, rounding in
          (numeric, max(abs(numeric - analytic) - rounding, 0) / yardstick)
        }.min { $0.1 < $1.1 }
        if let best, best.1 > worst.error || best.1.isNaN { worst = (entry, analytic, best.0, best.1) }
      }
      rows.append(
        Row(
          name: name, shape: parameter.shape, checked: chosen.count,
          worst: Self.indices(worst.entry, parameter.shape), analytic: worst.analytic, numeric: worst.numeric,
          error: worst.error.isNaN ? .infinity : worst.error))
    }
    self.rows = rows
  }

  /// The difference quotient for several h, each with what rounding of the loss may do to it.
  private static func differences(
    _ parameter: Parameter, _ entry: Int, _ level: Double, _ loss: () -> Tensor
  ) -> [(numeric: Double, rounding: Double)] {
    let (w, scale) = parameter.value.withSpan { span in
      var squares = 0.0
      for i in 0..<span.count { squares += Double(span[i]) * Double(span[i]) }
      return (span[entry], max((squares / Double(span.count)).squareRoot(), 0.05))
    }
    defer { parameter.update { $0[entry] = w } }
    func value(at x: Float) -> Double {
      parameter.update { $0[entry] = x }
      return Double(loss().scalar)
    }
    return [0.1, 0.03, 0.01, 0.003].map { share in
      let (up, down) = (w + Float(share * scale), w - Float(share * scale))
      let width = Double(up) - Double(down)
      return ((value(at: up) - value(at: down)) / width, 2e-7 * max(abs(level), 1e-3) / width)
    }
  }

  private static func largest(_ g: [Float]) -> Double { g.reduce(0) { max($0, abs(Double($1))) } }

  /// The largest entry and others at random, each once.
  private static func entries(of g: [Float], _ count: Int, using random: inout RandomStream) -> [Int] {
    let largest = g.indices.max { abs(g[$0]) < abs(g[$1]) } ?? 0
    guard count < g.count else { return Array(g.indices) }
    var chosen: Set<Int> = [largest]
    while chosen.count < count { chosen.insert(random.index(below: g.count)) }
    return chosen.sorted()
  }

  /// The indices of an element of a shape.
  private static func indices(_ element: Int, _ shape: Shape) -> [Int] {
    var rest = element
    return shape.indices.reversed().map { dimension in
      defer { rest /= shape[dimension] }
      return rest % shape[dimension]
    }.reversed()
  }
}
