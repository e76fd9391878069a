import Engine
import Utils

extension RunPlan {
  /// A network of this plan for people: its architecture with what tells it from others of its kind, and its parameters.
  func description(of network: any Layer) -> String {
    let particulars = experiment.network.particulars(settings, row: experiment.settings, data)
    let name = architecture + (particulars.isEmpty ? "" : " (\(particulars.joined(separator: ", ")))")
    let frozen = network.parameters().filter(\.parameter.isFrozen)
      .reduce(0) { $0 + $1.parameter.shape.elementCount }
    let learning =
      frozen == 0 ? "" : ", of which \(grouped(network.parameterCount - frozen)) learn"
    return "\(name), \(grouped(network.parameterCount)) parameters\(learning)"
  }
}
