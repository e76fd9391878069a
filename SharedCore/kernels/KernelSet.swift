import Foundation

/// Everything the engine asks of the arithmetic below it, one protocol an operation.
///
/// Each protocol states the contract; its extension holds the reference, the loops to read. `ReferenceKernels`
/// runs exactly those. `FastKernels` replaces what is worth replacing, and a test holds the two together.
public typealias KernelSet = ElementwiseKernels & ReductionKernels & MatmulKernels & SoftmaxKernels
  & LossKernels & OptimizerKernels & ViewKernels & IndexingKernels & OrderKernels & RegionKernels
  & ConvolutionKernels & PoolingKernels & NormalizationKernels & ResamplingKernels
  & DropoutKernels & SparseKernels & RecurrentKernels & AttentionKernels & EmbeddingBagKernels

/// The readable loops, and nothing else: `KERNELS=reference swift run train ...`.
public struct ReferenceKernels: KernelSet, Sendable {
  /// The readable loops.
  public init() {}
}

/// The fast path: oneDNN and vector loops where they pay, the reference where they do not.
public struct FastKernels: KernelSet, Sendable {
  /// The fast path.
  public init() {}
}

/// Which kernels this process runs; chosen once, by the environment variable `KERNELS`.
public enum Kernels {
  /// The names that `KERNELS` may hold.
  public static let names = ["fast", "reference"]

  /// The name that was asked for, `fast` when nothing was.
  public static let requested = ProcessInfo.processInfo.environment["KERNELS"] ?? "fast"

  /// The kernels of this process.
  ///
  /// A name that is not known runs the fast ones; the runner refuses it before that.
  public static let chosen: any KernelSet & Sendable =
    requested == "reference" ? ReferenceKernels() : FastKernels()
}
