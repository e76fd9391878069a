import Plotting

extension Experiment.Plot {
  /// The images that were judged wrongly with the largest loss, with their class, what was said, and how surely.
  ///
  /// Where outputs are no logits, those whose wrong class stood furthest above the right one.
  public static let worstMistakes = Experiment.Plot("worst_mistakes") { context in
    let samples = try context.samples()
    guard samples.holdsImages else { return [] }
    let worst = context.worstOnes(18)
    let mistakes = context.judgedSamples.count { !$0.isRight }
    let figure = ImageGrid(
      title: "\(context.experiment.name), \(context.part): the worst mistakes",
      subtitle: mistakes == 0
        ? "none among \(context.evaluation.count) samples"
        : "\(worst.count) of \(mistakes) mistakes among \(context.evaluation.count) samples, the largest loss first",
      images: try worst.map { try samples.image($0.index, context.caption($0)) }, columns: 6)
    return [NamedFigure("worst_mistakes", figure)]
  }
}
