import Engine

extension Experiment.Plot {
  /// Which places mattered to the attention modules of an `AttendingNetwork`, laid over images that it judged rightly and
  /// over its worst mistakes.
  public static let attention = Experiment.Plot("attention") { context in
    guard let network = context.network as? any AttendingNetwork else { return [] }
    return try context.heatRows(
      "attention", title: "which places mattered",
      subtitle: "the weights of the attention modules, from 0 to 1", scale: .one
    ) { inputs, _ in
      withMode(.evaluation) { network.attentionMaps(inputs) }.map { ($0.name, $0.places) }
    }
  }
}
