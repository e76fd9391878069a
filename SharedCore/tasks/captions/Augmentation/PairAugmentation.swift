import DataUtils
import Engine
import Utils

/// Changes both frames of a pair in the same way; the drawing of the boxes, place and font stay as they are.
///
/// Frames differ as much as before, so that what a pair is called stays true.
struct PairAugmentation: Augmentation {
  private let name: String
  private let steps: [any Augmentation]
  private let layout: InputLayout

  /// The strategy called `name` for rows of `layout`; nil where it changes nothing. Throws a `LabError` for an unknown name, with
  /// the nearest.
  init?(named name: String, for layout: InputLayout) throws {
    steps = try CaptionAugmentationRegistry.captions.get(name).steps
    guard !steps.isEmpty else { return nil }
    (self.name, self.layout) = (name, layout)
  }

  /// The strategy and its changes.
  var json: JSONValue { ["kind": .string(name), "steps": .array(steps.map(\.json))] }

  /// A row of one channel; throws unless it is one of the layout's.
  func size(of shape: Shape) throws -> ImageSize {
    guard shape == [layout.width] else {
      throw LabError(
        .config, "\(name) changes pairs of frames, and these samples have the shape \(shape)",
        remedy: "leave the augmentation out")
    }
    return ImageSize(channels: 1, height: 1, width: layout.width)
  }

  /// Changes the frames of one row, which are normalised as ImageNet's pictures.
  func apply(to row: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    let beginning = random
    for name in ["frame1", "frame2"] {
      guard let place = layout.range(of: name),
        let size = layout.parts.first(where: { $0.name == name }).flatMap({ ImageSize($0.shape) })
      else { trap("a pair without a picture \(name)") }
      random = beginning  // the same draws for both
      row.withUnsafeMutableBufferPointer { numbers in
        let pixels = UnsafeMutableBufferPointer(rebasing: numbers[place])
        Self.scale(pixels, size) { value, mean, deviation in value * deviation + mean }
        var image = pixels.mutableSpan
        for step in steps { step.apply(to: &image, size: size, using: &random) }
        Self.scale(pixels, size) { value, mean, deviation in (value - mean) / deviation }
      }
    }
  }

  /// Between numbers from 0 to 1 and those of a network's input.
  private static func scale(
    _ pixels: UnsafeMutableBufferPointer<Float>, _ size: ImageSize, _ change: (Float, Float, Float) -> Float
  ) {
    let scale = Normalization.imageNet
    for channel in 0..<size.channels {
      for place in channel * size.area..<(channel + 1) * size.area {
        pixels[place] = change(pixels[place], scale.means[channel], scale.deviations[channel])
      }
    }
  }

  static func == (one: PairAugmentation, other: PairAugmentation) -> Bool {
    one.json == other.json && one.layout == other.layout
  }
}
