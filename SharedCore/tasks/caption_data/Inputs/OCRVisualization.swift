import Foundation
import Images
import Utils

/// How the boxes of a video's text are drawn.
public enum OCRVariant: String, CaseIterable, Sendable {
  /// Frames one pixel wide.
  case boundaries
  /// Discs of radius 2 at the middles.
  case centers
  /// The brighter of the two in each pixel.
  case both
  /// Red: frames; green: middles; blue: nearness to a middle.
  case threeChannels = "3d_channels"
}

/// A picture of where a video's text was found, over all its frames: bright where the reader was sure.
///
/// One for a video, in the size of its crop; boxes that lie outside it are left out.
public struct OCRVisualization: Sendable {
  /// A box in pixels of the picture, its far edges included.
  private struct Box {
    let left, top, right, bottom: Int
    let confidence: Double
    var center: (x: Int, y: Int) { (left + (right - left) / 2, top + (bottom - top) / 2) }
  }

  private let width, height: Int
  private let boxes: [Box]
  private let intensities: [UInt8]

  /// The boxes in the crop of `layout`.
  ///
  /// - Parameter scalesConfidence: whether the least sure box is 0 and the surest 255; otherwise a box is 255 times its
  ///   confidence. Where all are equally sure they are 255 times their confidence too, not 0, which would hide them.
  public init(_ boxes: [OCRBox], layout: VideoLayout, scalesConfidence: Bool = true) {
    (width, height) = (layout.crop.width, layout.crop.height)
    let inside = boxes.compactMap { Self.placed($0, layout) }
    self.boxes = inside
    let sure = inside.map(\.confidence)
    let (low, high) = (sure.min() ?? 0, sure.max() ?? 0)
    let scales = scalesConfidence && high > low
    intensities = sure.map { UInt8((scales ? ($0 - low) / (high - low) : $0) * 255) }
  }

  /// Whether there is nothing to draw.
  public var isEmpty: Bool { boxes.isEmpty }

  private static func placed(_ box: OCRBox, _ layout: VideoLayout) -> Box? {
    let (frameWidth, frameHeight) = (Double(layout.frameWidth), Double(layout.frameHeight))
    let (boxWidth, boxHeight) = (Int(box.width * frameWidth), Int(box.height * frameHeight))
    let left = Int(box.x * frameWidth) - layout.crop.left
    // y counts from the bottom to the lower edge.
    let top = Int((1 - box.y) * frameHeight) - boxHeight - layout.crop.top
    guard boxWidth >= 0, boxHeight >= 0, left < layout.crop.width, top < layout.crop.height,
      left + boxWidth >= 0, top + boxHeight >= 0
    else { return nil }
    return Box(
      left: left, top: top, right: left + boxWidth, bottom: top + boxHeight, confidence: box.confidence)
  }

  /// The picture in one of its variants: grey, or with three channels.
  public func picture(_ variant: OCRVariant) -> DecodedImage {
    switch variant {
    case .boundaries: grey(boundaries())
    case .centers: grey(centers())
    case .both: grey(zip(boundaries(), centers()).map { max($0, $1) })
    case .threeChannels:
      DecodedImage(
        width: width, height: height, channels: 3,
        pixels: zip(boundaries(), zip(centers(), nearness())).flatMap { [$0, $1.0, $1.1] })
    }
  }

  private func grey(_ pixels: [UInt8]) -> DecodedImage {
    DecodedImage(width: width, height: height, channels: 1, pixels: pixels)
  }

  /// Later boxes are drawn over earlier ones.
  private func boundaries() -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: width * height)
    for (box, intensity) in zip(boxes, intensities) {
      for x in max(box.left, 0)...max(min(box.right, width - 1), max(box.left, 0)) {
        if 0..<height ~= box.top { pixels[box.top * width + x] = intensity }
        if 0..<height ~= box.bottom { pixels[box.bottom * width + x] = intensity }
      }
      for y in max(box.top, 0)...max(min(box.bottom, height - 1), max(box.top, 0)) {
        if 0..<width ~= box.left { pixels[y * width + box.left] = intensity }
        if 0..<width ~= box.right { pixels[y * width + box.right] = intensity }
      }
    }
    return pixels
  }

  private func centers() -> [UInt8] {
    let radius = 2
    var pixels = [UInt8](repeating: 0, count: width * height)
    for (box, intensity) in zip(boxes, intensities) {
      for dy in -radius...radius {
        for dx in -radius...radius where dx * dx + dy * dy <= radius * radius {
          let (x, y) = (box.center.x + dx, box.center.y + dy)
          if 0..<width ~= x, 0..<height ~= y { pixels[y * width + x] = intensity }
        }
      }
    }
    return pixels
  }

  /// 255 (1 - d / the largest d), d the distance to the nearest middle; black where there is none.
  private func nearness() -> [UInt8] {
    let middles = Set(
      boxes.map(\.center).filter { 0..<width ~= $0.x && 0..<height ~= $0.y }.map { $0.y * width + $0.x })
    guard !middles.isEmpty else { return [UInt8](repeating: 0, count: width * height) }
    let distances = DistanceTransform.squared(to: middles, width: width, height: height).map {
      $0.squareRoot()
    }
    let largest = max(distances.max() ?? 0, 1)
    return distances.map { UInt8(255 * (1 - $0 / largest)) }
  }
}
