import Plotting
import Utils

extension DecisionRegions {
  /// The picture as one program tells another; cells as runs of equal classes: class, count, class, count, ...
  var json: JSONValue {
    var runs: [(label: Int, count: Int)] = []
    for cell in cells {
      if runs.last?.label == cell { runs[runs.count - 1].count += 1 } else { runs.append((cell, 1)) }
    }
    func range(_ range: ClosedRange<Double>) -> JSONValue {
      [.number(range.lowerBound), .number(range.upperBound)]
    }
    return [
      "subtitle": .string(subtitle), "x_label": .string(xLabel), "y_label": .string(yLabel),
      "x_range": range(xRange), "y_range": range(yRange), "width": .integer(Int64(width)),
      "cells": .array(runs.flatMap { [.integer(Int64($0.label)), .integer(Int64($0.count))] }),
      "classes": .array(classNames.map(JSONValue.string)),
      "examples": .array(
        examples.filter { $0.x.isFinite && $0.y.isFinite }.map {
          [.number($0.x), .number($0.y), .integer(Int64($0.label)), .bool($0.isMisclassified)]
        }),
    ]
  }

  /// The picture that `json` told, under another title; nil when it is none.
  public init?(json: JSONValue, title: String) {
    func range(_ key: String) -> ClosedRange<Double>? {
      guard let ends = json[key]?.array?.compactMap(\.double), ends.count == 2, ends[0] < ends[1] else {
        return nil
      }
      return ends[0]...ends[1]
    }
    guard let x = range("x_range"), let y = range("y_range"), let width = json["width"]?.int, width > 0,
      let runs = json["cells"]?.array?.compactMap(\.int), runs.count.isMultiple(of: 2),
      let names = json["classes"]?.array?.compactMap(\.string)
    else { return nil }
    var cells: [Int] = []
    for place in stride(from: 0, to: runs.count, by: 2) {
      guard runs[place] >= 0, (1...1_000_000).contains(runs[place + 1]), cells.count < 1_000_000 else {
        return nil
      }
      cells += [Int](repeating: runs[place], count: runs[place + 1])
    }
    guard !cells.isEmpty, cells.count.isMultiple(of: width) else { return nil }
    let examples = (json["examples"]?.array ?? []).compactMap { example -> Example? in
      guard let parts = example.array, parts.count == 4, let x = parts[0].double, let y = parts[1].double,
        let label = parts[2].int, label >= 0
      else { return nil }
      return Example(x: x, y: y, label: label, isMisclassified: parts[3].bool ?? false)
    }
    self.init(
      title: title, subtitle: json["subtitle"]?.string ?? "", xLabel: json["x_label"]?.string ?? "x1",
      yLabel: json["y_label"]?.string ?? "x2", xRange: x, yRange: y, cells: cells, width: width,
      classNames: names, examples: examples)
  }
}
