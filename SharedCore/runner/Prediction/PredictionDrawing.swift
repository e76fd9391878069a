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

  /// A PNG and an SVG file for each picture, named after it; a second one of the same name gets a number.
  ///
  /// - Parameters:
  ///   - pictures: [C, H, W] each, bytes.
  ///   - inputs: the same as the network sees them, [N, C, H, W].
  mutating func draw(
    _ files: [URL], _ pictures: [[UInt8]], _ inputs: Tensor, _ answers: [Predictor.Answer]
  ) throws {
    let shape = predictor.sampleShape
    let pixels = pictures.map { $0.map { Float($0) / 255 } }
    var layers: [(name: String, images: [ImageGrid.Image])] = []
    if let network = predictor.network as? any ConvolutionalNetwork {
      layers.append(
        (
          "looked at",
          HeatOverlay(gradCAM(network, inputs).heat, scale: .greatest).images(over: pixels, shape)
        ))
    }
    if let network = predictor.network as? any AttendingNetwork {
      layers += withMode(.evaluation) { network.attentionMaps(inputs) }.map { map in
        ("attention, \(map.name)", HeatOverlay(map.places, scale: .one).images(over: pixels, shape))
      }
    }
    for (number, file) in files.enumerated() {
      let picture = ImageGrid.Image([], values: pixels[number], channels: shape[0], width: shape[2])
      let isWide = shape[2] > 3 * shape[1]
      let images = [picture] + layers.map { $0.images[number] }
      let names = ["picture"] + layers.map(\.name)
      let grid = ImageGrid(
        title: file.lastPathComponent, subtitle: caption(answers[number]),
        images: isWide
          ? images
          : zip(images, names).map { image, name in
            ImageGrid.Image([name], pixels: image.pixels, width: image.width)
          }, columns: isWide ? 1 : images.count, rowNames: isWide ? names : [],
        key: layers.isEmpty ? nil : ImageGrid.ColorKey(.heat, 0...1))
      try NamedFigure(freeName(file), grid).write(to: folder)
    }
  }

  private func caption(_ answer: Predictor.Answer) -> String {
    zip(predictor.classNames, answer.probabilities).enumerated().map { place, named in
      let share = "\(named.0) \(Int((named.1 * 100).rounded())) %"
      return answer.classes.contains(place) ? "[\(share)]" : share
    }.joined(separator: "  ")
  }

  private mutating func freeName(_ file: URL) -> String {
    let stem = file.deletingPathExtension().lastPathComponent
    drawn[stem, default: 0] += 1
    let number = drawn[stem] ?? 1
    return number == 1 ? stem : "\(stem)-\(number)"
  }
}
