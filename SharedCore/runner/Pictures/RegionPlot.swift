import Plotting

extension Experiment.Plot {
  /// The class that the network gives to every point of the plane, where a sample is two numbers.
  ///
  /// `train` adds the pictures of the network's variants, and a sheet and a film of the epochs.
  public static let decisionRegions = Experiment.Plot("decision_regions") { context in
    let isTraining = !context.history.isEmpty
    guard let painter = RegionPainter(context, part: isTraining ? .train : context.part) else { return [] }
    guard isTraining else {
      let figure = try painter.figure(of: context.network, subtitle: "\(context.part) samples")
      return [NamedFigure("decision_regions", figure)]
    }
    let epochs = context.history.last?.epoch ?? 0
    return try withVariants(context.network).map { prefix, network in
      let variant = prefix.dropLast()
      return variant.isEmpty
        ? NamedFigure(
          "decision_regions",
          try painter.figure(of: network, subtitle: "after epoch \(epochs), the last weights"))
        : NamedFigure(
          "decision_regions_\(variant)",
          try painter.figure(of: network, subtitle: "the \(variant) weights"))
    }
  }
}
