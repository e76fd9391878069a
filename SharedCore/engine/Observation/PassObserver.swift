import Synchronization
import Utils

/// Somebody who watches every operation of every pass, forwards and backwards: the profiler, the search for the first
/// NaN.
///
/// Where nobody watches, an operation pays one comparison.
public protocol PassObserver: AnyObject {
  /// A training step begins; it may have several passes.
  func stepBegins(at position: StepPosition)
  /// A training step has ended, with an error or without; throws when there is more to say about it.
  func stepEnded(with error: (any Error)?) throws
  /// A pass begins that records for its gradients.
  func passBegins()
  /// An operation has run forwards.
  func ran(_ event: ForwardEvent)
  /// A layer has been called by a `Sequential`, or is one, and gave `output`.
  func called(_ layer: any Module, output: Tensor)
  /// The forward part is over.
  func backwardBegins()
  /// The derivative of an operation is about to be computed.
  func pullbackBegins()
  /// The derivative of an operation has been computed.
  func pulledBack(_ event: BackwardEvent)
  /// The pass is over.
  func passEnded()
}

/// An operation that has run.
public struct ForwardEvent: Sendable {
  /// What it is called in Swift: `conv2d`, `+`.
  public var name: String { String(function.description.prefix { $0 != "(" }) }
  /// What it was given, and what it made of it.
  public let inputs: [Tensor], output: Tensor
  /// What it was asked for beside its inputs, where its name does not say all.
  let facts: OperationFacts?
  let function: StaticString
}

/// The derivative of an operation that has been computed.
public struct BackwardEvent: Sendable {
  /// The gradient by the operation's output, and by each of its inputs that needs one.
  public let upstream: Tensor, gradients: [Tensor?]
  /// Which operation: the place of its output.
  let place: TapePlace
}

extension PassObserver {
  /// Nothing: most observers look at operations only.
  public func called(_ layer: any Module, output: Tensor) {}

  /// Watches all passes of `step`, a training step at this place; throws its error, or what there is to say about it.
  public func watch<Result>(_ position: StepPosition, _ step: () throws -> Result) throws -> Result {
    stepBegins(at: position)
    let outcome = Swift.Result { try observed(by: self, step) }
    if case .failure(let error) = outcome { try stepEnded(with: error) } else { try stepEnded(with: nil) }
    return try outcome.get()
  }
}

/// Lets `observer` watch all passes of `body`.
func observed<Result>(by observer: any PassObserver, _ body: () throws -> Result) rethrows -> Result {
  Observation.watching.add(1, ordering: .relaxed)
  defer { Observation.watching.subtract(1, ordering: .relaxed) }
  return try ForwardContext.$current.withValue(ForwardContext.current.observed(by: observer), operation: body)
}

/// Who watches the calling task, if anybody does.
enum Observation {
  /// How many observers there are in the process: asked first, for it costs less than to look for one's own.
  fileprivate static let watching = Atomic<Int>(0)

  @inline(__always)
  static var observer: (any PassObserver)? {
    watching.load(ordering: .relaxed) == 0 ? nil : ForwardContext.current.observer
  }
}

/// Which layer an operation belongs to, by the parameters that it reads.
///
/// A layer is known by the memory of its parameters, so nothing has to be announced and every module is found,
/// whoever wrote it. An operation that reads none (a ReLU, a sum) counts to the layer whose parameters were read last; of
/// those before the first parameter nothing is known.
struct LayerNames {
  private var byAddress: [UnsafeMutablePointer<Float>: String] = [:]
  private(set) var last = "input"

  /// No layer is known.
  init() {}

  init(of network: any Module) {
    for (name, parameter) in network.parameters() {
      let value = parameter.value
      let parts = name.split(separator: ".").dropLast()
      byAddress[value.storage.start + value.offset] =
        parts.isEmpty ? "\(type(of: network))" : parts.joined(separator: ".")
    }
  }

  /// A pass begins: no parameter has been read.
  mutating func forget() { last = "input" }

  /// The layer of an operation with these inputs.
  mutating func layer(of inputs: [Tensor]) -> String {
    for input in inputs {
      if let name = byAddress[input.storage.start + input.offset] {
        last = name
        return name
      }
    }
    return last
  }
}
