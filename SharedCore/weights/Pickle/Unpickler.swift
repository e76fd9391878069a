import Utils

/// Reads a pickle (Python's `pickletools`, protocols 0 to 5) and runs nothing of it.
///
/// The machine of the format is a stack and a memo. What would call a function is a switch over `PickleGlobal`; all else,
/// and every opcode that makes objects of classes, is refused.
struct Unpickler {
  /// The largest pickle that is read, in bytes.
  static let largest = 256 << 20

  private var reader: ByteReader
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private let arena = PickleArena()
  /// The memory that may still be asked for; a few bytes of a pickle can ask for many.
  private var budget: Int

  /// What a pickle held; valid as long as this is.
  struct Content {
    let root: PickleValue
    let arena: PickleArena
  }

  /// Reads the pickle at the front of `bytes`; gives what it held and how many bytes it was.
  static func read(_ bytes: UnsafeRawBufferPointer) throws -> (content: Content, count: Int) {
    guard bytes.count <= largest else { throw WeightsDefect("holds a pickle of \(bytes.count) bytes") }
    var unpickler = Unpickler(reader: ByteReader(bytes, "its pickle"), budget: 32 << 20 + bytes.count)
    while let opcode = try unpickler.reader.integer(UInt8.self).nonStop {
      try unpickler.step(opcode)
    }
    let root = try unpickler.pop()
    return (Content(root: root, arena: unpickler.arena), unpickler.reader.position)
  }

  private init(reader: ByteReader, budget: Int) { (self.reader, self.budget) = (reader, budget) }

  /// Does what one opcode says; the numbers of protocol 2 and later have no letters.
  private mutating func step(_ opcode: UInt8) throws {
    switch opcode {
    case 0x80: try checkProtocol()
    case 0x95: _ = try reader.length()  // a frame says how much follows
    case "(": marks.append(try spend(8, for: stack.count))
    case "0": if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
    case "1": _ = try popToMark()
    case "2": try push(top())

    case "N": try push(.none)
    case 0x88: try push(.bool(true))
    case 0x89: try push(.bool(false))
    case "J": try push(.int(Int64(reader.integer(Int32.self))))
    case "K": try push(.int(Int64(reader.integer(UInt8.self))))
    case "M": try push(.int(Int64(reader.integer(UInt16.self))))
    case 0x8A: try push(PickleText.integer(reader.take(Int(reader.integer(UInt8.self)))))
    case 0x8B: try push(PickleText.integer(reader.take(Int(reader.integer(UInt32.self)))))
    case "I", "L": try push(PickleText.integer(line: text(reader.line())))
    case "F": try push(PickleText.float(line: text(reader.line())))
    case "G":
      try push(.float(Double(bitPattern: UInt64(bigEndian: reader.take(8).loadUnaligned(as: UInt64.self)))))

    case "S": try push(PickleText.quoted(line: text(reader.line())))
    case "V": try push(.text(PickleText.unescaped(latin1(reader.line()))))
    case "U", 0x8C: try push(.text(text(reader.take(Int(reader.integer(UInt8.self))))))
    case "T", "X": try push(.text(text(reader.take(Int(reader.integer(UInt32.self))))))
    case 0x8D: try push(.text(text(reader.take(reader.length()))))
    case "C": try push(.bytes(bytes(reader.take(Int(reader.integer(UInt8.self))))))
    case "B": try push(.bytes(bytes(reader.take(Int(reader.integer(UInt32.self))))))
    case 0x8E, 0x96: try push(.bytes(bytes(reader.take(reader.length()))))

    case ")": try push(make(.tuple))
    case "]": try push(make(.list))
    case "}": try push(make(.dictionary))
    case 0x8F: try push(make(.set))
    case 0x85, 0x86, 0x87: try pushTuple(Int(opcode) - 0x84)
    case "t": try push(make(.tuple, popToMark()))
    case "l": try push(make(.list, popToMark()))
    case "d": try push(make(.dictionary, paired(popToMark())))
    case 0x91: try push(make(.set, popToMark()))
    case "a": try add([pop()], to: .list)
    case "e": try add(popToMark(), to: .list)
    case 0x90: try add(popToMark(), to: .set)
    case "s":
      let value = try pop()
      try add([pop(), value], to: .dictionary)
    case "u": try add(paired(popToMark()), to: .dictionary)

    case "p": try remember(PickleText.index(text(reader.line())))
    case "q": try remember(Int(reader.integer(UInt8.self)))
    case "r": try remember(Int(reader.integer(UInt32.self)))
    case 0x94: try remember(memo.count)
    case "g": try recall(PickleText.index(text(reader.line())))
    case "h": try recall(Int(reader.integer(UInt8.self)))
    case "j": try recall(Int(reader.integer(UInt32.self)))

    case "c":
      let module = try text(reader.line())
      try push(.global(PickleGlobal(module: module, name: text(reader.line()))))
    case 0x93:
      guard let name = try pop().text, let module = try pop().text else { throw damaged("names no function") }
      try push(.global(PickleGlobal(module: module, name: name)))
    case "R", 0x81:
      let arguments = try pop()
      guard case .global(let global) = try pop(), let elements = arguments.elements else {
        throw damaged("calls what is no function")
      }
      try push(PickleCall(arena).result(of: global, elements, isNew: opcode == 0x81))
      try spend(256 + 48 * elements.count)
    case "b":
      _ = try pop()  // the state of an OrderedDict is `_metadata`, of no use here
      guard case .container(let container) = try top(), container.kind == .dictionary else {
        throw damaged("gives attributes to what has none")
      }
    case "Q": try push(.storage(TorchStorage(persistentID: pop())))
    default: throw damaged("uses opcode \(String(opcode, radix: 16)), which makes objects or is unknown")
    }
  }

  // MARK: The stack

  private mutating func push(_ value: PickleValue) throws {
    try spend(48)
    stack.append(value)
  }

  private mutating func pop() throws -> PickleValue {
    guard stack.count > marks.last ?? 0 else { throw damaged("takes more than it has put there") }
    return stack.removeLast()
  }

  private func top() throws -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw damaged("takes more than it has put there")
    }
    return value
  }

  private mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw damaged("ends a list that it has not begun") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func pushTuple(_ count: Int) throws {
    guard stack.count - (marks.last ?? 0) >= count else { throw damaged("takes more than it has put there") }
    let elements = Array(stack.suffix(count))
    stack.removeLast(count)
    try push(make(.tuple, elements))
  }

  private mutating func make(_ kind: PickleContainer.Kind, _ elements: [PickleValue] = []) throws
    -> PickleValue
  {
    try spend(160 + 24 * elements.count)
    return arena.make(kind, elements)
  }

  private mutating func add(_ elements: [PickleValue], to kind: PickleContainer.Kind) throws {
    try spend(48 * elements.count)
    guard case .container(let container) = try top(), container.kind == kind else {
      throw damaged("puts elements into what is no \(kind)")
    }
    container.elements += elements
  }

  private func paired(_ elements: [PickleValue]) throws -> [PickleValue] {
    guard elements.count % 2 == 0 else { throw damaged("has a key without a value") }
    return elements
  }

  // MARK: The memo

  private mutating func remember(_ index: Int) throws {
    try spend(96)
    memo[index] = try top()
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw damaged("recalls what it has not remembered") }
    try push(value)
  }

  // MARK: Pieces

  private mutating func checkProtocol() throws {
    let version = try reader.integer(UInt8.self)
    guard version <= 5 else { throw damaged("is of protocol \(version), and 0 to 5 are known") }
  }

  private mutating func text(_ bytes: UnsafeRawBufferPointer) throws -> String {
    try spend(bytes.count)
    return String(decoding: bytes, as: UTF8.self)  // Python lets half surrogates pass; they are repaired
  }

  /// A text of protocol 0, whose bytes are characters.
  private mutating func latin1(_ bytes: UnsafeRawBufferPointer) throws -> String {
    try spend(2 * bytes.count)
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  private mutating func bytes(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
    try spend(bytes.count)
    return Array(bytes)
  }

  @discardableResult
  private mutating func spend(_ cost: Int, for value: Int = 0) throws -> Int {
    budget -= cost
    guard budget >= 0 else { throw damaged("asks for far more memory than its size") }
    return value
  }

  private func damaged(_ what: String) -> WeightsDefect {
    WeightsDefect("has a pickle that \(what) (at byte \(reader.position))")
  }
}

extension UInt8 {
  /// The opcode, or nil for the one that ends a pickle.
  fileprivate var nonStop: UInt8? { self == UInt8(ascii: ".") ? nil : self }
}

/// Lets opcodes be written as the letters that they are.
private func ~= (letter: Unicode.Scalar, opcode: UInt8) -> Bool { letter.value == UInt32(opcode) }
