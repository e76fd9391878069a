import CaptionData
import Engine
import Utils

/// Some pairs of one video as rows of a network's input: frames read, decoded, fitted, normalised.
///
/// It is made without the network, so that another thread can do it meanwhile.
struct PairRows: Sendable {
  /// What became of each pair: its row, or why it cannot be read.
  let results: [Result<Int, LabError>]
  /// [N, F], the pairs that could be read; nil where none could.
  let tensor: Tensor?

  /// The rows of `pairs` of `video` for a network of `inputs`, each of `width` numbers.
  init(_ pairs: ArraySlice<VideoInputs.Neighbours>, of video: VideoInputs, _ inputs: PairInputs, width: Int) {
    var (frames, results): ([[[UInt8]]], [Result<Int, LabError>]) = ([], [])
    for pair in pairs {
      do {
        frames.append([try video.frame(pair.first), try video.frame(pair.second)])
        results.append(.success(frames.count - 1))
      } catch {
        results.append(
          .failure(error as? LabError ?? LabError(.data, "\(error)", remedy: "cut the frame again")))
      }
    }
    self.results = results
    tensor =
      frames.isEmpty
      ? nil
      : Tensor(shape: [frames.count, width]) { numbers in
        for (n, pair) in frames.enumerated() {
          inputs.write(
            [video.visualization] + pair, video.spatial, video.font, to: &numbers, from: n * width)
        }
      }
  }
}
