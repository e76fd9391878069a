import Utils

/// What is wrong with a file of weights, in words that follow its name: "ends inside its header".
struct WeightsDefect: Error {
  let description: String
  let remedy: String

  init(_ description: String, remedy: String = "copy or download the file again, or use another one") {
    self.description = description
    self.remedy = remedy
  }

  /// The sentence about the file called `path`.
  func error(_ path: String) -> LabError { LabError(.checkpoint, "\(path) \(description)", remedy: remedy) }
}
