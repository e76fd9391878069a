import Utils

/// What low-rank adapters are like: y = W x + scale B A x, where W is frozen and A and B learn.
///
/// Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2022, §4.1. B starts at 0, so that at first a layer is its
/// base. A starts as He uniform for leaky ReLU of slope 0.01 in a convolution, and with deviation 0.01 in a linear layer.
/// ```swift
/// try network.addAdapters(LoRA(rank: 16), to: ["*conv*", "*downsample.0"], using: &random)
/// ```
public struct LoRA: Equatable, Sendable {
  /// What the factor `scale` is made of alpha and the rank r.
  public enum Scaling: String, CaseIterable, Sendable {
    /// alpha / r.
    case byRank = "by_rank"
    /// alpha / sqrt(r), which keeps the gradient's size at any rank: Kalajdzievski, "A Rank Stabilization Scaling Factor for
    /// Fine-Tuning with LoRA", 2023, §3.
    case byRootOfRank = "by_root_of_rank"
  }

  /// How much of its input a convolution's adapter sees.
  public enum Reach: String, CaseIterable, Sendable {
    /// The one place under the middle of the kernel: A and B are 1x1.
    case middle
    /// What the base sees: A is a convolution like it.
    case kernel
  }

  /// r, how many directions an adapter has.
  public var rank: Int
  /// What the correction is multiplied by, before the rank divides it.
  public var alpha: Float
  /// How alpha and rank make a factor.
  public var scaling: Scaling
  /// How much of its input a convolution's adapter sees.
  public var reach: Reach
  /// Whether each output's weights keep a length that is learnt apart from their direction: w = m (W + scale B A) / |W + scale
  /// B A|.
  ///
  /// Liu et al., "DoRA: Weight-Decomposed Low-Rank Adaptation", 2024, §4; the length in the denominator is a constant to
  /// the gradient (§4.3).
  public var learnsMagnitudes: Bool

  /// Adapters of a rank; alpha is the rank when nil, so that the factor is 1.
  public init(
    rank: Int, alpha: Float? = nil, scaling: Scaling = .byRank, reach: Reach = .middle,
    learnsMagnitudes: Bool = false
  ) {
    self.rank = rank
    self.alpha = alpha ?? Float(rank)
    self.scaling = scaling
    self.reach = reach
    self.learnsMagnitudes = learnsMagnitudes
  }

  /// What B A is multiplied by.
  public var scale: Float {
    switch scaling {
    case .byRank: alpha / Float(rank)
    case .byRootOfRank: alpha / Float(rank).squareRoot()
    }
  }

  /// `layer` with an adapter around it; its own parameters are frozen for as long as they have one.
  ///
  /// Throws a `LabError` for a layer that is no `Linear` and no `Conv2d`, for one that has an adapter already, for a
  /// convolution whose kernel has no middle or that has groups, and for a rank below 1 or an alpha that is no number above 0.
  public func adapter(
    for layer: any Layer, named name: String, using random: inout RandomStream
  ) throws -> any LowRankAdapter {
    try check(layer, named: name)
    switch layer {
    case let linear as Linear: return LoRALinear(linear, self, using: &random)
    case let conv as Conv2d: return LoRAConv2d(conv, self, using: &random)
    default: trap("\(name) was checked to be a layer that can be adapted")
    }
  }

  /// Whether a layer can be adapted; throws as `adapter` does.
  func check(_ layer: any Module, named name: String) throws {
    func refusal(_ why: String, _ remedy: String) -> LabError {
      LabError(.model, "\(name) cannot have a low-rank adapter: \(why)", remedy: remedy)
    }
    guard rank >= 1, alpha > 0, alpha.isFinite else {
      throw refusal(
        "its rank would be \(rank) and its alpha \(alpha)", "give a rank of at least 1 and an alpha above 0")
    }
    let narrower = "name the layers by a narrower pattern"
    switch layer {
    case is any LowRankAdapter: throw refusal("it has one", narrower)
    case is Linear: return
    case let conv as Conv2d:
      guard conv.walk.groups == 1 else { throw refusal("it has \(conv.walk.groups) groups", narrower) }
      guard reach == .kernel || conv.middle != nil else {
        throw refusal(
          "a kernel \(Array(conv.weight.shape[2...])) with padding \(conv.walk.padding) has no middle",
          "choose the reach kernel, or \(narrower)")
      }
    default: throw refusal("it is a \(typeName(layer)), no Linear and no Conv2d", narrower)
    }
  }
}

extension Convolution {
  /// The tap of the kernel that lies on an output's own place, in each direction; nil where none does.
  var middle: [Int]? {
    let taps = weight.shape.dropFirst(2).map { $0 / 2 }
    let isMiddle = taps.indices.allSatisfy { d in
      weight.shape[2 + d] == 2 * taps[d] + 1 && walk.padding[d] == taps[d] * walk.dilation[d]
    }
    return isMiddle ? taps : nil
  }
}
