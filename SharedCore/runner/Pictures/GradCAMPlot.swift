import Engine

extension Experiment.Plot {
  /// Where a `ConvolutionalNetwork` looked when it said its class: images that it judged rightly, and its worst mistakes;
  /// see `gradCAM`.
  public static let gradCAM = Experiment.Plot("grad_cam") { context in
    guard let network = context.network as? any ConvolutionalNetwork else { return [] }
    return try context.heatRows(
      "grad_cam", title: "where the network looked (Grad-CAM)",
      subtitle: "heat for the likeliest class, which stands below it, as a share of each image's greatest"
    ) { inputs, shown in
      let heat = Engine.gradCAM(network, inputs, classes: shown.map { Int32($0.prediction) }).heat
      return [
        HeatRow(
          name: "looked at", maps: heat, captions: shown.map { "for \(context.classNames[$0.prediction])" })
      ]
    }
  }
}
