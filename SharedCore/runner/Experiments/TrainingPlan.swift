import Engine
import Utils

/// How an experiment learns.
public enum TrainingPlan: Sendable {
  /// Gradient descent on the first of some losses, and what an update does, unless settings change them.
  case gradient(oneOf: [Loss], GradientOptions = GradientOptions())
  /// Gradient descent on a loss of the registry, which may depend on the data.
  case registered(LossPlan, GradientOptions = GradientOptions())
  /// A rule of the model's own. Throws when the network is none that it knows.
  case rule(name: String, @Sendable (any Layer, Settings) throws -> any TrainingRule)

  /// Gradient descent on one loss, and what an update does unless settings change it.
  public static func gradient(_ loss: Loss, _ options: GradientOptions = GradientOptions()) -> TrainingPlan {
    .gradient(oneOf: [loss], options)
  }

  /// Stochastic gradient descent on `loss`, with the settings `learning_rate`, and a momentum.
  public static func sgd(
    _ loss: Loss, momentum: Double = 0, options: GradientOptions = GradientOptions()
  ) -> TrainingPlan {
    var options = options
    options.momentum = momentum
    return .gradient(loss, options)
  }

  /// The name of the loss that the settings choose, where there is one.
  func lossName(_ settings: Settings) -> String? {
    switch self {
    case .gradient(let losses, _): losses.count == 1 ? losses[0].name : settings.string("loss")
    case .registered: settings.string("loss.type")
    case .rule: nil
    }
  }

  /// The loss that the settings choose for some data, where there is one.
  func loss(_ settings: Settings, for data: @autoclosure () throws -> LossData) throws -> Loss? {
    switch self {
    case .gradient(let losses, _): losses.first { $0.name == lossName(settings) }
    case .registered(let plan, _): try plan.loss(settings, for: data())
    case .rule: nil
    }
  }

  /// Its name in the record.
  func name(_ settings: Settings) -> String {
    if case .rule(let name, _) = self { return name }
    return "gradient descent on \(lossName(settings) ?? "a loss")"
  }

  /// How it learns, for people: the loss, the optimiser, and how its rate changes.
  func description(_ settings: Settings) -> String {
    if case .rule = self { return name(settings) }
    let optimizers = [
      "sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "adagrad": "Adagrad",
    ]
    let optimizer = optimizers[settings.string("optimizer")] ?? settings.string("optimizer")
    let (schedule, warmup) = (settings.string("schedule"), settings.count("warmup"))
    let rate = "rate \(compact(settings.double("learning_rate")))"
    let course = schedule == "constant" ? "\(rate), constant" : "\(rate), schedule \(schedule)"
    return "\(name(settings)) with \(optimizer), \(course)"
      + (warmup == 0 ? "" : " after a warm-up of \(warmup) epoch\(warmup == 1 ? "" : "s")")
  }

  /// The settings that this way of learning has beside the common ones.
  func settings(monitor: String) -> [Setting] {
    switch self {
    case .gradient(let losses, let options):
      require(!losses.isEmpty, "gradient descent needs a loss")
      let choice =
        losses.count == 1
        ? [] : [Setting.choice("loss", losses[0].name, of: losses.map(\.name), "what is to become small")]
      return choice + options.settings(monitor: monitor)
    case .registered(let plan, let options): return plan.settings + options.settings(monitor: monitor)
    case .rule: return []
    }
  }

  /// The rule for a network that lowers `loss`, where there is one.
  func rule(
    for network: any Layer, _ loss: Loss?, _ settings: Settings, monitor: String, batchesPerEpoch: Int
  ) throws -> any TrainingRule {
    if case .rule(_, let make) = self { return try make(network, settings) }
    guard let loss else { trap("no loss is called as the settings say") }
    return try GradientPlan(
      settings: settings, monitor: options?.plateauMetric ?? monitor, batchesPerEpoch: batchesPerEpoch,
      rateGroups: options?.rateGroups ?? []
    ).rule(network, loss)
  }

  private var options: GradientOptions? {
    switch self {
    case .gradient(_, let options), .registered(_, let options): options
    case .rule: nil
    }
  }
}
