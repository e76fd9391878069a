import Engine

/// Our spelling of the normalisation layers of the fixtures.
enum TorchNorms {
  /// What differs from PyTorch; an unknown case is a complaint too.
  static func complaints(about torch: TorchCase) throws -> [String] {
    let shape = try torch.input("x").shape
    let parts = torch.name.split(separator: ".").map(String.init)
    let variant = parts.count > 1 ? parts[1] : ""
    guard shape.count >= 2, let layer = layer(for: torch, parts[0], shape) else {
      return ["no layer of ours computes this case"]
    }
    guard parts[0].hasPrefix("batch_norm") else { return try torch.differences(of: layer) }
    guard ["train", "eval"].contains(variant) else { return ["neither train nor eval"] }
    return try withMode(variant == "train" ? .training : .evaluation) {
      try torch.differences(of: layer, loadingBuffers: variant == "eval")
    }
  }

  private static func layer(for torch: TorchCase, _ kind: String, _ shape: Shape) -> (any Layer)? {
    let (channels, directions) = (shape[1], shape.count - 2)
    let epsilon = torch.number("eps", default: 1e-5)
    let affine = torch.fields["params"]?["weight"] != nil
    let rows = (torch.attributes["normalized_shape"]?.array?.compactMap(\.int)).map { Shape($0) }
    switch kind {
    case "batch_norm", "batch_norm1d", "batch_norm2d", "batch_norm3d":
      let momentum = torch.number("momentum", default: 0.1)
      switch directions {
      case 0, 1: return BatchNorm1d(channels, epsilon: epsilon, momentum: momentum, affine: affine)
      case 2: return BatchNorm2d(channels, epsilon: epsilon, momentum: momentum, affine: affine)
      case 3: return BatchNorm3d(channels, epsilon: epsilon, momentum: momentum, affine: affine)
      default: return nil
      }
    case "layer_norm": return rows.map { LayerNorm($0, epsilon: epsilon, affine: affine) }
    case "rms_norm":
      let epsilon = torch.number("eps", default: .ulpOfOne)
      return RMSNorm(rows ?? Shape(shape.suffix(1)), epsilon: epsilon, affine: affine)
    case "group_norm":
      return torch.attributes["groups"]?.int.map {
        GroupNorm($0, channels, epsilon: epsilon, affine: affine)
      }
    case "instance_norm":
      switch directions {
      case 1: return InstanceNorm1d(channels, epsilon: epsilon, affine: affine)
      case 2: return InstanceNorm2d(channels, epsilon: epsilon, affine: affine)
      case 3: return InstanceNorm3d(channels, epsilon: epsilon, affine: affine)
      default: return nil
      }
    case "local_response_norm":
      return torch.attributes["size"]?.int.map {
        LocalResponseNorm(
          $0, alpha: torch.number("alpha", default: 1e-4), beta: torch.number("beta", default: 0.75),
          k: torch.number("k", default: 1))
      }
    default: return nil
    }
  }
}
