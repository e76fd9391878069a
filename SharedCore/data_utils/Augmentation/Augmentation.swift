import Engine
import Utils

/// A change made to a training image each time it is drawn, so that no two epochs show quite the same picture.
///
/// A value that an experiment's row declares. It works on the numbers before normalisation, in place, and draws from
/// the stream it is given: seed, epoch and sample alone decide what happens, never the threads of the loader.
public protocol Augmentation: Equatable, Sendable {
  /// Kind and parameters, as a run records them: `{"kind": "random_crop", "padding": 4}`.
  var json: JSONValue { get }

  /// How many channels an image must have; nil for any number.
  var channels: Int? { get }

  /// The size of samples of `shape`; throws a `LabError` unless they are images that it can change.
  func size(of shape: Shape) throws -> ImageSize

  /// Changes one image [C, H, W] in place.
  func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream)
}

extension Augmentation {
  /// Any number of channels.
  public var channels: Int? { nil }

  /// The same change in the form in which a `Loader` takes it; throws on samples that it cannot change.
  public var transform: SampleTransform {
    { sample, shape, random in apply(to: &sample, size: try size(of: shape), using: &random) }
  }

  /// The size of images [C, H, W] with as many channels as it needs.
  public func size(of shape: Shape) throws -> ImageSize {
    let name = json["kind"]?.string ?? "this augmentation"
    guard let size = ImageSize(shape) else {
      throw LabError(
        .config, "\(name) changes images, and these samples have the shape \(shape)",
        remedy: "leave the augmentation out")
    }
    guard channels ?? size.channels == size.channels else {
      throw LabError(
        .config,
        "\(name) changes colours, and these images have \(size.channels) channel\(size.channels == 1 ? "" : "s")",
        remedy: "leave the augmentation out, or choose images with red, green and blue")
    }
    return size
  }
}

/// The size of an image whose numbers lie by channel, row and column.
public struct ImageSize: Equatable, Sendable {
  /// Channels, rows and columns, each at least 1.
  public let channels, height, width: Int

  /// Images of this size.
  public init(channels: Int, height: Int, width: Int) {
    require(min(channels, height, width) >= 1, "an image of \(channels) x \(height) x \(width)")
    (self.channels, self.height, self.width) = (channels, height, width)
  }

  /// The size of images of `shape` [C, H, W]; nil for another shape.
  public init?(_ shape: Shape) {
    guard shape.count == 3, shape.elementCount > 0 else { return nil }
    (channels, height, width) = (shape[0], shape[1], shape[2])
  }

  /// How many pixels a channel has.
  public var area: Int { height * width }
}
