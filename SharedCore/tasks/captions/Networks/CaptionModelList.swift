import Engine
import Utils

/// The networks of a registry with their sizes, by name.
public struct CaptionModelList {
  /// A network with its size.
  public struct Model: Equatable, Sendable {
    /// Its name and what it is.
    public let name, description: String
    /// The Swift type that it is.
    public let type: String
    /// Learnt numbers, and those of them that are not frozen.
    public let total, trainable: Int

    /// The share of the numbers that learns, in percent.
    public var percentage: Double { 100 * Double(trainable) / Double(max(total, 1)) }
  }

  /// The networks, sorted by name.
  public let models: [Model]

  /// Builds each network of `registry` once, to count it.
  public init(
    _ configuration: CaptionConfiguration = CaptionConfiguration(),
    of registry: CaptionArchitectureRegistry = .captions
  ) throws {
    var random = RandomStream(seed: 0)
    models = try registry.list.sorted { $0.name < $1.name }.map { entry in
      let network = try entry.item.build(configuration, &random)
      return Model(
        name: entry.name, description: entry.description, type: entry.item.type, total: network.totalCount,
        trainable: network.trainableCount)
    }
  }

  /// For a reader.
  public var table: String {
    models.map { model in
      """
      \(model.name)
        \(model.description)
        \(grouped(model.total)) parameters, \(grouped(model.trainable)) of them learn (\(share(model)) %)
        Captions.\(model.type)
      """
    }.joined(separator: "\n\n")
  }

  /// For a program.
  public var json: JSONValue {
    .array(
      models.map { model in
        [
          "name": .string(model.name), "description": .string(model.description), "type": .string(model.type),
          "parameters": .integer(Int64(model.total)), "trainable": .integer(Int64(model.trainable)),
          "percentage": .number(model.percentage),
        ]
      })
  }

  private func share(_ model: Model) -> String {
    let hundredths = Int((100 * model.percentage).rounded())
    return hundredths % 100 == 0 ? "\(hundredths / 100)" : String(Double(hundredths) / 100)
  }
}

extension CaptionConfiguration {
  /// What a text of JSON says; the published numbers where there is none. Throws a `LabError` for text that is no JSON, too.
  public init(text: String?, source: String) throws {
    guard let text else {
      self.init()
      return
    }
    let json: JSONValue
    do { json = try JSONValue(parsing: Array(text.utf8)) } catch {
      throw LabError(
        .usage, "\(source) is no JSON: \(error)", remedy: "write it as '{\"lora_rank\": 8}'")
    }
    try self.init(json: json, source: source)
  }
}
