import Utils

/// What is to be said about a split before anybody believes its scores.
public enum SplitCheck {
  /// How far the share of a class in a part may lie from its share in the whole.
  public static let tolerance = 0.05

  /// A sentence for each class that is nowhere, in fewer images than there are parts, missing in a part, or in a part by
  /// a share that lies more than 0.05 from the whole's; empty for a good split.
  ///
  /// Traps when the parts are not each sample exactly once: `SplitFiles.read` refuses such files.
  public static func warnings(_ split: SplitIndices, targets: MultiLabelTargets, classNames: [String])
    -> [String]
  {
    let all = split.parts.flatMap(\.indices).sorted()
    require(
      all == Array(0..<targets.count), "\(all.count) samples in the parts of a split of \(targets.count)")
    let parts = split.parts.filter { !$0.indices.isEmpty }
    let total = targets.classCounts(of: all)
    let counts = parts.map { targets.classCounts(of: $0.indices) }
    return classNames.indices.flatMap { label -> [String] in
      let name = classNames[label]
      if total[label] == 0 {
        return ["no image shows \(name): it cannot be learnt, and its scores are 0"]
      }
      let empty = parts.indices.filter { counts[$0][label] == 0 }.map { parts[$0].name }
      if !empty.isEmpty {
        let images = total[label] == 1 ? "1 image" : "\(total[label]) images"
        let only = total[label] < parts.count ? "occurs in \(images) only" : "occurs in \(images)"
        return ["\(name) \(only), none in \(empty.joined(separator: " and ")): its scores there say nothing"]
      }
      let share = Double(total[label]) / Double(all.count)
      return parts.indices.compactMap { index in
        let here = Double(counts[index][label]) / Double(parts[index].indices.count)
        guard abs(here - share) > tolerance else { return nil }
        return "\(percent(here)) of \(parts[index].name) show \(name), of all images \(percent(share))"
      }
    }
  }

  private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}
