import Kernels
import Utils

/// A network that wants to know when its weights have changed, as one does that keeps averages of them.
public protocol FollowsWeights: Layer {
  /// The weights have been updated by the step at `position`.
  func weightsChanged(at position: StepPosition)
}

/// How the average of weights is formed.
public enum Averaging: Equatable, Sendable {
  /// a = decay a + (1 - decay) w after each update: the last 1 / (1 - decay) updates count most.
  ///
  /// Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992, with a memory that
  /// fades.
  case exponential(decay: Double)
  /// The mean of the weights at the end of each epoch from `epoch` on, all counting the same.
  ///
  /// Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018 (SWA).
  case equal(fromEpoch: Int)
}

/// A network with a running average of its weights, which is used in its place as the variant `ema` or `swa`.
///
/// It answers and learns as the network does and has the same state names; the averages are saved beside them
/// as `ema.conv1.weight`. Buffers (running statistics) are averaged with the weights. A departure from
/// Izmailov et al., who measure them anew on the training data: that costs a pass over it.
/// ```swift
/// let network = Averaged(LeNet(using: &random), by: .exponential(decay: 0.999))
/// ```
public final class Averaged<Network: Layer>: FollowsWeights, HasVariants, CustomReflectable {
  /// The network itself.
  public let network: Network
  private let averaging: Averaging
  private let averages: WeightAverages

  /// `network` with averages that begin as its present weights.
  public init(_ network: Network, by averaging: Averaging) {
    if case .exponential(let decay) = averaging {
      require(0 <= decay && decay < 1, "the decay of an average lies in 0..<1, got \(decay)")
    }
    self.network = network
    self.averaging = averaging
    averages = WeightAverages(of: network)
  }

  /// The network's output for `x`.
  public func callAsFunction(_ x: Tensor) -> Tensor { network(x) }

  /// Takes the new weights into the average, when it is time.
  public func weightsChanged(at position: StepPosition) {
    (network as? any FollowsWeights)?.weightsChanged(at: position)
    switch averaging {
    case .exponential(let decay): averages.add(share: Float(1 - decay))
    case .equal(let first):
      guard position.endsEpoch, position.epoch >= first else { return }
      averages.add(share: 1 / Float(averages.count.integer + 1))
    }
  }

  /// The network on its averages, and its own variants.
  public var variants: [(name: String, network: any Layer)] {
    [(name, AverageNetwork(network: network, averages: averages))]
      + ((network as? any HasVariants)?.variants ?? [])
  }

  private var name: String { if case .exponential = averaging { "ema" } else { "swa" } }

  /// What the walk over the state sees: the network's own properties, so that its names stay as they are, and
  /// the averages.
  public var customMirror: Mirror {
    let properties = Mirror(reflecting: network).children.map { ($0.label ?? "", $0.value) }
    return Mirror(self, children: properties + [(name, averages)], displayStyle: .class)
  }
}

/// A copy of every parameter and running statistic of a network, by the same names.
private final class WeightAverages: Module, CustomReflectable {
  /// How often weights were taken in.
  let count = Buffer(0)
  private let entries: [(name: String, item: StateItem, average: Buffer)]

  init(of network: any Module) {
    entries = network.state().compactMap { name, item in
      item.numbers.map { (name, item, Buffer($0)) }
    }
  }

  /// Moves the averages towards the present numbers.
  func add(share: Float) {
    for (_, item, average) in entries {
      var span = average.memory.mutableSpan
      item.numbers?.withSpan { Kernels.chosen.blend($0, into: &span, share: share) }
    }
    count.contents = .integer(count.integer + 1)
  }

  /// Puts the averages in the network's place while `body` runs.
  func withAverages<Result>(_ body: () -> Result) -> Result {
    trade()
    defer { trade() }
    return body()
  }

  private func trade() {
    for (_, item, average) in entries {
      switch item {
      case .parameter(let parameter): parameter.trade(with: average)
      case .buffer(let buffer): swap(&buffer.contents, &average.contents)
      }
    }
  }

  /// The averages under the names of what they are averages of.
  var customMirror: Mirror {
    Mirror(
      self, children: entries.map { ($0.name, $0.average as Any) } + [("n_averaged", count)],
      displayStyle: .class)
  }
}

/// A network on the averages of its weights.
private final class AverageNetwork: Layer {
  private let network: any Layer
  private let averages: WeightAverages

  init(network: any Layer, averages: WeightAverages) {
    self.network = network
    self.averages = averages
  }

  func callAsFunction(_ x: Tensor) -> Tensor { averages.withAverages { network(x) } }
}

extension StateItem {
  /// The floating-point numbers; nil for a whole number, which has no average.
  fileprivate var numbers: Tensor? {
    switch self {
    case .parameter(let parameter): parameter.value
    case .buffer(let buffer): if case .tensor(let tensor) = buffer.contents { tensor } else { nil }
    }
  }
}
