import Engine

/// Our spelling of the ops of the fixtures.
enum TorchOps {
  /// What computes the case; nil for one that we do not know.
  static func answer(_ torch: TorchCase) throws -> TorchAnswer? {
    if let binary = binary[torch.nameParts.op] {
      return TorchAnswer(["x", "y"]) { binary($0[0], $0[1]) }
    }
    if let unary = unary[torch.name] { return TorchAnswer { unary($0[0]) } }
    return try withChoices(torch) ?? reduction(torch) ?? product(torch) ?? TorchViews.answer(torch)
  }

  private static let binary: [String: @Sendable (Tensor, Tensor) -> Tensor] = [
    "add": { $0 + $1 }, "sub": { $0 - $1 }, "mul": { $0 * $1 }, "div": { $0 / $1 },
    "maximum": { maximum($0, $1) }, "minimum": { minimum($0, $1) },
  ]

  private static let unary: [String: @Sendable (Tensor) -> Tensor] = [
    "exp": { exp($0) }, "tanh": { tanh($0) }, "sigmoid": { sigmoid($0) }, "relu": { relu($0) },
    "silu": { silu($0) }, "softplus": { softplus($0) }, "abs": { abs($0) }, "neg": { -$0 },
    "square": { square($0) }, "sin": { sin($0) }, "cos": { cos($0) }, "erf": { erf($0) },
    "hardswish": { hardswish($0) }, "mish": { mish($0) }, "selu": { selu($0) }, "log": { log($0) },
    "sqrt": { sqrt($0) }, "rsqrt": { reciprocalSqrt($0) }, "reciprocal": { reciprocal($0) },
    "log1p": { log1p($0) }, "gelu.erf": { gelu($0) }, "gelu.tanh": { geluTanh($0) },
  ]

  /// Functions with attributes.
  private static func withChoices(_ torch: TorchCase) throws -> TorchAnswer? {
    switch torch.nameParts.op {
    case "elu":
      let alpha = torch.number("alpha") ?? 1
      return TorchAnswer { elu($0[0], alpha: alpha) }
    case "leaky_relu":
      let slope = torch.number("negative_slope") ?? 0.01
      return TorchAnswer { leakyRelu($0[0], slope: slope) }
    case "pow":
      let exponent = torch.number("exponent") ?? 1
      return TorchAnswer { pow($0[0], exponent) }
    case "clamp":
      let (lower, upper) = (torch.number("min") ?? -.infinity, torch.number("max") ?? .infinity)
      return TorchAnswer { clamp($0[0], lower: lower, upper: upper) }
    case "where":
      let condition = try torch.indices("c")
      let mask = Mask(condition.elements.map { $0 != 0 }, shape: condition.shape)
      return TorchAnswer(["x", "y"]) { select($0[0], where: mask, else: $0[1]) }
    default: return nil
    }
  }

  private static func reduction(_ torch: TorchCase) throws -> TorchAnswer? {
    let dimension = torch.integer("dim")
    let named = torch.integers("dims") ?? torch.integers("dim")
    func dimensions(_ x: Tensor) -> [Int] { named ?? Array(x.shape.indices) }
    let (kept, unbiased) = (torch.isSet("keepdim"), torch.isSet("unbiased", default: true))
    switch torch.nameParts.op {
    case "sum": return TorchAnswer { $0[0].sum(over: dimensions($0[0]), keepingDimensions: kept) }
    case "mean": return TorchAnswer { $0[0].mean(over: dimensions($0[0]), keepingDimensions: kept) }
    case "var":
      return TorchAnswer {
        $0[0].variance(over: dimensions($0[0]), unbiased: unbiased, keepingDimensions: kept)
      }
    case "amax":
      return TorchAnswer { inputs in
        let rank = inputs[0].shape.count
        return dimensions(inputs[0]).map { ($0 + rank) % rank }.sorted(by: >).reduce(inputs[0]) {
          $0.max(over: $1, keepingDimension: kept)
        }
      }
    case "logsumexp": return TorchAnswer { $0[0].logSumExp(over: dimension, keepingDimension: kept) }
    case "argmax":
      let x = try torch.input("x")
      return TorchAnswer([]) { _ in [.indices(x.argmax(over: dimension))] }
    case "topk":
      let (k, largest) = (torch.integer("k"), torch.isSet("largest", default: true))
      return TorchAnswer(["x"]) {
        let (values, places) = $0[0].topK(k, along: dimension, largest: largest)
        return [.numbers(values), .indices(places)]
      }
    case "cumsum": return TorchAnswer { $0[0].cumulativeSum(along: dimension) }
    case "softmax": return TorchAnswer { softmax($0[0], over: dimension) }
    case "log_softmax": return TorchAnswer { logSoftmax($0[0], over: dimension) }
    default: return nil
    }
  }

  private static func product(_ torch: TorchCase) -> TorchAnswer? {
    switch torch.nameParts {
    case ("matmul", "transposed"):
      TorchAnswer(["x", "y"]) { matmul($0[0].transposed(), $0[1].transposed()) }
    case ("matmul", _): TorchAnswer(["x", "y"]) { matmul($0[0], $0[1]) }
    case ("linear", _): TorchAnswer(["x", "w", "b"]) { linear($0[0], $0[1], $0[2]) }
    case ("outer_einsum", _):  // bik,bjk->bij
      TorchAnswer(["x", "y"]) { matmul($0[0], $0[1].transposed(-1, -2)) }
    default: nil
    }
  }
}
