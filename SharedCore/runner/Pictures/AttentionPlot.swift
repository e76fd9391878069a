import Engine

extension Experiment.Plot {
  /// Which places mattered to the attention modules of an `AttendingNetwork`, laid over images that it judged rightly and
  /// over its worst mistakes.
  public static let attention = Experiment.Plot("attention") { context in
    guard let network = context.network as? any AttendingNetwork else { return [] }
    return try context.heatRows(
      "attention", title: "which places mattered",
      subtitle: "the weights of the attention modules (0 to 1), each row from its least to its greatest"
    ) { inputs, _ in
      withMode(.evaluation) { network.attentionMaps(inputs) }.map {
        HeatRow(name: $0.name, maps: $0.places, isOwnScale: false)
      }
    }
  }
}
