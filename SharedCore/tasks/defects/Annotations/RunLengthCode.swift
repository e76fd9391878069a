import DataUtils
import Utils

/// Pixels as Kaggle's tables write them: "start length start length ...", counted from 1 down each column, one column
/// after the other.
enum RunLengthCode {
  /// Sets the pixels that `text` names to `value` in `map`, [H * W] row-major; in order, without overlap, inside the image.
  static func paste(_ text: String, into map: inout [UInt8], height: Int, width: Int, value: UInt8)
    throws(Fault)
  {
    let words = text.split(separator: " ")
    guard !words.isEmpty, words.count % 2 == 0 else {
      throw Fault("the run lengths are no pairs of start and length")
    }
    var runs: [Range<Int>] = []
    for pair in stride(from: 0, to: words.count, by: 2) {
      guard let start = Int(words[pair]), let length = Int(words[pair + 1]) else {
        throw Fault("the run \("\(words[pair]) \(words[pair + 1])".quoted) is no pair of whole numbers")
      }
      guard start > 0, length > 0, start <= height * width, length <= height * width - start + 1 else {
        throw Fault("the run \(start) \(length) leaves its image of \(height) x \(width)")
      }
      guard start > runs.last?.upperBound ?? 0 else {
        throw Fault("the run \(start) \(length) lies before the last")
      }
      runs.append(start - 1..<start - 1 + length)
    }
    for place in runs.joined() { map[place % height * width + place / height] = value }
  }

  /// The pixels of class `label` in `mask`; empty where there is none.
  static func text(_ mask: RegionMask, label: Int) -> String {
    let map = mask.map
    var words: [String] = []
    var start: Int?
    for place in 0...map.count {
      let isSet =
        place < map.count && map[place % mask.height * mask.width + place / mask.height] == UInt8(label + 1)
      if isSet, start == nil { start = place }
      if !isSet, let first = start {
        words += ["\(first + 1)", "\(place - first)"]
        start = nil
      }
    }
    return words.joined(separator: " ")
  }
}
