import Utils

@testable import Engine

/// Convolutions, poolings, normalisations and interpolations, small, odd and empty.
extension OpCase {
  static let spatial: [OpCase] = [
    convolutions, transposedConvolutions, pools, norms, interpolations, shuffles,
  ].flatMap { $0 }

  static let convolutions: [OpCase] = [
    OpCase("conv1d", [[2, 3, 7], [4, 3, 3], [4]]) { conv1d($0[0], $0[1], $0[2], stride: 2, padding: 1) },
    OpCase("conv1d of one place", [[1, 1, 1], [1, 1, 1]]) { conv1d($0[0], $0[1]) },
    OpCase("conv2d", [[2, 3, 5, 4], [4, 3, 3, 3], [4]]) { conv2d($0[0], $0[1], $0[2], padding: 1) },
    OpCase("conv2d of data", [[2, 3, 5, 4], [4, 3, 3, 3], [4]], by: [1, 2]) { conv2d($0[0], $0[1], $0[2]) },
    OpCase("conv2d with frozen weights", [[2, 3, 5, 4], [4, 3, 3, 3], [4]], by: [0]) {
      conv2d($0[0], $0[1], $0[2])
    },
    OpCase("conv2d, one tap", [[2, 3, 5, 4], [4, 3, 1, 1], [4]]) { conv2d($0[0], $0[1], $0[2]) },
    OpCase("conv2d, one tap in groups", [[2, 4, 3, 3], [6, 2, 1, 1]]) { conv2d($0[0], $0[1], groups: 2) },
    OpCase("conv2d, one tap, padded", [[1, 2, 3, 3], [2, 2, 1, 1]]) { conv2d($0[0], $0[1], padding: 1) },
    OpCase("conv2d, stride beyond the kernel", [[1, 2, 9, 7], [3, 2, 2, 1], [3]]) {
      conv2d($0[0], $0[1], $0[2], stride: [3, 4])
    },
    OpCase("conv2d, asymmetric and dilated", [[2, 2, 9, 8], [3, 2, 2, 3]]) {
      conv2d($0[0], $0[1], stride: [2, 1], padding: [0, 3], dilation: [3, 2])
    },
    OpCase("conv2d in groups", [[2, 6, 4, 4], [4, 3, 3, 3], [4]]) {
      conv2d($0[0], $0[1], $0[2], padding: 1, groups: 2)
    },
    OpCase("conv2d, depthwise", [[2, 3, 6, 5], [3, 1, 3, 3], [3]]) {
      conv2d($0[0], $0[1], $0[2], padding: 1, groups: 3)
    },
    OpCase("conv2d, depthwise with two outputs and a stride", [[1, 3, 6, 5], [6, 1, 3, 2]]) {
      conv2d($0[0], $0[1], stride: 2, padding: 1, groups: 3)
    },
    OpCase("conv2d of nothing", [[0, 3, 5, 4], [4, 3, 3, 3], [4]]) { conv2d($0[0], $0[1], $0[2]) },
    OpCase("conv2d, more padding than kernel", [[1, 1, 2, 2], [2, 1, 2, 2]]) {
      conv2d($0[0], $0[1], padding: 3)
    },
    OpCase("conv3d", [[1, 2, 3, 4, 3], [2, 2, 2, 3, 1], [2]]) {
      conv3d($0[0], $0[1], $0[2], stride: [1, 2, 2], padding: [1, 1, 0])
    },
  ]

  static let transposedConvolutions: [OpCase] = [
    OpCase("convTranspose1d", [[2, 3, 4], [3, 2, 3], [2]]) {
      convTranspose1d($0[0], $0[1], $0[2], stride: 2)
    },
    OpCase("convTranspose2d", [[2, 3, 4, 3], [3, 2, 3, 3], [2]]) {
      convTranspose2d($0[0], $0[1], $0[2], stride: 2, padding: 1, outputPadding: 1)
    },
    OpCase("convTranspose2d, dilated in groups", [[1, 4, 3, 2], [4, 3, 2, 3], [6]]) {
      convTranspose2d(
        $0[0], $0[1], $0[2], stride: [1, 2], padding: [0, 1], outputPadding: [1, 0], dilation: 2, groups: 2)
    },
    OpCase("convTranspose2d, depthwise", [[2, 3, 3, 3], [3, 1, 2, 2]]) {
      convTranspose2d($0[0], $0[1], stride: 2, groups: 3)
    },
    OpCase("convTranspose2d of nothing", [[0, 3, 4, 3], [3, 2, 3, 3], [2]]) {
      convTranspose2d($0[0], $0[1], $0[2])
    },
    OpCase("convTranspose3d", [[1, 2, 2, 3, 2], [2, 2, 2, 2, 2], [2]]) {
      convTranspose3d($0[0], $0[1], $0[2], stride: 2)
    },
  ]

  static let pools: [OpCase] = [
    OpCase("maxPool1d", [[2, 3, 7]], .distinct) { maxPool1d($0[0], 3, stride: 2, padding: 1) },
    OpCase("maxPool2d", [[2, 3, 6, 5]], .distinct) { maxPool2d($0[0], 2) },
    OpCase("maxPool2d, overlapping", [[1, 2, 6, 5]], .distinct) {
      maxPool2d($0[0], [3, 2], stride: 1, padding: 1)
    },
    OpCase("maxPool2d, dilated in ceil mode", [[1, 2, 8, 7]], .distinct) {
      maxPool2d($0[0], 2, stride: 3, padding: 1, dilation: 2, ceilMode: true)
    },
    OpCase("maxPool3d", [[1, 2, 4, 3, 5]], .distinct) { maxPool3d($0[0], 2, stride: [2, 1, 2]) },
    OpCase("maxPool2d of nothing", [[0, 2, 4, 4]], .distinct) { maxPool2d($0[0], 2) },
    OpCase("avgPool1d", [[2, 3, 7]]) { avgPool1d($0[0], 3, stride: 2, padding: 1) },
    OpCase("avgPool2d", [[2, 3, 6, 5]]) { avgPool2d($0[0], 2) },
    OpCase("avgPool2d, padding not counted, in ceil mode", [[1, 2, 6, 5]]) {
      avgPool2d($0[0], 3, stride: 2, padding: 1, ceilMode: true, countIncludesPadding: false)
    },
    OpCase("avgPool2d, padding counted, in ceil mode", [[1, 2, 6, 5]]) {
      avgPool2d($0[0], 3, stride: 2, padding: 1, ceilMode: true)
    },
    OpCase("avgPool2d with a divisor", [[1, 2, 6, 5]]) { avgPool2d($0[0], [2, 3], divisor: 5) },
    OpCase("avgPool3d", [[1, 2, 4, 3, 5]]) { avgPool3d($0[0], 2, stride: 1) },
    OpCase("adaptiveAvgPool1d", [[2, 3, 7]]) { adaptiveAvgPool1d($0[0], 3) },
    OpCase("adaptiveAvgPool2d", [[2, 3, 7, 5]]) { adaptiveAvgPool2d($0[0], [3, 2]) },
    OpCase("adaptiveAvgPool2d to more places than there are", [[1, 2, 3, 2]]) { adaptiveAvgPool2d($0[0], 5) },
    OpCase("adaptiveAvgPool3d", [[1, 2, 3, 4, 2]]) { adaptiveAvgPool3d($0[0], 2) },
    OpCase("adaptiveMaxPool1d", [[2, 3, 7]], .distinct) { adaptiveMaxPool1d($0[0], 3) },
    OpCase("adaptiveMaxPool2d", [[2, 3, 7, 5]], .distinct) { adaptiveMaxPool2d($0[0], 1) },
    OpCase("adaptiveMaxPool3d", [[1, 2, 3, 4, 2]], .distinct) { adaptiveMaxPool3d($0[0], 2) },
    OpCase("lpPool1d", [[2, 3, 7]], .positive) { lpPool1d($0[0], norm: 3, 3, stride: 2) },
    OpCase("lpPool2d", [[2, 3, 5, 4]], .awayFromZero) { lpPool2d($0[0], norm: 2, 2) },
    OpCase("lpPool2d in ceil mode", [[1, 2, 5, 4]], .positive) {
      lpPool2d($0[0], norm: 1.5, [2, 3], ceilMode: true)
    },
    OpCase("lpPool3d", [[1, 2, 2, 3, 4]], .positive) { lpPool3d($0[0], norm: 2, 2) },
  ]

  static let norms: [OpCase] =
    ([[4, 3], [2, 3, 5], [2, 3, 3, 2], [1, 2, 2, 2, 2], [0, 3, 4]] as [Shape]).flatMap(norms)

  static func norms(_ shape: Shape) -> [OpCase] {
    let (channels, row): (Shape, Shape) = ([shape[1]], Shape(shape.suffix(1)))
    return [
      OpCase("batchNorm", [shape, channels, channels]) { batchNorm($0[0], $0[1], $0[2]).output },
      OpCase("batchNorm without weights", [shape]) { batchNorm($0[0], nil, nil, epsilon: 0.1).output },
      OpCase("batchNorm of data", [shape, channels, channels], by: [1, 2]) {
        batchNorm($0[0], $0[1], $0[2]).output
      },
      OpCase("batchNorm in use", [shape, channels, channels]) {
        batchNorm(
          $0[0], $0[1], $0[2], mean: Tensor(repeating: 0.3, shape: channels),
          variance: Tensor(repeating: 0.7, shape: channels))
      },
      OpCase("batchNorm in use, frozen", [shape, channels, channels], by: [0]) {
        batchNorm(
          $0[0], $0[1], $0[2], mean: Tensor(repeating: 0.3, shape: channels),
          variance: Tensor(repeating: 0.7, shape: channels))
      },
      OpCase("layerNorm", [shape, row, row]) { layerNorm($0[0], $0[1], $0[2], epsilon: 0.1) },
      OpCase("layerNorm with frozen weights", [shape, row, row], by: [0]) {
        layerNorm($0[0], $0[1], $0[2], epsilon: 0.1)
      },
      OpCase("layerNorm over two dimensions", [shape, Shape(shape.suffix(2))]) {
        layerNorm($0[0], $0[1], nil, over: 2)
      },
      OpCase("layerNorm without weights", [shape]) { layerNorm($0[0], nil, nil, epsilon: 0.1) },
      OpCase("rmsNorm", [shape, row]) { rmsNorm($0[0], $0[1]) },
      OpCase("groupNorm of one group", [shape, channels, channels]) {
        groupNorm($0[0], groups: 1, $0[1], $0[2])
      },
      OpCase("groupNorm of half the channels", [[shape[0], 4] + shape.dropFirst(2), [4], [4]]) {
        groupNorm($0[0], groups: 2, $0[1], $0[2], epsilon: 0.1)
      },
    ]
      + (shape.count < 3
        ? []
        : [
          OpCase("instanceNorm", [shape, channels, channels]) {
            instanceNorm($0[0], $0[1], $0[2], epsilon: 0.1)
          },
          OpCase("localResponseNorm", [shape]) { localResponseNorm($0[0], size: 2, alpha: 0.5) },
          OpCase("localResponseNorm over all channels", [shape]) {
            localResponseNorm($0[0], size: 5, alpha: 1, beta: 0.5, k: 2)
          },
        ])
  }

  static let interpolations: [OpCase] = Interpolation.allCases.flatMap { mode in
    [
      OpCase("interpolate, \(mode)", [[2, 2, 4, 5]]) { interpolate($0[0], to: [9, 3], mode) },
      OpCase("interpolate by 1.5, \(mode)", [[1, 2, 5]]) { interpolate($0[0], by: 1.5, mode) },
      OpCase("interpolate a volume, \(mode)", [[1, 1, 2, 3, 2]]) { interpolate($0[0], by: 2, mode) },
      OpCase("interpolate nothing, \(mode)", [[0, 2, 4, 5]]) { interpolate($0[0], by: 2, mode) },
    ]
      + (mode == .nearest
        ? []
        : [
          OpCase("interpolate, corners aligned, \(mode)", [[1, 2, 4, 5]]) {
            interpolate($0[0], to: [7, 1], mode, alignCorners: true)
          }
        ])
  }

  static let shuffles: [OpCase] = [
    OpCase("pixelShuffle", [[2, 8, 3, 2]]) { pixelShuffle($0[0], 2) },
    OpCase("pixelUnshuffle", [[2, 2, 6, 3]]) { pixelUnshuffle($0[0], 3) },
  ]
}

private func + (a: [Int], b: Slice<Shape>) -> Shape { Shape(a + Array(b)) }
