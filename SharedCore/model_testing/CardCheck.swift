import DataUtils
import Foundation
import Runner
import Utils

/// Compares a model's `card.yaml` with its program, for the tests of a model package.
public struct CardCheck {
  /// Where they differ, a sentence each; empty when all is well.
  public let problems: [String]
  /// The data set of the card's main experiment is not on this machine, so that its network was not built.
  public let isSkipped: Bool

  /// Reads and checks the card of `catalog` in the workspace that holds the current folder.
  ///
  /// - Parameter dataRoot: where downloaded data sets lie; nil for the folder that `train` would take.
  public init(of catalog: ModelCatalog, dataRoot: String? = nil) throws {
    let package = try Workspace().root.appending(path: "models/\(catalog.folder)")
    do {
      let card = try ModelCard(contentsOf: package.appending(path: "card.yaml"))
      problems = try card.differences(from: catalog, data: DataFolder(dataRoot))
      isSkipped = false
    } catch let error as LabError where error.kind == .data && error.remedy.contains("lab data fetch") {
      (problems, isSkipped) = ([], true)
    }
  }
}
