import Foundation

/// An opaque sRGB colour; components from 0 to 1.
public struct Color: Equatable, Sendable {
  /// The red component.
  public var red: Double
  /// The green component.
  public var green: Double
  /// The blue component.
  public var blue: Double

  /// A colour from its components, each 0 to 1.
  public init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour written as in a style sheet: `Color(0x0072B2)`.
  public init(_ hex: UInt32) {
    self.init(
      red: Double(hex >> 16 & 255) / 255, green: Double(hex >> 8 & 255) / 255, blue: Double(hex & 255) / 255)
  }

  /// A grey from 0 (black) to 1 (white).
  public static func gray(_ level: Double) -> Color { Color(red: level, green: level, blue: level) }

  /// Black: text and frames.
  public static let black = Color(0x1A1A1A)
  /// White: paper.
  public static let white = Color(0xFFFFFF)

  /// This colour with a `share` (0 to 1) of `other` in it.
  public func mixed(with other: Color, _ share: Double) -> Color {
    Color(
      red: red + (other.red - red) * share, green: green + (other.green - green) * share,
      blue: blue + (other.blue - blue) * share)
  }

  /// CIE L* from 0 (black) to 100 (white): how light the colour is when it is printed in grey.
  public var lightness: Double {
    func linear(_ c: Double) -> Double { c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4) }
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    return luminance > 0.008856 ? 116 * cbrt(luminance) - 16 : 903.3 * luminance
  }

  /// This colour mixed with white until its lightness is `target` (its own lightness if that is already higher).
  public func tint(lightness target: Double) -> Color {
    var low = 0.0
    var high = 1.0
    for _ in 0..<20 {
      let middle = (low + high) / 2
      if mixed(with: .white, middle).lightness < target { low = middle } else { high = middle }
    }
    return mixed(with: .white, high)
  }

  /// White on a dark colour, black on a light one.
  public var readableInk: Color { lightness < 60 ? .white : .black }

  /// The colour as cairo stores it: 0xFFRRGGBB.
  var pixel: UInt32 {
    func byte(_ c: Double) -> UInt32 { UInt32((min(max(c, 0), 1) * 255).rounded()) }
    return 0xFF00_0000 | byte(red) << 16 | byte(green) << 8 | byte(blue)
  }
}

/// The colours of series and classes.
public enum Palette {
  /// Eight colours that stay apart with any colour blindness and in grey.
  ///
  /// Hues after Okabe and Ito, "Color Universal Design", 2008, and Tol, "Colour Schemes", 2021; moved so that the
  /// lightnesses are about 29, 71, 50, 80, 9, 58, 39 and 21: neighbours in the list differ by 20 or more.
  public static let colors: [Color] = [
    Color(0x004488), Color(0xE69F00), Color(0xBB5566), Color(0x88CCEE),
    Color(0x1A1A1A), Color(0x009E73), Color(0x8A3F8F), Color(0x661100),
  ]

  /// The colour of series or class number `index`, counted round from the ninth.
  public static func color(_ index: Int) -> Color { colors[index % colors.count] }

  /// The light colour of the region that belongs to class number `index`; neighbours differ in lightness.
  public static func tint(_ index: Int) -> Color {
    let lightness: [Double] = [78, 93, 85, 97, 74, 89, 81, 70]
    return color(index).tint(lightness: lightness[index % lightness.count])
  }
}
