import Engine
import Utils

/// What gradient descent does beside forward, backward and update: defaults of an experiment's row, each a setting that
/// the command line changes.
public struct GradientOptions: Sendable {
  /// How the learning rate changes over the epochs.
  public enum Rate: String, CaseIterable, Sendable {
    case constant, cosine, linear, polynomial, step, milestones, exponential, onecycle
  }

  /// How gradients become new weights.
  public enum OptimizerChoice: String, CaseIterable, Sendable {
    case sgd, adam, adamw, rmsprop, adagrad
  }

  /// How gradients become new weights, how much of the last step `sgd` and `rmsprop` keep, and how strongly weights are drawn
  /// to 0.
  public var optimizer = OptimizerChoice.sgd, momentum = 0.0, weightDecay = 0.0
  /// How much of their averages `adam` and `adamw` keep: of the gradient, of its square.
  public var betas = (0.9, 0.999)
  /// How the learning rate changes over the epochs, and after how many in which it rises.
  public var schedule = Rate.constant, warmup = 0
  /// After how many epochs `step` lowers the rate, and what `step`, `milestones`, `exponential` and `plateau` multiply it by.
  public var decayEvery = 30, decayFactor = 0.1
  /// After which epochs `milestones` lowers the rate.
  public var milestones: [Int] = []
  /// Epochs without a better monitored metric after which the rate is lowered; nil for never.
  public var plateau: Int?
  /// The metric that is then watched; nil for the monitored one.
  public var plateauMetric: String?
  /// The longest that the whole gradient, and the largest that one entry of it, may be; nil for any.
  public var clip: Double?, clipValue: Double?
  /// Batches an update.
  public var accumulate = 1
  /// The share of each label that is spread over all classes.
  public var labelSmoothing = 0.0
  /// The alphas of mixup and of cutmix; nil for none.
  public var mixup: Double?, cutmix: Double?
  /// The decay of the weights' running average, or the epoch from which on they are averaged; nil for none.
  public var ema: Double?, swa: Int?

  /// Parameters with learning rates of their own; the common rate is that of the others.
  public var rateGroups: [RateGroup] = []

  /// Plain gradient descent.
  public init() {}

  /// Plain gradient descent with some changes.
  public init(_ change: (inout GradientOptions) -> Void) { change(&self) }

  /// The settings by which they can be changed.
  func settings(monitor: String) -> [Setting] {
    [
      .choice(
        "optimizer", optimizer.rawValue, of: OptimizerChoice.allCases.map(\.rawValue),
        "how gradients become new weights"),
      .number(
        "momentum", momentum, in: 0...0.999_999,
        "share of the last step that sgd and rmsprop keep; the others have their own"),
      .value(
        "betas", "[\(betas.0), \(betas.1)]", in: .list(.number(0...0.999_999_9), 2...2),
        "what adam and adamw keep of their averages: of the gradient, and of its square"),
      .number("weight_decay", weightDecay, in: 0...10, "how strongly weights are drawn to 0"),
      .choice(
        "schedule", schedule.rawValue, of: Rate.allCases.map(\.rawValue), "how the learning rate changes"),
      .whole("warmup", warmup, in: 0...1_000_000, "epochs in which the learning rate rises to its full"),
      .whole("decay_every", decayEvery, in: 1...1_000_000, "epochs between the steps of schedule=step"),
      .number(
        "decay_factor", decayFactor, in: 1e-6...0.999_999,
        "what schedule=step, milestones or exponential, and plateau, multiply the rate by"),
      .widths(
        "milestones", milestones, in: 1...1_000_000, "epochs after which schedule=milestones lowers the rate"),
      .whole(
        "plateau", plateau, in: 1...1_000_000,
        "epochs without a better \(plateauMetric ?? monitor) that lower the rate"
      )
      .orNone(),
      .number("clip", clip, in: 1e-9...1e9, "longest gradient of all parameters together").orNone(),
      .number("clip_value", clipValue, in: 1e-9...1e9, "largest entry of a gradient").orNone(),
      .whole("accumulate", accumulate, in: 1...1_000_000, "batches an update"),
      .number("label_smoothing", labelSmoothing, in: 0...0.999, "share of a label spread over all classes"),
      .number("mixup", mixup, in: 1e-3...1e3, "alpha of mixup: samples blended in pairs").orNone(),
      .number("cutmix", cutmix, in: 1e-3...1e3, "alpha of cutmix: boxes of images exchanged in pairs")
        .orNone(),
      .number("ema", ema, in: 0...0.999_999_9, "decay of a running average of the weights, judged as ema_...")
        .orNone(),
      .whole("swa", swa, in: 1...1_000_000, "epoch from which on weights are averaged, judged as swa_...")
        .orNone(),
    ] + rateGroups.map(\.setting)
  }
}

/// The gradient rule that an experiment's merged settings describe.
struct GradientPlan {
  let settings: Settings
  let monitor: String
  let batchesPerEpoch: Int
  var rateGroups: [RateGroup] = []

  func rule(_ network: any Layer, _ loss: Loss) throws -> GradientRule {
    let share = settings.double("label_smoothing")
    guard let smoothed = loss.smoothed(by: Float(share)) else {
      throw LabError(
        .config, "label_smoothing=\(share): \(loss.name) has no labels to smooth", remedy: "leave it at 0")
    }
    let (mixup, cutmix) = (settings.optional("mixup"), settings.optional("cutmix"))
    return GradientRule(
      network: network, loss: smoothed, optimizer: try optimizer(of: network), schedule: schedule,
      plateau: plateau,
      clipping: try clipping(), batchesPerUpdate: settings.count("accumulate"),
      mixing: mixup == nil && cutmix == nil ? nil : BatchMixing(mixup: mixup, cutmix: cutmix))
  }

  /// The optimiser of the parameters that are not frozen: of those it keeps no averages.
  private func optimizer(of network: any Layer) throws -> any Optimizer {
    let parameters = network.parameters().filter { !$0.parameter.isFrozen }
    let common = settings.double("learning_rate")
    let groups = try rateGroups.map { try $0.group(of: network, settings, common: common) }
    let rate = Float(common)
    let (momentum, decay) = (Float(settings.double("momentum")), Float(settings.double("weight_decay")))
    let kept = settings.list("betas").compactMap(\.double)
    let betas = (kept[0], kept[1])
    let choice = GradientOptions.OptimizerChoice(rawValue: settings.string("optimizer")) ?? .sgd
    return switch choice {
    case .sgd: SGD(parameters, learningRate: rate, momentum: momentum, weightDecay: decay, groups: groups)
    case .adam: Adam(parameters, learningRate: rate, betas: betas, weightDecay: decay, groups: groups)
    case .adamw: AdamW(parameters, learningRate: rate, betas: betas, weightDecay: decay, groups: groups)
    case .rmsprop:
      RMSprop(parameters, learningRate: rate, weightDecay: decay, momentum: momentum, groups: groups)
    case .adagrad: Adagrad(parameters, learningRate: rate, weightDecay: decay, groups: groups)
    }
  }

  private var schedule: Schedule? {
    let (warmup, factor) = (settings.count("warmup"), settings.double("decay_factor"))
    let rest = max(settings.count("epochs") - warmup, 1)
    let updates = (batchesPerEpoch - 1) / settings.count("accumulate") + 1
    let plain: Schedule? =
      switch GradientOptions.Rate(rawValue: settings.string("schedule")) ?? .constant {
      case .constant: warmup == 0 ? nil : .exponential(factor: 1)
      case .cosine: .cosine(over: rest)
      case .linear: .linear(over: rest, from: 1, to: 0)
      case .polynomial: .polynomial(over: rest, power: 2)
      case .step: .step(every: settings.count("decay_every"), factor: factor)
      case .milestones: .multiStep(at: settings.widths("milestones"), factor: factor)
      case .exponential: .exponential(factor: factor)
      case .onecycle: .oneCycle(over: max(rest * updates, 2)).perStep
      }
    return warmup == 0 ? plain : plain?.warmedUp(over: plain?.unit == .step ? warmup * updates : warmup)
  }

  private var plateau: ReduceOnPlateau? {
    settings.int("plateau").map {
      ReduceOnPlateau(watching: monitor, factor: settings.double("decay_factor"), patience: $0)
    }
  }

  private func clipping() throws -> Clipping? {
    switch (settings.optional("clip"), settings.optional("clip_value")) {
    case (nil, nil): return nil
    case (let norm?, nil): return .norm(norm)
    case (nil, let value?): return .value(Float(value))
    case (_?, _?):
      throw LabError(
        .config, "clip and clip_value exclude each other", remedy: "leave one of them at none")
    }
  }
}

/// `network`, wrapped so that it averages its weights where the settings `ema` or `swa` ask for it.
///
/// - Parameter settings: merged settings, or those that a checkpoint keeps.
func averaging(_ network: any Layer, as settings: JSONValue?) throws -> any Layer {
  func wrapped(_ network: some Layer, _ averaging: Averaging) -> any Layer {
    Averaged(network, by: averaging)
  }
  switch (settings?["ema"]?.double, settings?["swa"]?.int) {
  case (nil, nil): return network
  case (let decay?, nil) where 0 <= decay && decay < 1: return wrapped(network, .exponential(decay: decay))
  case (nil, let epoch?): return wrapped(network, .equal(fromEpoch: epoch))
  default:
    throw LabError(.config, "ema and swa exclude each other", remedy: "leave one of them at none")
  }
}
