import Engine
import Utils

/// Our spelling of the convolutions, poolings and interpolations of the fixtures.
enum TorchConvolutions {
  /// What differs from PyTorch; an unknown case is a complaint too.
  static func complaints(about torch: TorchCase) throws -> [String] {
    guard let compute = compute(torch) else { return ["no op of ours computes this case"] }
    return try torch.differences(compute)
  }

  private static func compute(_ torch: TorchCase) -> (([String: Tensor]) -> Tensor)? {
    let parts = torch.name.split(separator: ".").map(String.init)
    let variant = parts.count > 1 ? parts[1] : ""
    switch parts[0] {
    case "conv1d":
      return convolution(torch) { conv1d($0, $1, $2, stride: $3, padding: $4, dilation: $5, groups: $6) }
    case "conv2d":
      return convolution(torch) { conv2d($0, $1, $2, stride: $3, padding: $4, dilation: $5, groups: $6) }
    case "conv3d":
      return convolution(torch) { conv3d($0, $1, $2, stride: $3, padding: $4, dilation: $5, groups: $6) }
    case "conv_transpose1d", "conv_transpose2d", "conv_transpose3d": return transposed(torch, parts[0])
    case "interpolate": return interpolation(torch, torch.attributes["mode"]?.string ?? variant)
    case "pixel_shuffle": return factor(torch).map { r in { with($0) { pixelShuffle($0, r) } } }
    case "pixel_unshuffle": return factor(torch).map { r in { with($0) { pixelUnshuffle($0, r) } } }
    default: return pooling(torch, parts[0]).map { pool in { with($0, pool) } }
    }
  }

  private typealias Convolve = (
    Tensor, Tensor, Tensor?, any PerDirection, any PerDirection, any PerDirection, Int
  ) -> Tensor

  private static func convolution(_ torch: TorchCase, _ convolve: @escaping Convolve) -> ([String: Tensor]) ->
    Tensor
  {
    { inputs in
      guard let x = inputs["x"], let w = inputs["w"] else { return Tensor([]) }
      return convolve(
        x, w, inputs["b"], torch.sizes("stride") ?? 1, torch.sizes("padding") ?? 0,
        torch.sizes("dilation") ?? 1, torch.attributes["groups"]?.int ?? 1)
    }
  }

  private static func transposed(_ torch: TorchCase, _ name: String) -> ([String: Tensor]) -> Tensor {
    let added = torch.sizes("output_padding") ?? 0
    return convolution(torch) { x, w, b, stride, padding, dilation, groups in
      switch name {
      case "conv_transpose1d":
        convTranspose1d(
          x, w, b, stride: stride, padding: padding, outputPadding: added, dilation: dilation, groups: groups)
      case "conv_transpose2d":
        convTranspose2d(
          x, w, b, stride: stride, padding: padding, outputPadding: added, dilation: dilation, groups: groups)
      default:
        convTranspose3d(
          x, w, b, stride: stride, padding: padding, outputPadding: added, dilation: dilation, groups: groups)
      }
    }
  }

  private static func pooling(_ torch: TorchCase, _ name: String) -> ((Tensor) -> Tensor)? {
    let (stride, padding) = (torch.sizes("stride"), torch.sizes("padding") ?? 0)
    let ceil = torch.attributes["ceil_mode"]?.bool ?? false
    let counts = torch.attributes["count_include_pad"]?.bool ?? true
    let dilation = torch.sizes("dilation") ?? 1
    if name == "global_max_pool" { return { adaptiveMaxPool2d($0, 1) } }
    if name == "global_avg_pool" { return { adaptiveAvgPool2d($0, 1) } }
    if name.hasPrefix("adaptive_"), let output = torch.sizes("output") {
      switch name {
      case "adaptive_avg_pool1d": return { adaptiveAvgPool1d($0, output) }
      case "adaptive_avg_pool2d": return { adaptiveAvgPool2d($0, output) }
      case "adaptive_avg_pool3d": return { adaptiveAvgPool3d($0, output) }
      case "adaptive_max_pool2d": return { adaptiveMaxPool2d($0, output) }
      default: return nil
      }
    }
    guard let kernel = torch.sizes("kernel") else { return nil }
    switch name {
    case "max_pool1d":
      return { maxPool1d($0, kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceil) }
    case "max_pool2d":
      return { maxPool2d($0, kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceil) }
    case "max_pool3d":
      return { maxPool3d($0, kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceil) }
    case "avg_pool1d":
      return {
        avgPool1d($0, kernel, stride: stride, padding: padding, ceilMode: ceil, countIncludesPadding: counts)
      }
    case "avg_pool2d":
      let divisor = torch.attributes["divisor_override"]?.int
      return {
        avgPool2d(
          $0, kernel, stride: stride, padding: padding, ceilMode: ceil, countIncludesPadding: counts,
          divisor: divisor)
      }
    case "avg_pool3d":
      return {
        avgPool3d($0, kernel, stride: stride, padding: padding, ceilMode: ceil, countIncludesPadding: counts)
      }
    case "lp_pool2d":
      let norm = torch.number("norm_type", default: 2)
      return { lpPool2d($0, norm: norm, kernel, stride: stride, ceilMode: ceil) }
    default: return nil
    }
  }

  private static func interpolation(_ torch: TorchCase, _ name: String) -> (([String: Tensor]) -> Tensor)? {
    let mode: Interpolation
    switch name {
    case "nearest": mode = .nearest
    case "linear", "bilinear", "trilinear": mode = .linear
    case "bicubic": mode = .cubic
    default: return nil
    }
    let aligned = torch.attributes["align_corners"]?.bool ?? false
    if let size = torch.sizes("size") {
      return { with($0) { interpolate($0, to: size, mode, alignCorners: aligned) } }
    }
    if let scales = torch.attributes["scale"]?.array?.compactMap(\.double) {
      return { with($0) { interpolate($0, by: scales, mode, alignCorners: aligned) } }
    }
    guard let scale = torch.attributes["scale"]?.double else { return nil }
    return { with($0) { interpolate($0, by: scale, mode, alignCorners: aligned) } }
  }

  private static func factor(_ torch: TorchCase) -> Int? { torch.attributes["factor"]?.int }

  private static func with(_ inputs: [String: Tensor], _ op: (Tensor) -> Tensor) -> Tensor {
    inputs["x"].map(op) ?? Tensor([])
  }
}
