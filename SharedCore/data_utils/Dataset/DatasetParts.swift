import Engine
import Utils

extension Dataset {
  /// The samples at `indices`, in that order.
  public func subset(_ indices: [Int]) -> Dataset {
    let width = sampleShape.elementCount
    func gathered<Number>(_ values: [Number]) -> [Number] {
      [Number](unsafeUninitializedCapacity: indices.count * width) { buffer, filled in
        for index in indices {
          require(index >= 0 && index < count, "\(name) has no sample \(index), only 0..<\(count)")
          let sample = values[index * width..<(index + 1) * width]
          _ = UnsafeMutableBufferPointer(rebasing: buffer[filled...]).initialize(fromContentsOf: sample)
          filled += width
        }
      }
    }
    let picked: Features =
      switch features {
      case .floats(let values): .floats(gathered(values))
      case .bytes(let values, let maximum): .bytes(gathered(values), maximum: maximum)
      case .images(let files): .images(files.subset(indices))
      case .made(let samples): .made(samples.subset(indices))
      }
    return replacing(
      features: picked, labels: indices.map { labels[$0] },
      targets: targets.map { targets in indices.flatMap { targets[row($0)] } }
    ).withMasks(masks.map { masks in indices.map { masks[$0] } })
  }

  /// Only the named features, in that order; throws for a name the set does not have.
  public func selecting(features names: [String]) throws -> Dataset {
    try checkChoice(names, what: "feature")
    let columns = try names.map { try index(of: $0, in: featureNames, what: "feature") }
    let width = sampleShape.elementCount
    func selected<Number>(_ values: [Number]) -> [Number] {
      (0..<count).flatMap { row in columns.map { values[row * width + $0] } }
    }
    let picked: Features =
      switch features {
      case .floats(let values): .floats(selected(values))
      case .bytes(let values, let maximum): .bytes(selected(values), maximum: maximum)
      case .images, .made: trap("the numbers of \(name) have no names")
      }
    return replacing(sampleShape: [names.count], features: picked, featureNames: names)
  }

  /// Only the samples of the named classes, which are numbered anew in that order; throws for an unknown name.
  ///
  /// Where samples may have any number of classes all stay, for none of these is an answer too; the other classes go.
  public func selecting(classes names: [String]) throws -> Dataset {
    try checkChoice(names, what: "class")
    var newLabels = [Int32?](repeating: nil, count: classNames.count)
    for (label, name) in names.enumerated() {
      newLabels[try index(of: name, in: classNames, what: "class")] = Int32(label)
    }
    if let targets {
      let columns = try names.map { try index(of: $0, in: classNames, what: "class") }
      let kept = (0..<count).flatMap { n in columns.map { targets[n * classNames.count + $0] } }
      return Dataset(
        name: name, sampleShape: sampleShape, features: features, targets: kept, classNames: names,
        featureNames: featureNames, licence: licence, citation: citation, omittedRowCount: omittedRowCount,
        publishedCount: publishedCount)
    }
    let kept = subset(labels.indices.filter { newLabels[Int(labels[$0])] != nil })
    return kept.replacing(labels: kept.labels.compactMap { newLabels[Int($0)] }, classNames: names)
  }

  /// Two classes: 1 for the samples of `name`, 0 for the rest; throws for an unknown name.
  public func oneAgainstRest(_ name: String) throws -> Dataset {
    let one = try index(of: name, in: classNames, what: "class")
    let labels: [Int32] =
      targets.map { targets in (0..<count).map { Int32(targets[$0 * classNames.count + one]) } }
      ?? labels.map { $0 == one ? 1 : 0 }
    return replacing(labels: labels, targets: .some(nil), classNames: ["rest", name])
  }

  /// The same samples under another name.
  public func named(_ name: String) -> Dataset { replacing(name: name).withMasks(masks) }

  /// The samples of this set, then those of `other`; traps when they are not of one kind.
  public func appending(_ other: Dataset) -> Dataset {
    require(
      sampleShape == other.sampleShape && classNames == other.classNames,
      "\(name) \(sampleShape) and \(other.name) \(other.sampleShape) are different data")
    let joined: Features
    switch (features, other.features) {
    case (.floats(let mine), .floats(let theirs)): joined = .floats(mine + theirs)
    case (.bytes(let mine, let maximum), .bytes(let theirs, let other)) where maximum == other:
      joined = .bytes(mine + theirs, maximum: maximum)
    case (.images(let mine), .images(let theirs)) where mine.fit == theirs.fit:
      joined = .images(mine.appending(theirs))
    case (.made(let mine), .made(let theirs)) where mine.maker.fingerprint == theirs.maker.fingerprint:
      joined = .made(mine.appending(theirs))
    default: trap("\(name) and \(other.name) keep their numbers differently")
    }
    require(
      (targets == nil) == (other.targets == nil),
      "of \(name) and \(other.name) one has one class a sample, and the other any number")
    return replacing(
      features: joined, labels: labels + other.labels,
      targets: targets.map { $0 + (other.targets ?? []) }
    ).withMasks(masks.flatMap { mine in other.masks.map { mine + $0 } })
  }

  /// Where the classes of sample `index` lie in `targets`.
  private func row(_ index: Int) -> Range<Int> { index * classNames.count..<(index + 1) * classNames.count }

  private func checkChoice(_ names: [String], what: String) throws {
    guard !names.isEmpty, Set(names).count == names.count else {
      let problem = names.isEmpty ? "no \(what) of \(name) is chosen" : "a \(what) of \(name) is chosen twice"
      throw LabError(.config, problem, remedy: "name each one once")
    }
  }

  private func index(of wanted: String, in names: [String], what: String) throws -> Int {
    if let index = names.firstIndex(of: wanted) { return index }
    let guess = nearestName(to: wanted, in: names).map { "did you mean \($0.quoted)? " } ?? ""
    let known = names.prefix(40).map(\.quoted).joined(separator: ", ")
    throw LabError(
      .config, "\(name) has no \(what) \(wanted.quoted)",
      remedy: names.isEmpty ? "leave the choice out" : "\(guess)choose among \(known)")
  }

  /// The same set with other contents; new labels of a set with `targets` come with new targets, and masks, which may no
  /// longer fit, are gone.
  func replacing(
    name: String? = nil, sampleShape: Shape? = nil, features: Features? = nil, labels: [Int32]? = nil,
    targets: [UInt8]?? = nil, classNames: [String]? = nil, featureNames: [String]? = nil
  ) -> Dataset {
    Dataset(
      name: name ?? self.name, sampleShape: sampleShape ?? self.sampleShape,
      features: features ?? self.features,
      labels: labels ?? self.labels, targets: targets ?? self.targets,
      classNames: classNames ?? self.classNames,
      featureNames: featureNames ?? self.featureNames, licence: licence, citation: citation,
      omittedRowCount: omittedRowCount, publishedCount: publishedCount)
  }
}
