import DataUtils
import Engine
import Foundation
import Plotting

/// What a network said of one sample.
struct JudgedSample {
  /// Its place in the part.
  let index: Int
  let label: Int
  let prediction: Int
  /// The probability of the class that was said; nil where outputs are no logits.
  let confidence: Double?
  /// How bad a mistake is: -log of the true class's probability, or by how much the said class's output was larger.
  let badness: Double

  var isRight: Bool { label == prediction }
}

extension PictureContext {
  /// What the network said of every sample of the judged part.
  var judgedSamples: [JudgedSample] {
    let width = evaluation.outputWidth
    let isLogits = experiment.training.loss(settings)?.name.contains("cross_entropy") ?? false
    return (0..<evaluation.count).map { n in
      let row = evaluation.outputs[n * width..<(n + 1) * width].map(Double.init)
      let outputs = width == 1 ? [0, row[0]] : row  // the softmax of (0, y) is the sigmoid of y
      let (label, prediction) = (Int(evaluation.labels[n]), Int(evaluation.predictions[n]))
      let largest = outputs.max() ?? 0
      let logSum = largest + log(outputs.reduce(0) { $0 + exp($1 - largest) })
      return JudgedSample(
        index: evaluation.indices[n], label: label, prediction: prediction,
        confidence: isLogits ? exp(outputs[prediction] - logSum) : nil,
        badness: isLogits ? logSum - outputs[label] : outputs[prediction] - outputs[label])
    }
  }

  /// The samples that were judged rightly, one of each class first, in their order.
  func rightOnes(_ count: Int) -> [JudgedSample] {
    var seen: Set<Int> = []
    let right = judgedSamples.filter(\.isRight)
    let first = right.filter { seen.insert($0.label).inserted }
    let taken = Set(first.map(\.index))
    return Array((first + right.filter { !taken.contains($0.index) }).prefix(count))
  }

  /// The mistakes, the worst first.
  func worstOnes(_ count: Int) -> [JudgedSample] {
    let wrong = judgedSamples.filter { !$0.isRight && !$0.badness.isNaN }
    return Array(wrong.sorted { ($0.badness, $1.index) > ($1.badness, $0.index) }.prefix(count))
  }

  /// The class, and with a mistake what was said in its place: the lines below a picture.
  func caption(_ sample: JudgedSample) -> [String] {
    let share = sample.confidence.map { ", \(percent($0))" } ?? ""
    let (actual, said) = (classNames[sample.label], classNames[sample.prediction])
    return sample.isRight ? [actual + share, ""] : ["is \(actual)", "said \(said)\(share)"]
  }

  private func percent(_ share: Double) -> String {
    let whole = Int((share * 100).rounded())
    return whole >= 100 && share < 1 ? "> 99 %" : whole == 0 ? "< 1 %" : "\(whole) %"
  }
}

extension Dataset {
  /// Samples are pictures, grey or with red, green and blue: [1, H, W] or [3, H, W].
  var holdsImages: Bool {
    sampleShape.count == 3 && (sampleShape[0] == 1 || sampleShape[0] == 3) && sampleShape.elementCount > 0
  }

  /// The pixels of sample `index` from 0 to 1, as they were before any preprocessing; numbers that are no bytes are
  /// brought there from their least and greatest.
  func pixels(_ index: Int) throws -> [Float] {
    let values = try sample(index)
    switch features {
    case .bytes, .images: return values
    case .floats: break
    }
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    return values.map { greatest > least ? ($0 - least) / (greatest - least) : 0 }
  }

  /// Sample `index` as a picture with lines below it.
  func image(_ index: Int, _ caption: [String]) throws -> ImageGrid.Image {
    ImageGrid.Image(caption, values: try pixels(index), channels: sampleShape[0], width: sampleShape[2])
  }
}
