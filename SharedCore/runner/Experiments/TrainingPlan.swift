import Engine
import Utils

/// How an experiment learns.
public enum TrainingPlan: Sendable {
  /// Gradient descent on a loss, and what an update does unless settings change it.
  case gradient(Loss, GradientOptions = GradientOptions())
  /// A rule of the model's own. Throws when the network is none that it knows.
  case rule(name: String, @Sendable (any Layer, Settings) throws -> any TrainingRule)

  /// Stochastic gradient descent on `loss`, with the settings `learning_rate`, and a momentum.
  public static func sgd(
    _ loss: Loss, momentum: Double = 0, options: GradientOptions = GradientOptions()
  ) -> TrainingPlan {
    var options = options
    options.momentum = momentum
    return .gradient(loss, options)
  }

  /// The loss, where there is one.
  var loss: Loss? { if case .gradient(let loss, _) = self { loss } else { nil } }

  /// Its name in the record.
  var name: String {
    switch self {
    case .gradient(let loss, _): "gradient descent on \(loss.name)"
    case .rule(let name, _): name
    }
  }

  /// The settings that this way of learning has beside the common ones.
  func settings(monitor: String) -> [Setting] {
    if case .gradient(_, let options) = self { options.settings(monitor: monitor) } else { [] }
  }

  func rule(for network: any Layer, _ settings: Settings, monitor: String) throws -> any TrainingRule {
    switch self {
    case .gradient(let loss, _): try GradientPlan(settings: settings, monitor: monitor).rule(network, loss)
    case .rule(_, let make): try make(network, settings)
    }
  }
}
