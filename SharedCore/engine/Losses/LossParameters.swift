import Utils

/// The parameters that a loss of the registry is made with, read strictly.
public struct LossParameters: Sendable {
  /// What the loss is called in a sentence.
  let loss: String
  let values: [String: JSONValue]
  let data: LossData?

  /// A number of `range`; nil where it is not given, or null.
  public func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let value = values[key], value != .null else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw unusable(key, "a number of \(range)")
    }
    return number
  }

  /// A number for each class, or one for all; nil where it is not given, or null.
  public func numbers(_ key: String, in range: ClosedRange<Double>) throws -> [Double]? {
    guard let value = values[key], value != .null else { return nil }
    let numbers = value.array?.map(\.double) ?? [value.double]
    guard !numbers.isEmpty, numbers.allSatisfy({ $0.map(range.contains) ?? false }) else {
      throw unusable(key, "a number of \(range), or a list of such numbers")
    }
    if let classes = data?.training.positives.count, numbers.count != 1, numbers.count != classes {
      throw LabError(
        .config, "\(loss) has \(numbers.count) numbers in \(key), and there are \(classes) classes",
        remedy: "give one for each class")
    }
    return numbers.compactMap(\.self)
  }

  /// True or false; nil where it is not given, or null.
  public func flag(_ key: String) throws -> Bool? {
    guard let value = values[key], value != .null else { return nil }
    guard let flag = value.bool else { throw unusable(key, "true or false") }
    return flag
  }

  /// What becomes of the single losses: their mean, unless `reduction` says otherwise.
  public func reduction() throws -> LossReduction {
    guard let value = values["reduction"], value != .null else { return .mean }
    guard let word = value.string, let reduction = LossReduction(rawValue: word), reduction != .batchMean
    else { throw unusable("reduction", "mean, sum or none") }
    return reduction
  }

  /// The weights of targets of 1, one for each class or one for all; nil for none.
  ///
  /// `dynamic` computes them from the classes of the training part, `first_batch` from those of the first batch, both by
  /// `ClassCounts.inverseShares`, and `effective_number`, or `dynamic` with `use_effective_num`, by `effectiveWeights`.
  func alpha() throws -> [Double]? {
    guard let word = values["alpha"]?.string else { return try numbers("alpha", in: 0...1) }
    if word == "none" { return nil }
    guard ["dynamic", "first_batch", "effective_number"].contains(word) else {
      throw unusable("alpha", "a number, a list, dynamic, first_batch, effective_number or null")
    }
    guard let data else {
      throw LabError(
        .config, "\(loss) with alpha \(word) needs the classes of the data", remedy: "give alpha as numbers")
    }
    let isEffective =
      try word == "effective_number" || (word == "dynamic" && flag("use_effective_num") == true)
    if isEffective {
      return data.training.effectiveWeights(beta: try number("beta", in: 0...0.999_999_9) ?? 0.9999)
    }
    return try word == "dynamic" ? data.training.inverseShares : data.firstBatch().inverseShares
  }

  /// [K] of `numbers`, or a scalar of one; traps where there are as many neither as one nor as classes.
  func row(_ numbers: [Double]?, like outputs: Tensor) -> Tensor? {
    numbers.map { numbers in
      require(
        numbers.count == 1 || numbers.count == outputs.shape.last,
        "\(loss): \(numbers.count) numbers for outputs \(outputs.shape)")
      let row = numbers.map { Float($0) }
      return row.count == 1 ? Tensor(row[0]) : Tensor(row, shape: [row.count])
    }
  }

  private func unusable(_ key: String, _ wanted: String) -> LabError {
    LabError(
      .config, "\(loss) has the \(key) \(values[key]?.text() ?? "missing")", remedy: "give \(wanted)")
  }
}
