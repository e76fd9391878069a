import Engine

/// Our spelling of the ops of the fixtures.
enum TorchOps {
  /// What computes the case from its differentiable inputs, in the order of `inputs`; nil where we have no such op yet.
  static func compute(_ torch: TorchCase) throws -> (inputs: [String], (([Tensor]) -> Tensor))? {
    let parts = torch.name.split(separator: ".").map(String.init)
    let variant = parts.count > 1 ? parts[1] : ""
    switch parts[0] {
    case "add": return (["x", "y"], { $0[0] + $0[1] })
    case "sub": return (["x", "y"], { $0[0] - $0[1] })
    case "mul": return (["x", "y"], { $0[0] * $0[1] })
    case "div": return (["x", "y"], { $0[0] / $0[1] })
    case "matmul" where variant == "2d": return (["x", "y"], { matmul($0[0], $0[1]) })
    case "matmul" where variant == "transposed":
      return (["x", "y"], { matmul($0[0].transposed(), $0[1].transposed()) })
    case "linear": return (["x", "w", "b"], { linear($0[0], $0[1], $0[2]) })
    case "reshape_of_transpose": return (["x"], { $0[0].transposed().flattened() })
    case "sum", "mean", "amax": return reduction(parts[0], torch)
    case "softmax" where lastDimension(torch): return (["x"], { softmax($0[0]) })
    case "log_softmax" where lastDimension(torch): return (["x"], { logSoftmax($0[0]) })
    case "cross_entropy" where torch.name == "cross_entropy":
      let labels = try torch.indices("t")
      return (["x"], { crossEntropy($0[0], labels) })
    case "bce_with_logits" where variant.isEmpty:
      let targets = try torch.input("y")
      return (["x"], { binaryCrossEntropyWithLogits($0[0], targets) })
    default: return unary(torch.name).map { op in (["x"], { op($0[0]) }) }
    }
  }

  private static func unary(_ name: String) -> ((Tensor) -> Tensor)? {
    switch name {
    case "exp": { exp($0) }
    case "tanh": { tanh($0) }
    case "sigmoid": { sigmoid($0) }
    case "relu": { relu($0) }
    case "abs": { abs($0) }
    case "neg": { -$0 }
    case "square": { square($0) }
    case "log": { log($0) }
    case "sqrt": { sqrt($0) }
    default: nil
    }
  }

  private static func reduction(_ op: String, _ torch: TorchCase) -> (inputs: [String], ([Tensor]) -> Tensor)?
  {
    let kept = torch.attributes["keepdim"]?.bool ?? false
    let given =
      torch.attributes["dims"]?.array?.compactMap(\.int) ?? torch.attributes["dim"]?.int.map { [$0] }
    guard let dimensions = given else {
      return op == "sum" ? (["x"], { $0[0].sum() }) : (["x"], { $0[0].mean() })
    }
    return (
      ["x"],
      { inputs in
        dimensions.sorted(by: >).reduce(inputs[0]) { x, dimension in
          switch op {
          case "sum": x.sum(over: dimension, keepingDimension: kept)
          case "mean": x.mean(over: dimension, keepingDimension: kept)
          default: x.max(over: dimension, keepingDimension: kept)
          }
        }
      }
    )
  }

  private static func lastDimension(_ torch: TorchCase) -> Bool { torch.attributes["dim"]?.int == -1 }
}
