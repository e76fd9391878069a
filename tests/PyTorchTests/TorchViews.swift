import Engine

/// Our spelling of the fixtures' views, joins, indices and paddings.
enum TorchViews {
  /// What computes the case; nil for one that we do not know.
  static func answer(_ torch: TorchCase) throws -> TorchAnswer? {
    let dimension = torch.integer("dim")
    switch torch.nameParts.op {
    case "permute":
      let order = torch.integers("dims") ?? []
      return TorchAnswer { $0[0].permuted(to: order) }
    case "reshape_of_transpose": return TorchAnswer { $0[0].transposed().flattened() }
    case "expand":
      let shape = try torch.input("x").shape
      let sizes = torch.integers("sizes") ?? []
      let outer = sizes.count - shape.count
      let larger = Shape(sizes.enumerated().map { $1 < 0 ? shape[$0 - outer] : $1 })
      return TorchAnswer { $0[0].expanded(to: larger) }
    case "cat": return TorchAnswer(torch.inputNames) { concatenate($0, along: dimension) }
    case "stack": return TorchAnswer(torch.inputNames) { stack($0, along: dimension) }
    case "narrow":
      let (start, length) = (torch.integer("start"), torch.integer("length"))
      return TorchAnswer { $0[0].narrowed(along: dimension, from: start, count: length) }
    case "strided_slice":
      let (start, end, step) = (torch.integer("start"), torch.integer("end"), torch.integer("step"))
      return TorchAnswer { $0[0].sliced(along: dimension, from: start, to: end, step: step) }
    case "flip":
      let dimensions = torch.integers("dims") ?? []
      return TorchAnswer { $0[0].flipped(along: dimensions) }
    case "roll":
      let shift = torch.integer("shift")
      return TorchAnswer { $0[0].rolled(by: shift, along: dimension) }
    case "tril_mask":
      return TorchAnswer { inputs in
        let shape = inputs[0].shape
        let lower = Mask.lowerTriangle(shape[shape.count - 2], shape[shape.count - 1])
        return inputs[0].filled(with: 0, where: !lower)
      }
    case "pad": return padding(torch)
    default: return try indexing(torch, dimension)
    }
  }

  private static func padding(_ torch: TorchCase) -> TorchAnswer? {
    let modes: [String: Padding] = [
      "constant": .constant(torch.number("value") ?? 0), "reflect": .reflect, "replicate": .replicate,
      "circular": .circular,
    ]
    guard let mode = modes[torch.nameParts.variant], let pad = torch.integers("pad") else { return nil }
    return TorchAnswer { inputs in
      var x = inputs[0]
      for pair in 0..<pad.count / 2 {  // two numbers a dimension, the last dimension first
        x = x.padded(along: -1 - pair, before: pad[2 * pair], after: pad[2 * pair + 1], with: mode)
      }
      return x
    }
  }

  private static func indexing(_ torch: TorchCase, _ dimension: Int) throws -> TorchAnswer? {
    guard ["index_select", "gather", "scatter_add", "embedding"].contains(torch.nameParts.op) else {
      return nil
    }
    let indices = try torch.indices("i")
    return switch torch.nameParts.op {
    case "index_select": TorchAnswer { $0[0].selected(along: dimension, at: indices) }
    case "gather": TorchAnswer { gather($0[0], along: dimension, at: indices) }
    case "scatter_add":
      TorchAnswer(["x", "v"]) { scatterAdd($0[0], along: dimension, at: indices, $0[1]) }
    default: TorchAnswer(["w"]) { embedding($0[0], indices) }
    }
  }
}
