import Utils

extension Module {
  /// The low-rank adapters of a network, by the names of the layers around which they stand.
  public func adapters() -> [(name: String, adapter: any LowRankAdapter)] {
    var found: [(name: String, adapter: any LowRankAdapter)] = []
    walk { name, module in
      if let adapter = module as? any LowRankAdapter { found.append((name, adapter)) }
      return module is any LowRankAdapter
    }
    return found
  }

  /// The state without its adapters, under the names that it has without them.
  public func baseState() -> [(name: String, item: StateItem)] {
    let names = adapters().map(\.name)
    return state().compactMap { name, item -> (name: String, item: StateItem)? in
      guard let layer = names.first(where: { name.hasPrefix("\($0).") }) else { return (name, item) }
      let part = String(name.dropFirst(layer.count + 1))
      if part.hasPrefix("lora_") { return nil }
      return (joined(layer, part.replacing("base_layer.", with: "", maxReplacements: 1)), item)
    }
  }

  /// Merges every adapter into its base.
  public func mergeAdapters() { for (_, adapter) in adapters() { adapter.merge() } }

  /// Takes every adapter out of its base again.
  public func unmergeAdapters() { for (_, adapter) in adapters() { adapter.unmerge() } }

  /// Every module in this one by its name, from the outside in; `visit` says whether its parts are passed over.
  private func walk(_ visit: (_ name: String, any Module) -> Bool) {
    func look(at value: Any, _ name: String) {
      let mirror = Mirror(reflecting: value)
      if let module = value as? any Module {
        guard !visit(name, module) else { return }
        for child in Mirror(reflecting: module).children {
          look(at: child.value, joined(name, child.label ?? ""))
        }
      } else if mirror.displayStyle == .optional, let wrapped = mirror.children.first {
        look(at: wrapped.value, name)
      } else if mirror.displayStyle == .collection {
        for (place, child) in mirror.children.enumerated() { look(at: child.value, joined(name, "\(place)")) }
      }
    }
    look(at: self, "")
  }

  /// The innermost modules that have parameters of their own, by name; an adapter is one of them.
  fileprivate func weightedModules() -> [(name: String, module: any Module)] {
    var found: [(name: String, module: any Module)] = []
    walk { name, module in
      let isLeaf =
        module is any LowRankAdapter
        || Mirror(reflecting: module).children.contains { child in
          child.value is Parameter || (child.value as? Parameter?).flatMap { $0 } != nil
        }
      if isLeaf { found.append((name, module)) }
      return isLeaf
    }
    return found
  }
}

extension HasReplaceableLayers {
  /// Puts a low-rank adapter around every layer whose name fits one of some patterns, and freezes that layer for good.
  ///
  /// Throws a `LabError`, and changes nothing, where a pattern fits no layer with parameters, and where it fits one that
  /// cannot be adapted.
  ///
  /// - Parameter patterns: what the names look like, `*` for any letters: `*conv*`.
  /// - Returns: the names of the layers.
  @discardableResult
  public func addAdapters(
    _ lora: LoRA, to patterns: [String], using random: inout RandomStream
  ) throws -> [String] {
    let modules = weightedModules()
    for pattern in patterns where !modules.contains(where: { NamePattern.fits($0.name, pattern) }) {
      throw noLayer(pattern, among: modules.map(\.name))
    }
    let targets = modules.filter { target in patterns.contains { NamePattern.fits(target.name, $0) } }
    var replaceable = Set<String>()
    replaceLayers { name, layer in
      replaceable.insert(name)
      return layer
    }
    for (name, module) in targets {
      try lora.check(module, named: name)
      guard replaceable.contains(name) else {
        throw LabError(
          .model, "\(name) cannot have a low-rank adapter: the network holds it for good",
          remedy: "make it a property of type any Layer that replaceLayers exchanges")
      }
    }
    let names = Set(targets.map(\.name))
    try replaceLayers { name, layer in
      names.contains(name) ? try lora.adapter(for: layer, named: name, using: &random) : layer
    }
    return targets.map(\.name)
  }

  private func noLayer(_ pattern: String, among names: [String]) -> LabError {
    let near = nearestName(to: pattern, in: names).map { "did you mean \($0)? " } ?? ""
    let some =
      names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    return LabError(
      .model, "no layer with parameters is called \(pattern.quoted)", remedy: near + "the layers are \(some)")
  }
}

private func joined(_ name: String, _ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
