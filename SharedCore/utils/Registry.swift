/// Things that a user chooses by name: losses, augmentations, tasks.
///
/// A value, not a global: who wants another set of choices copies one and changes the copy. Names ignore case, and `-` equals
/// `_`.
public struct Registry<Item: Sendable>: Sendable {
  /// One of the choices.
  public struct Entry: Sendable {
    /// The name.
    public let name: String
    /// What it is, in one sentence.
    public let description: String
    /// The thing itself.
    public let item: Item
  }

  /// What is chosen, in the singular: "loss".
  public let kind: String
  /// The choices in the order in which they were registered.
  public private(set) var list: [Entry] = []

  /// A registry of nothing so far.
  public init(_ kind: String) { self.kind = kind }

  /// The names of all choices.
  public var names: [String] { list.map(\.name) }

  /// Adds a choice; one of the same name is replaced, of which `warn` hears.
  public mutating func register(
    _ name: String, _ item: Item, description: String,
    warn: (String) -> Void = { Terminal.writeError("warning: \($0)\n") }
  ) {
    let entry = Entry(name: name, description: description, item: item)
    if let place = place(of: name) {
      warn("the \(kind) \(list[place].name) was registered before and is replaced")
      list[place] = entry
    } else {
      list.append(entry)
    }
  }

  /// Adds a choice whose name must be new; throws a `LabError` where it is not.
  public mutating func add(_ name: String, _ item: Item, description: String) throws {
    if let place = place(of: name) {
      throw LabError(
        .model, "there is a \(kind) called \(list[place].name.quoted) already",
        remedy: "give the new one another name")
    }
    list.append(Entry(name: name, description: description, item: item))
  }

  /// Whether there is a choice of this name.
  public func has(_ name: String) -> Bool { place(of: name) != nil }

  /// The choice of this name; throws a `LabError` with the nearest name and all the others.
  public func get(_ name: String) throws -> Item {
    if let place = place(of: name) { return list[place].item }
    throw unknownName(name, what: kind, known: names)
  }

  /// Takes away every choice.
  public mutating func clear() { list = [] }

  private func place(of name: String) -> Int? {
    list.firstIndex { Self.folded($0.name) == Self.folded(name) }
  }

  private static func folded(_ name: String) -> String { name.lowercased().replacing("-", with: "_") }
}
