import DataUtils
import Foundation
import Images
import Testing
import Utils

@testable import Defects

/// The bitmap of a picture as Supervisely packs it.
func bitmap(_ picture: DecodedImage, x: Int = 0, y: Int = 0) -> JSONValue {
  bitmap(ZlibBytes.packed(picture.encodedPNG()), x: x, y: y)
}

/// A bitmap of these packed bytes.
func bitmap(_ packed: [UInt8], x: Int = 0, y: Int = 0) -> JSONValue {
  [
    "data": .string(Data(packed).base64EncodedString()),
    "origin": [.integer(Int64(x)), .integer(Int64(y))],
  ]
}

@Suite struct MaskBitmapTests {
  private func pasted(_ json: JSONValue, height: Int = 3, width: Int = 5) throws -> [UInt8] {
    var map = [UInt8](repeating: 0, count: height * width)
    try MaskBitmap(json: json).paste(into: &map, height: height, width: width, value: 2)
    return map
  }

  private func fault(_ json: JSONValue) -> String {
    do {
      _ = try pasted(json)
      return "none"
    } catch {
      return (error as? Fault)?.reason ?? "\(error)"
    }
  }

  @Test func aMaskIsPastedAtItsOrigin() throws {
    let grey = DecodedImage(width: 2, height: 2, channels: 1, pixels: [9, 0, 255, 1])
    #expect(try pasted(bitmap(grey, x: 3, y: 1)) == [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 2])
  }

  @Test func opacityDecidesWhereThereIsAny() throws {
    let colours = DecodedImage(width: 2, height: 1, channels: 3, pixels: [0, 0, 7, 0, 0, 0])
    #expect(try pasted(bitmap(colours)).prefix(2) == [2, 0])
    let opaque = DecodedImage(width: 2, height: 1, channels: 4, pixels: [0, 0, 0, 255, 255, 255, 255, 0])
    #expect(try pasted(bitmap(opaque)).prefix(2) == [2, 0])
  }

  @Test func theMaskOfAnotherProgramIsRead() throws {
    // Written with Pillow as Supervisely's own library does it: two palette colours, the first transparent.
    let data =
      "eJzrDPBz5+WS4mJgYOD19HAJAtLMQMzECCKX7/oSCaTYAnxCXIH0////l96cfxfIYiwJ8gtmcHh2Iw3I4fF0cQypmJNckFABlFnC"
      + "qOgb3swIFGfwdPVzWeeU0AQAgZwZYQ=="
    let map = try pasted(["data": .string(data), "origin": [1, 1]])
    #expect(map == [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 2, 2, 0])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let drawn = mask(".....", ".22..", "..222")
    let small = MaskBitmap(drawn)
    #expect(small.x == 1 && small.y == 1)
    #expect(try pasted(small.json) == drawn.map.map { $0 > 0 ? 2 : 0 })
  }

  @Test func everyFaultHasItsReason() {
    let fine = DecodedImage(width: 2, height: 1, channels: 1, pixels: [1, 1])
    #expect(fault(["data": "####", "origin": [0, 0]]) == "the base64 text of a mask is damaged")
    #expect(fault(["data": "AAAA"]) == "a bitmap has no origin [x, y]")
    #expect(fault(["origin": [0, 0]]) == "a bitmap has no data")
    #expect(fault(bitmap([1, 2, 3])) == "the packed mask is damaged or cut off")
    let packed = ZlibBytes.packed(fine.encodedPNG())
    #expect(fault(bitmap(packed.dropLast(3))) == "the packed mask is damaged or cut off")
    #expect(fault(bitmap(packed + [0])) == "the packed mask has something after its end")
    #expect(fault(bitmap(ZlibBytes.packed([1, 2, 3]))).contains("neither PNG nor JPEG"))
    for (x, y) in [(4, 0), (-1, 0), (0, 3), (.max, 0)] {
      #expect(fault(bitmap(fine, x: x, y: y)) == "a mask of 1 x 2 at (\(x), \(y)) leaves its image of 3 x 5")
    }
    let large = DecodedImage(width: 6, height: 1, channels: 1, pixels: [UInt8](repeating: 1, count: 6))
    #expect(fault(bitmap(large)) == "a mask of 1 x 6 at (0, 0) leaves its image of 3 x 5")
  }

  @Test func aBombIsRefusedBeforeItUnpacks() {
    let bomb = ZlibBytes.packed([UInt8](repeating: 0, count: 50_000_000))
    #expect(bomb.count < 100_000)
    let clock = ContinuousClock.now
    #expect(fault(bitmap(bomb)).hasPrefix("the packed mask unpacks to more than"))
    #expect(ContinuousClock.now - clock < .seconds(1))
  }
}
