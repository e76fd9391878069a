import Foundation
import Images
import TestSupport
import Testing
import Utils

@testable import CaptionData

@Suite struct SyntheticVideoTests {
  @Test func dependsOnSeedAndNumberAlone() throws {
    let one = try SyntheticVideo(number: 3, seed: 7, segments: 6)
    let again = try SyntheticVideo(number: 3, seed: 7, segments: 6)
    #expect(one.segments == again.segments && one.style == again.style && one.boxes() == again.boxes())
    #expect(one.frame(20) == again.frame(20) && one.hash == again.hash)
    let others = [
      try SyntheticVideo(number: 4, seed: 7, segments: 6),
      try SyntheticVideo(number: 3, seed: 8, segments: 6),
    ]
    for other in others { #expect(other.segments != one.segments && other.hash != one.hash) }
  }

  @Test func segmentsFollowOneAnotherAndHaveTextsInTurn() throws {
    for number in 0..<20 {
      let video = try SyntheticVideo(number: number, seed: 1, segments: 30)
      #expect(video.segments.count { $0.state == .confirmed } == 30)
      #expect(video.segments.first?.start == 0 && video.segments.last?.state == .predicted)
      for (one, next) in zip(video.segments, video.segments.dropFirst()) {
        #expect(next.start == one.end + 1)
      }
      let confirmed = video.segments.filter { $0.state == .confirmed }
      for (one, next) in zip(confirmed, confirmed.dropFirst()) where one.hasText == true {
        #expect(next.text != one.text)
      }
    }
  }

  /// The pixels that letters cover have their colour, and a caption's frame differs from the same without one nowhere else.
  @Test func captionsAreDrawnWhereTheirTextIs() throws {
    let video = try SyntheticVideo(number: 0, seed: 5, segments: 10)
    let segment = try #require(video.segments.first { $0.hasText == true })
    let text = try #require(video.text(of: segment))
    let (with, without) = (video.frame(segment.start), video.picture(segment.start, text: nil))
    for place in text.outline.indices {
      let pixel = Array(with.pixels[3 * place..<3 * place + 3])
      if text.letters[place] == 255 { #expect(pixel == video.style.color) }
      if text.outline[place] == 0 { #expect(pixel == Array(without.pixels[3 * place..<3 * place + 3])) }
    }
    #expect(text.letters.count { $0 == 255 } > 100)
  }

  /// Letters begin at the anchor, and boxes lie around them.
  @Test(arguments: CaptionAnchor.allCases) func anchorsAndBoxes(anchor: CaptionAnchor) throws {
    var random = RandomStream(seed: 9)
    var style = CaptionStyle(using: &random)
    (style.anchor, style.stretch, style.outline) = (anchor, 1, 0)
    let text = try CaptionText("Stay here", style: style, width: 600, height: 60)
    let columns = (0..<600).filter { x in (0..<60).contains { text.letters[$0 * 600 + x] > 128 } }
    let (left, right) = (try #require(columns.first), 599 - (try #require(columns.last)))
    switch anchor {
    case .left: #expect(left < 24 && right > 200)
    case .center: #expect(abs(left - right) < 12)
    case .right: #expect(right < 24 && left > 200)
    }
    #expect(text.boxes.map(\.character) == Array("Stayhere"))
    let inBoxes = text.letters.indices.filter { place in
      let (x, y) = (Double(place % 600), Double(place / 600))
      return text.boxes.contains { box in
        box.x - 1 <= x && x <= box.x + box.width + 1 && box.y - 1 <= y && y <= box.y + box.height + 1
      }
    }
    let bright = text.letters.indices.filter { text.letters[$0] > 128 }
    #expect(Set(bright).subtracting(inBoxes).isEmpty)
  }

  @Test func longTextsAreMadeNarrowerNotCut() throws {
    var random = RandomStream(seed: 9)
    let text = try CaptionText(
      String(repeating: "wide words ", count: 12), style: CaptionStyle(using: &random), width: 300, height: 50
    )
    for row in 0..<50 { #expect(text.outline[row * 300] == 0 && text.outline[row * 300 + 299] == 0) }
  }

  @Test func backgroundsMoveAndScenesChange() throws {
    let background = MovingBackground(width: 64, height: 32, frames: 200, seed: 3)
    func difference(_ a: Int, _ b: Int) -> Int {
      zip(background.frame(a), background.frame(b)).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    let steps = (0..<199).map { difference($0, $0 + 1) }
    #expect(steps.allSatisfy { $0 > 0 })
    let sorted = steps.sorted()
    // Three to thirteen scenes in 200 frames.
    #expect(3...13 ~= steps.count { $0 > 3 * sorted[100] })
  }

  @Test func impossibleNumbersAreRefused() {
    expectLabError(mentioning: "1 captions", "2 to 100,000") {
      try SyntheticVideo(number: 0, seed: 1, segments: 1)
    }
    expectLabError(mentioning: "0 videos", exitCode: 2) { try SyntheticVideoFolder(count: 0) }
  }
}
