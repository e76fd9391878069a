import Images
import Utils

/// Made-up captions whose font and anchor are asked for, or whether there is one at all: what a backbone learns first.
public enum PretextPicture {
  /// What the classes are called: 12 fonts, each at 3 anchors, and no caption.
  public static let classNames =
    (0..<CaptionStyle.fontCount).flatMap { font in
      CaptionAnchor.allCases.map { "font_\(font)_\($0.rawValue)" }
    }
    + ["empty"]

  /// The class of picture `number`: every eighth is empty.
  public static func label(_ number: Int, seed: UInt64) -> Int {
    guard number % 8 != 7 else { return classNames.count - 1 }
    let style = style(number, seed)
    return style.fontIndex * 3 + (CaptionAnchor.allCases.firstIndex(of: style.anchor) ?? 0)
  }

  private static func style(_ number: Int, _ seed: UInt64) -> CaptionStyle {
    var random = RandomStream(seed: seed, purpose: "video", number: number)
    return CaptionStyle(using: &random)
  }

  /// Picture `number`, red, green and blue, and the side on which its caption begins.
  public static func picture(_ number: Int, seed: UInt64) throws -> (DecodedImage, CaptionAnchor) {
    let video = try SyntheticVideo(number: number, seed: seed, segments: 3)
    let segment = video.segments.first { $0.hasText == true }
    let index = segment?.start ?? 0
    let text = number % 8 == 7 ? nil : segment.flatMap(video.text)
    return (video.picture(index, text: text), video.style.anchor)
  }
}
