import Engine
import Utils

/// A loss that is chosen from `LossRegistry` by its name: defaults of an experiment's row, each a setting that the command
/// line or a configuration file changes.
public struct LossPlan: Sendable {
  /// The losses that there are.
  public var registry = LossRegistry.standard
  /// The name of the loss.
  public var type = "focal_loss"
  /// How much a class counts where it is there, as it would be typed: a number, a list, `dynamic`, `first_batch`,
  /// `effective_number`, `manual`; nil for all alike.
  public var alpha: String? = "dynamic"
  /// What `alpha=manual` means, a number a class; nil where it means nothing.
  public var manualAlpha: [Double]?
  /// How strongly classes that are told well lose their weight.
  public var gamma = 2.0
  /// What effective numbers of samples are computed with, and whether `dynamic` means them.
  public var beta = 0.9999, usesEffectiveNumber = false
  /// How much a target of 1 counts in `bce_with_logits`, as it would be typed: a number or a list; nil for 1.
  public var positiveWeight: String?
  /// Whether it is the mean or the sum over samples and classes.
  public var reduction = LossReduction.mean
  /// The probability above which a class is said to be there.
  public var threshold = 0.5
  /// How the training samples are drawn.
  public var sampling = SamplingChoice.shuffled

  /// The focal loss with weights from the training part.
  public init() {}

  /// The same with some changes.
  public init(_ change: (inout LossPlan) -> Void) { change(&self) }

  /// The settings by which it can be changed.
  var settings: [Setting] {
    let share = Setting.Domain.number(0...1)
    // Caps are for classes that exclude each other: only rows that ask for them know the word.
    let samplings = SamplingChoice.allCases.filter { $0 != .balanced || sampling == .balanced }
    return [
      .choice("loss.type", type, of: registry.names, "what is to become small"),
      .value(
        "loss.alpha", alpha,
        in: .either([share, .list(share, 1...1000), .choice(alphaWords)]),
        "how much a class counts where it is there"
      ).orNone(),
      .number("loss.gamma", gamma, in: 0...100, "how strongly the focal loss passes over what is told well"),
      .flag(
        "loss.use_effective_num", usesEffectiveNumber, "alpha=dynamic means effective numbers of samples"),
      .number("loss.beta", beta, in: 0...0.999_999_9, "what effective numbers are computed with"),
      .value(
        "loss.pos_weight", positiveWeight,
        in: .either([.number(0...1e6), .list(.number(0...1e6), 1...1000)]),
        "how much a target of 1 counts in bce_with_logits"
      ).orNone(),
      .choice(
        "loss.reduction", reduction.rawValue, of: ["mean", "sum"], "over samples and classes"
      ).refusing([
        "none": "it leaves a loss for each sample and class, and a training lowers one number"
      ]),
      .number("threshold", threshold, in: 0...1, "probability above which a class is said to be there"),
      .choice(
        "sampling", sampling.rawValue, of: samplings.map(\.rawValue),
        "how training samples are drawn: once each, or rare classes more often"),
    ] + (sampling == .balanced ? SamplingChoice.balancing : [])
  }

  private var alphaWords: [String] {
    ["dynamic", "first_batch", "effective_number"] + (manualAlpha == nil ? [] : ["manual"])
  }

  /// The loss that the merged settings describe.
  func loss(_ settings: Settings, for data: LossData) throws -> Loss {
    let given = settings.json.object?.filter { $0.key.hasPrefix("loss.") } ?? [:]
    var parameters = Dictionary(
      uniqueKeysWithValues: given.map { (String($0.key.dropFirst("loss.".count)), $0.value) })
    if settings.string("loss.type") == "focal_loss", let weight = parameters["pos_weight"], weight != nil {
      throw LabError(
        .config, "loss.pos_weight is of bce_with_logits, and the loss is focal_loss",
        remedy: "leave it out, or weigh the classes with loss.alpha")
    }
    if parameters["alpha"]?.string == "manual" {
      let classes = data.training.positives.count
      guard manualAlpha?.count == classes else {
        throw LabError(
          .config,
          "loss.alpha=manual is the published list for \(manualAlpha?.count ?? 0) classes, and there are \(classes)",
          remedy: "give a number for each class, as in loss.alpha=[0.5, 0.7], or loss.alpha=dynamic")
      }
      parameters["alpha"] = manualAlpha.map { .array($0.map(JSONValue.number)) }
    }
    return try registry.get(settings.string("loss.type"), parameters, for: data)
  }
}
