extension [Experiment.Plot] {
  /// The pictures of a network that sees images: how it learnt, what it mistook, and what its convolutions look at.
  public static let images: [Experiment.Plot] = [
    .learningCurves, .confusionMatrix, .worstMistakes, .firstLayerFilters, .featureMaps, .gradCAM,
  ]
}
