import DataUtils
import Engine
import Runner
import Utils

extension ExtraMetric {
  /// The share of samples whose class stays the same when the places of the last stage's maps are shuffled.
  ///
  /// The mean over the picture that ends these networks does not know where anything stood, so the share is 1 but for
  /// rounding: there is nothing left from which a mask or a box could be drawn. Such outputs are what U-Net was made for.
  static let shuffledAgreement = ExtraMetric("shuffled_agreement") { subject in
    guard let network = subject.network as? any ConvolutionalNetwork else { return nil }
    let samples = try subject.data.splits.part(subject.part)
    var batches = Loader(
      samples, batchSize: 250, preprocessing: subject.data.preprocessing, prefetchThreads: 0
    )
    .batches(epoch: 1)
    var random = RandomStream(seed: 0, purpose: "places")
    var (same, count) = (0, 0)
    try withMode(.evaluation) {
      while let batch = try batches.next() {
        guard let maps = network.stages(batch.inputs).last?.maps else { return }
        let places = random.permutation(of: maps.shape[2] * maps.shape[3])
        let answers = predictedClasses(network.classify(maps))
        let others = predictedClasses(network.classify(maps.shuffled(places)))
        same += zip(answers, others).count { $0 == $1 }
        count += answers.count
      }
    }
    return count == 0 ? nil : Double(same) / Double(count)
  }
}

extension Tensor {
  /// Maps [N, C, H, W] whose pixel number i is the one that was number `places[i]`.
  func shuffled(_ places: [Int]) -> Tensor {
    let rows = reshaped(to: [shape[0], shape[1], places.count])
    return rows.selected(along: 2, at: IndexTensor(places.map { Int32($0) })).reshaped(to: shape)
  }
}
