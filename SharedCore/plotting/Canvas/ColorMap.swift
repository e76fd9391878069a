/// A colour for every number.
public enum ColorMap: Sendable {
  /// For weights from -1 to 1: white at 0, blue below, orange-brown above, both equally dark at the ends.
  ///
  /// Sign is told by hue and size by darkness, so a grey print still shows how large each weight is; a map from
  /// black over grey to white would make the weights that matter least the most alike to one sign. Blue and orange
  /// stay apart with any colour blindness.
  case diverging
  /// For shares from 0 to 1: white to dark blue, ever darker.
  case sequential
  /// For shares from 0 to 1 that lie over a picture or beside one: black over purple and orange to light yellow, ever
  /// lighter. The stops are those of matplotlib's inferno (Smith and van der Walt, 2015).
  case heat

  /// The colour of `value`, which is clamped to the map's range; grey for a value that is not a number.
  public func callAsFunction(_ value: Double) -> Color {
    guard !value.isNaN else { return .gray(0.75) }
    let share = min(max(self == .diverging ? abs(value) : value, 0), 1)
    let stops =
      self == .heat ? ColorMap.flames : self == .diverging && value > 0 ? ColorMap.oranges : ColorMap.blues
    let place = share * Double(stops.count - 1)
    let below = min(Int(place), stops.count - 2)
    return stops[below].mixed(with: stops[below + 1], place - Double(below))
  }

  /// Stops of equal lightness (100, 66, 32) on both sides.
  private static let blues = [Color.white, Color(0x66A3D9), Color(0x0F4C81)]
  private static let flames = [
    Color(0x000004), Color(0x420A68), Color(0x932667), Color(0xDD513A), Color(0xFCA50A), Color(0xFCFFA4),
  ]
  private static let oranges = [Color.white, Color(0xE08E45), Color(0x8A2F0B)]
}
