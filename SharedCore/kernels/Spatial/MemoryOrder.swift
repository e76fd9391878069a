/// In which order the numbers of an image [N, C, S] follow each other in memory, S being its places of space.
///
/// What a tensor means does not depend on it. Kernels do: with the channels last, a place's channels are one run,
/// which a convolution multiplies and a batch norm scales without a jump.
public enum MemoryOrder: Sendable {
  /// The last dimension innermost: N, C, S.
  case rowMajor
  /// The channels innermost: N, S, C.
  case channelsLast
}
