extension WeightsFile {
  /// The tensors of the network alone, under its own names and in the order of the file.
  ///
  /// Of a checkpoint of ours, without `optimizer.` and the averages `ema.` and `swa.`; of others, without what wraps the
  /// names: `state_dict.`, `model_state_dict.`, `model.`, and the `module.` of DataParallel.
  public var networkTensors: [WeightsTensor] {
    var tensors = tensors
    if metadata["lab"] != nil {
      let averages = ["ema.", "swa."].filter { self["\($0)n_averaged"] != nil }
      tensors.removeAll { tensor in (averages + ["optimizer."]).contains { tensor.name.hasPrefix($0) } }
    }
    for wrapper in ["state_dict", "model_state_dict", "model"] {
      let inside = Self.stripped("\(wrapper).", from: tensors)
      // A layer may be called so, too.
      if !inside.isEmpty, self["\(wrapper).weight"] == nil {
        tensors = inside
        break
      }
    }
    let parallel = Self.stripped("module.", from: tensors)
    return parallel.count == tensors.count ? parallel : tensors
  }

  private static func stripped(_ prefix: String, from tensors: [WeightsTensor]) -> [WeightsTensor] {
    tensors.filter { $0.name.hasPrefix(prefix) }.map { $0.renamed(String($0.name.dropFirst(prefix.count))) }
  }
}

extension WeightsTensor {
  /// The same elements under another name.
  func renamed(_ name: String) -> WeightsTensor { WeightsTensor(name, dtype, shape, source: withBytes) }
}
