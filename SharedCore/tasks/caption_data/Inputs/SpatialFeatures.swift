/// Where the captions of a video lie, as six numbers; the same in training and in use.
public enum SpatialFeatures {
  /// How many there are.
  public static let count = 6

  /// 1 for the anchor among left, center and right and 0 for the others; the middle of the crop across and down and its
  /// width, in shares of the frame.
  ///
  /// Of a video without a layout: center, 0.5, 0.9 and 0.5.
  public static func values(_ layout: VideoLayout?) -> [Float] {
    let anchor = CaptionAnchor.allCases.map { Float($0 == layout?.anchor ?? .center ? 1 : 0) }
    guard let layout else { return anchor + [0.5, 0.9, 0.5] }
    let (width, height) = (Float(layout.frameWidth), Float(layout.frameHeight))
    return anchor + [
      Float(layout.crop.left + layout.crop.right) / 2 / width,
      Float(layout.crop.top + layout.crop.bottom) / 2 / height, Float(layout.crop.width) / width,
    ]
  }
}
