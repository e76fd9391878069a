import Utils

/// Changes brightness, contrast, saturation and hue by random amounts, in random order, as torchvision's `ColorJitter`.
///
/// The first three are factors from max(0, 1 - amount) to 1 + amount, hue a turn of the colour circle by up to its
/// amount to either side. Pixels are red, green and blue from 0 to 1 and stay there.
public struct ColorJitter: Augmentation {
  /// How far the factors may lie from 1, at least 0, and the hue from what it is, 0 to 0.5 of the colour circle.
  public let brightness, contrast, saturation, hue: Double

  /// A jitter by these amounts.
  public init(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0) {
    require(min(brightness, contrast, saturation) >= 0, "a colour jitter is not negative")
    require(0...0.5 ~= hue, "a hue is turned by up to 0 to 0.5 of the colour circle, not \(hue)")
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
  }

  /// Kind and parameters.
  public var json: JSONValue {
    [
      "kind": "color_jitter", "brightness": .number(brightness), "contrast": .number(contrast),
      "saturation": .number(saturation), "hue": .number(hue),
    ]
  }

  /// Three, red, green, blue, where colours change; any where only brightness and contrast do.
  public var channels: Int? { saturation > 0 || hue > 0 ? 3 : nil }

  /// Changes one image [C, H, W] in place.
  public func apply(to image: inout MutableSpan<Float>, size: ImageSize, using random: inout RandomStream) {
    let amounts = [brightness, contrast, saturation]
    for change in random.permutation(of: 4) {
      guard change < 3 else {
        if hue > 0 { turnHue(of: &image, by: Float(random.uniform(in: -hue..<hue))) }
        continue
      }
      guard amounts[change] > 0 else { continue }
      let lowest = max(0, 1 - amounts[change])
      let factor = Float(random.uniform(in: lowest..<1 + amounts[change]))
      switch change {
      case 0: changeBrightness(of: &image, by: factor)
      case 1: changeContrast(of: &image, by: factor, channels: size.channels == 3 ? 3 : 1)
      default: changeSaturation(of: &image, by: factor)
      }
    }
  }
}

/// The brightness that an eye sees in a colour (ITU-R 601-2, as torchvision and Pillow round it).
private func luma(_ red: Float, _ green: Float, _ blue: Float) -> Float {
  0.2989 * red + 0.587 * green + 0.114 * blue
}

/// `color` where the factor is 1, `other` where it is 0, further away from `other` above 1; kept from 0 to 1.
private func blend(_ color: Float, _ other: Float, _ factor: Float) -> Float {
  min(max(factor * color + (1 - factor) * other, 0), 1)
}

/// Blends with black.
func changeBrightness(of image: inout MutableSpan<Float>, by factor: Float) {
  image.withUnsafeMutableBufferPointer { pixels in
    for position in pixels.indices { pixels[position] = blend(pixels[position], 0, factor) }
  }
}

/// Blends with the mean brightness of the image, [3, H, W], or [1, H, W] where it is grey.
func changeContrast(of image: inout MutableSpan<Float>, by factor: Float, channels: Int = 3) {
  let area = image.count / channels
  image.withUnsafeMutableBufferPointer { pixels in
    var sum = 0.0
    for position in 0..<area {
      sum += Double(
        channels == 3
          ? luma(pixels[position], pixels[area + position], pixels[2 * area + position]) : pixels[position])
    }
    let mean = Float(sum / Double(area))
    for position in pixels.indices { pixels[position] = blend(pixels[position], mean, factor) }
  }
}

/// Blends each pixel of the image [3, H, W] with its own brightness.
func changeSaturation(of image: inout MutableSpan<Float>, by factor: Float) {
  let area = image.count / 3
  image.withUnsafeMutableBufferPointer { pixels in
    for red in 0..<area {
      let (green, blue) = (red + area, red + 2 * area)
      let grey = luma(pixels[red], pixels[green], pixels[blue])
      for channel in [red, green, blue] { pixels[channel] = blend(pixels[channel], grey, factor) }
    }
  }
}

/// Turns the hue of each pixel of the image [3, H, W] by a share of the colour circle (hue, saturation, value).
func turnHue(of image: inout MutableSpan<Float>, by turn: Float) {
  let area = image.count / 3
  image.withUnsafeMutableBufferPointer { pixels in
    for position in 0..<area {
      let (red, green, blue) = (pixels[position], pixels[area + position], pixels[2 * area + position])
      let (highest, lowest) = (max(red, green, blue), min(red, green, blue))
      let range = highest - lowest
      if range == 0 { continue }  // grey has no hue
      // The circle has six sixths, from red over green and blue to red.
      let sixth: Float =
        if highest == red { (green - blue) / range } else if highest == green {
          (blue - red) / range + 2
        } else { (red - green) / range + 4 }
      let turned = sixth / 6 + turn + 1
      let hue = (turned - turned.rounded(.down)) * 6
      // A channel is high for two sixths to either side of its own place, and falls and rises within one.
      func channel(_ place: Float) -> Float {
        let distance = min(abs(hue - place), 6 - abs(hue - place))
        return lowest + range * min(max(2 - distance, 0), 1)
      }
      pixels[position] = channel(0)
      pixels[area + position] = channel(2)
      pixels[2 * area + position] = channel(4)
    }
  }
}
