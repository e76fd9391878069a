import DataUtils
import Engine
import Foundation
import Plotting

/// What a network said of one sample.
struct JudgedSample {
  /// Its place in the part.
  let index: Int
  /// The classes that it has, and those that were said: one of each, or any number.
  let actual, said: [Int]
  /// The class that stood highest, and the probability of it; nil where outputs are no logits.
  let prediction: Int
  let confidence: Double?
  /// How bad a mistake is: the loss without weights, or by how much the said class's output was larger.
  let badness: Double

  var isRight: Bool { actual == said }
}

extension PictureContext {
  /// What the network said of every sample of the judged part.
  var judgedSamples: [JudgedSample] {
    let width = evaluation.outputWidth
    let predictions = evaluation.predictions
    return (0..<evaluation.count).map { n in
      let row = evaluation.outputs[n * width..<(n + 1) * width].map(Double.init)
      let (index, prediction) = (evaluation.indices[n], Int(predictions[n]))
      guard case .multiLabel(let targets, let report) = evaluation.outcome else {
        return judged(index, row, label: Int(evaluation.labels[n]), prediction)
      }
      let has = targets[n * width..<(n + 1) * width].map { $0 == 1 }
      let probabilities = row.map { 1 / (1 + exp(-$0)) }
      return JudgedSample(
        index: index, actual: (0..<width).filter { has[$0] },
        said: (0..<width).filter { probabilities[$0] > report.thresholds[$0] }, prediction: prediction,
        confidence: probabilities[prediction], badness: zip(row, has).reduce(0) { $0 + bits($1.0, $1.1) })
    }
  }

  /// A sample of exactly one class.
  private func judged(_ index: Int, _ row: [Double], label: Int, _ prediction: Int) -> JudgedSample {
    let outputs = row.count == 1 ? [0, row[0]] : row  // the softmax of (0, y) is the sigmoid of y
    let largest = outputs.max() ?? 0
    let logSum = largest + log(outputs.reduce(0) { $0 + exp($1 - largest) })
    let (confidence, badness): (Double?, Double) =
      if loss?.isMultiLabel == true {
        (
          1 / (1 + exp(-outputs[prediction])),
          outputs.indices.reduce(0) { $0 + bits(outputs[$1], $1 == label) }
        )
      } else if loss?.name.contains("cross_entropy") == true {
        (exp(outputs[prediction] - logSum), logSum - outputs[label])
      } else {
        (nil, outputs[prediction] - outputs[label])
      }
    return JudgedSample(
      index: index, actual: [label], said: [prediction], prediction: prediction, confidence: confidence,
      badness: badness)
  }

  /// -log of the probability that a logit gives to a class that is there, or is not.
  private func bits(_ logit: Double, _ isThere: Bool) -> Double {
    let x = isThere ? -logit : logit
    return max(x, 0) + log1p(exp(-abs(x)))
  }

  /// The samples that were judged rightly, one of each class first, in their order.
  func rightOnes(_ count: Int) -> [JudgedSample] {
    var seen: Set<[Int]> = []
    let right = judgedSamples.filter(\.isRight)
    let first = right.filter { seen.insert($0.actual).inserted }
    let taken = Set(first.map(\.index))
    return Array((first + right.filter { !taken.contains($0.index) }).prefix(count))
  }

  /// The mistakes, the worst first.
  func worstOnes(_ count: Int) -> [JudgedSample] {
    let wrong = judgedSamples.filter { !$0.isRight && !$0.badness.isNaN }
    return Array(wrong.sorted { ($0.badness, $1.index) > ($1.badness, $0.index) }.prefix(count))
  }

  /// The classes, and with a mistake what was said in their place: the lines below a picture.
  func caption(_ sample: JudgedSample) -> [String] {
    let share = sample.said.count == 1 ? sample.confidence.map { ", \(percent($0))" } ?? "" : ""
    let (actual, said) = (names(sample.actual), names(sample.said))
    return sample.isRight ? [actual + share, ""] : ["is \(actual)", "said \(said)\(share)"]
  }

  /// What some classes are called.
  func names(_ classes: [Int]) -> String {
    classes.isEmpty ? "nothing" : classes.map { classNames[$0] }.joined(separator: ", ")
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
    case .floats, .made: break
    }
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    return values.map { greatest > least ? ($0 - least) / (greatest - least) : 0 }
  }

  /// Sample `index` as a picture with lines below it.
  func image(_ index: Int, _ caption: [String]) throws -> ImageGrid.Image {
    ImageGrid.Image(caption, values: try pixels(index), channels: sampleShape[0], width: sampleShape[2])
  }
}
