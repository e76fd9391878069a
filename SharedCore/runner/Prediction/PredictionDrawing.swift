import DataUtils
import Engine
import Foundation
import Plotting
import Utils

/// Draws pictures with what a network looked at: Grad-CAM of the likeliest class, and its attention where it has some.
struct PredictionDrawing {
  private let predictor: Predictor
  private let folder: URL
  /// How many files of each name have been drawn.
  private var drawn: [String: Int] = [:]

  init(_ predictor: Predictor, folder: URL) { (self.predictor, self.folder) = (predictor, folder) }

  /// A PNG and an SVG file for each picture, named after it; a second one of the same name gets a number. Returns the
  /// names of the PNG files.
  ///
  /// - Parameters:
  ///   - pictures: [C, H, W] each, bytes.
  ///   - inputs: the same as the network sees them, [N, C, H, W].
  mutating func draw(
    _ files: [URL], _ pictures: [[UInt8]], _ inputs: Tensor, _ answers: [Predictor.Answer]
  ) throws -> [String] {
    var names: [String] = []
    let shape = predictor.sampleShape
    let pixels = pictures.map { $0.map { Float($0) / 255 } }
    let heat = (predictor.network as? any ConvolutionalNetwork).map { gradCAM($0, inputs) }
    let attention =
      (predictor.network as? any AttendingNetwork).map { network in
        withMode(.evaluation) { network.attentionMaps(inputs) }
      } ?? []
    for (number, file) in files.enumerated() {
      var layers: [(lines: [String], image: ImageGrid.Image)] = [
        (["picture"], ImageGrid.Image([], values: pixels[number], channels: shape[0], width: shape[2]))
      ]
      if let heat {
        let overlay = HeatOverlay(heat.heat.sample(number))
        layers.append(
          (
            ["Grad-CAM", "for \(predictor.classNames[Int(heat.classes[number])])"],
            overlay.images(over: [pixels[number]], shape, scale: .greatest)[0]
          ))
      }
      for map in attention {
        let overlay = HeatOverlay(map.places.sample(number))
        layers.append(
          (
            ["attention, \(map.name)", overlay.spread.inWords],
            overlay.images(over: [pixels[number]], shape, scale: .range(overlay.spread))[0]
          ))
      }
      let name = freeName(file)
      try NamedFigure(name, grid(file, answers[number], layers)).write(to: folder)
      names.append("\(name).png")
    }
    return names
  }

  /// The picture and what lies over it: side by side, or one below the other where they are wide.
  private func grid(
    _ file: URL, _ answer: Predictor.Answer, _ layers: [(lines: [String], image: ImageGrid.Image)]
  ) -> ImageGrid {
    let isWide = predictor.sampleShape[2] > 3 * predictor.sampleShape[1]
    return ImageGrid(
      title: file.relativePath, subtitle: caption(answer),
      images: layers.map { layer in
        ImageGrid.Image(isWide ? [] : layer.lines, pixels: layer.image.pixels, width: layer.image.width)
      }, columns: isWide ? 1 : layers.count,
      rowNames: isWide ? layers.map { $0.lines.joined(separator: ", ") } : [],
      key: layers.count > 1 ? ImageGrid.ColorKey(.heat, ends: ("least", "most")) : nil)
  }

  /// What is said, each class with its probability and the threshold that it lies above; then what is not.
  private func caption(_ answer: Predictor.Answer) -> String {
    func named(_ place: Int) -> String {
      let probability = answer.probabilities[place]
      let name = predictor.classNames[place]
      guard let threshold = predictor.thresholds?[place] else { return "\(name) \(percent(probability))" }
      let sign = answer.classes.contains(place) ? ">" : "<"
      // As many digits as tell the two apart.
      let digits = (0...4).first { percent(probability, $0) != percent(threshold, $0) } ?? 4
      return "\(name) \(percent(probability, digits)) \(sign) \(percent(threshold, digits))"
    }
    let others = predictor.classNames.indices.filter { !answer.classes.contains($0) }
    let said = answer.classes.isEmpty ? "nothing" : answer.classes.map(named).joined(separator: ", ")
    return "said: \(said)" + (others.isEmpty ? "" : "; not: " + others.map(named).joined(separator: ", "))
  }

  private mutating func freeName(_ file: URL) -> String {
    let stem = file.deletingPathExtension().lastPathComponent
    drawn[stem, default: 0] += 1
    let number = drawn[stem] ?? 1
    return number == 1 ? stem : "\(stem)-\(number)"
  }
}

/// A share as "12.5 %".
private func percent(_ share: Double, _ digits: Int = 0) -> String {
  String(format: "%.\(digits)f %%", share * 100)
}

extension Tensor {
  /// Sample `number` of [N, ...] alone, [1, ...].
  fileprivate func sample(_ number: Int) -> Tensor {
    let size = shape.elementCount / shape[0]
    return Tensor(
      Array(elements[number * size..<(number + 1) * size]), shape: Shape([1] + Array(shape).dropFirst()))
  }
}
