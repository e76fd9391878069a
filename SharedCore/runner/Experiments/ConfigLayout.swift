import Utils

/// How the settings of an experiment stand in a configuration file: groups of keys, `loss: {gamma: 2.0}`.
///
/// A setting whose key has a point, `loss.gamma`, stands in its group by itself; `names` says where those of plain keys stand.
/// One setting may have several names, as where a file repeats the learning rate; they must agree.
public struct ConfigLayout: Sendable {
  /// The groups in the order in which a file is written.
  public let groups: [String]
  /// Names in a file, such as `optimizer.lr`, with the settings that they mean, such as `learning_rate`.
  public let names: [(name: String, key: String)]

  /// A layout of groups; traps when a name is of no group, or is given twice.
  public init(groups: [String], names: [(name: String, key: String)]) {
    require(Set(names.map(\.name)).count == names.count, "a name of a configuration file is given twice")
    require(
      names.allSatisfy { name, _ in groups.contains { name.hasPrefix($0 + ".") } },
      "a name of a configuration file has no group")
    self.groups = groups
    self.names = names
  }

  /// The names that every experiment trained by gradient descent may give its common settings.
  public static let training: [(name: String, key: String)] = [
    ("data.batch_size", "batch_size"),
    ("training.num_epochs", "epochs"), ("training.learning_rate", "learning_rate"),
    ("training.weight_decay", "weight_decay"), ("training.warmup_epochs", "warmup"),
    ("training.early_stopping_patience", "patience"), ("training.early_stopping_metric", "monitor"),
    ("training.log_interval", "log_interval"), ("training.threshold", "threshold"),
    ("optimizer.type", "optimizer"), ("optimizer.lr", "learning_rate"),
    ("optimizer.weight_decay", "weight_decay"), ("optimizer.betas", "betas"),
    ("scheduler.type", "schedule"), ("scheduler.warmup_epochs", "warmup"), ("experiment.seed", "seed"),
  ]

  /// The setting that `name` means; nil where it is no name of a file.
  func key(of name: String) -> String? { names.first { $0.name == name }?.key }

  /// Every name in a file with the setting that it means, group by group, then the settings of no group; a name without its
  /// setting is left out.
  func entries(_ settings: Settings) -> [(name: String, key: String)] {
    let own = settings.all.map(\.key).filter { $0.contains(".") }.map { (name: $0, key: $0) }
    let all = own + names.filter { settings.has($0.key) }
    let grouped = groups.flatMap { group in all.filter { $0.name.hasPrefix(group + ".") } }
      .filter { !Self.isOrder($0.name) }
    let written = Set(grouped.map(\.key))
    // A preset is not written: what it means is.
    let rest = settings.all.filter {
      $0.presets.isEmpty && !written.contains($0.key) && !Self.isOrder($0.key)
    }
    return grouped + rest.map { ($0.key, $0.key) }
  }

  /// `augmentation.order` is not written: the order of the lines of its group says the same.
  static func isOrder(_ name: String) -> Bool { name.hasSuffix(".order") }

  /// The values as a file holds them: an object of groups.
  func nested(_ settings: Settings) -> JSONValue {
    var tree = JSONValue.object([:])
    for (name, key) in entries(settings) {
      tree = tree.setting(name.split(separator: ".").map(String.init)[...], settings.value(of: key))
    }
    return tree
  }
}

extension JSONValue {
  /// The same object with `value` at a path of keys.
  func setting(_ path: ArraySlice<String>, _ value: JSONValue) -> JSONValue {
    guard let key = path.first else { return value }
    var members = object ?? [:]
    members[key] = (members[key] ?? .object([:])).setting(path.dropFirst(), value)
    return .object(members)
  }
}
