import CaptionData
import Utils

/// One video's neighbouring captions, and their frames as rows of a network's input, which another thread makes ahead.
///
/// It needs no network: the first rows of a video are made while a network works on another one.
struct VideoQuestions: Sendable {
  let video: VideoInputs
  /// The pairs that are asked about, in the order of the video, and whether unconfirmed ones are among them.
  let neighbours: [VideoInputs.Neighbours]
  let all: Bool
  /// Their rows, some at a time.
  let rows: OrderedPipeline<PairRows>

  /// Questions about `video` for a network of `inputs`, each of `width` numbers; throws a `LabError` where there is none.
  init(_ video: VideoInputs, _ inputs: PairInputs, width: Int, all: Bool, batchSize: Int) throws {
    let pairs = try video.neighbours(all: all)
    (self.video, neighbours, self.all) = (video, pairs, all)
    rows = OrderedPipeline(
      0..<(pairs.count + batchSize - 1) / batchSize, threads: 1, name: "frames"
    ) { number in
      let start = number * batchSize
      return PairRows(pairs[start..<min(start + batchSize, pairs.count)], of: video, inputs, width: width)
    }
  }
}
