/// Reads a TOML document (https://toml.io/en/v1.0.0).
package struct TOMLParser {
  var rest: ArraySlice<UInt8>
  let whole: ArraySlice<UInt8>
  /// In which line each path of keys begins, counted from 1.
  private var lines: [[String]: Int] = [:]
  /// How far line ends are counted, and the line there.
  private var counted = (index: 0, line: 1)

  private init(_ bytes: [UInt8]) {
    rest = bytes[...]
    whole = bytes[...]
  }

  /// Reads a document.
  ///
  /// - Parameter bytes: The text, in UTF-8.
  /// - Returns: The outermost table.
  /// - Throws: `TOMLError`.
  package static func document(_ bytes: [UInt8]) throws(TOMLError) -> TOMLValue {
    .table(try located(bytes).root)
  }

  /// Reads a document, and where its keys are.
  ///
  /// - Parameter bytes: The text, in UTF-8.
  /// - Returns: The outermost table, and the line of each path of keys, except of those inside braces.
  /// - Throws: `TOMLError`.
  package static func located(
    _ bytes: [UInt8]
  ) throws(TOMLError) -> (root: [String: TOMLValue], lines: [[String]: Int]) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw TOMLError(message: "it is not UTF-8", line: 1)
    }
    var parser = TOMLParser(bytes)
    guard case .table(let root) = try parser.document() else {
      throw TOMLError(message: "it is no table", line: 1)
    }
    return (root, parser.lines)
  }

  private mutating func document() throws(TOMLError) -> TOMLValue {
    var root = TOMLValue.table([:])
    var header: [String] = []
    var defined: Set<[String]> = []
    while true {
      skipLines()
      guard let first = rest.first else { return root }
      let line = line()
      guard first == UInt8(ascii: "[") else {
        let (path, value) = try entry()
        note(header + path, line)
        try root.set(header + path, value, or: error("the key is there twice"))
        try endOfLine()
        continue
      }
      let isList = rest.dropFirst().first == UInt8(ascii: "[")
      rest = rest.dropFirst(isList ? 2 : 1)
      skipBlanks()
      header = try key()
      note(header, line)
      try expect(isList ? "]]" : "]")
      try endOfLine()
      if isList {
        try root.append(header, or: error("the name is already that of something else"))
      } else {
        guard root.isInList(header) || defined.insert(header).inserted else {
          throw error("the table is there twice")
        }
        try root.open(header, or: error("the name is already that of something else"))
      }
    }
  }

  /// The line that is read now.
  private mutating func line() -> Int {
    counted.line += whole[counted.index..<rest.startIndex].count { $0 == 0x0a }
    counted.index = rest.startIndex
    return counted.line
  }

  private mutating func note(_ path: [String], _ line: Int) {
    for count in 1...path.count {
      let key = Array(path.prefix(count))
      if lines[key] == nil { lines[key] = line }
    }
  }

  /// `a.b = value`.
  mutating func entry() throws(TOMLError) -> (path: [String], value: TOMLValue) {
    let path = try key()
    try expect("=")
    skipBlanks()
    return (path, try value())
  }

  /// `a."b".c`, with the blanks after it.
  private mutating func key() throws(TOMLError) -> [String] {
    var parts: [String] = []
    while true {
      switch rest.first {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): parts.append(try string(mayBeLong: false))
      default:
        let name = rest.prefix(while: Self.isBare)
        guard !name.isEmpty else { throw error("a key is missing") }
        rest = rest[name.endIndex...]
        parts.append(String(decoding: name, as: UTF8.self))
      }
      skipBlanks()
      guard rest.first == UInt8(ascii: ".") else { return parts }
      rest = rest.dropFirst()
      skipBlanks()
    }
  }

  mutating func value(depth: Int = 0) throws(TOMLError) -> TOMLValue {
    guard depth < 100 else { throw error("values are nested too deep") }
    switch rest.first {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string(mayBeLong: true))
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "{"): return try inlineTable(depth: depth)
    default:
      var word = rest.prefix(while: Self.isInWord)
      // The one blank that a value may have: between a date and its time.
      let after = rest[word.endIndex...]
      let time = after.dropFirst().prefix(while: Self.isInWord)
      if word.count == 10, word.dropFirst(4).first == UInt8(ascii: "-"), after.first == 0x20,
        time.contains(UInt8(ascii: ":"))
      {
        word = rest[word.startIndex..<time.endIndex]
      }
      rest = rest[word.endIndex...]
      switch String(decoding: word, as: UTF8.self) {
      case "": throw error("a value is missing")
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      case let text:
        guard text.wholeMatch(of: /[+-]?(?:inf|nan)|[+-]?[0-9].*/) != nil else {
          throw error("this is no value; text must be in quotes")
        }
        return .other(text)
      }
    }
  }

  private mutating func array(depth: Int) throws(TOMLError) -> TOMLValue {
    rest = rest.dropFirst()
    var values: [TOMLValue] = []
    while true {
      skipLines()
      if rest.first == UInt8(ascii: "]") { break }
      values.append(try value(depth: depth + 1))
      skipLines()
      guard rest.first == UInt8(ascii: ",") else { break }
      rest = rest.dropFirst()
    }
    try expect("]")
    return .array(values)
  }

  private mutating func inlineTable(depth: Int) throws(TOMLError) -> TOMLValue {
    rest = rest.dropFirst()
    skipBlanks()
    var table = TOMLValue.table([:])
    if rest.first == UInt8(ascii: "}") {
      rest = rest.dropFirst()
      return table
    }
    while true {
      skipBlanks()
      let path = try key()
      try expect("=")
      skipBlanks()
      try table.set(path, try value(depth: depth + 1), or: error("the key is there twice"))
      skipBlanks()
      guard rest.first == UInt8(ascii: ",") else { break }
      rest = rest.dropFirst()
    }
    try expect("}")
    return table
  }

  // MARK: - Characters

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func isInWord(_ byte: UInt8) -> Bool {
    isBare(byte) || "+.:".utf8.contains(byte)
  }

  mutating func skipBlanks() {
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
  }

  /// Skips blanks, line ends and comments.
  private mutating func skipLines() {
    while true {
      rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
      guard rest.first == UInt8(ascii: "#") else { return }
      rest = rest.drop { $0 != 0x0a }
    }
  }

  private mutating func expect(_ text: String) throws(TOMLError) {
    skipBlanks()
    guard rest.starts(with: text.utf8) else { throw error("'\(text)' is missing") }
    rest = rest.dropFirst(text.utf8.count)
  }

  private mutating func endOfLine() throws(TOMLError) {
    skipBlanks()
    if rest.first == UInt8(ascii: "#") { rest = rest.drop { $0 != 0x0a } }
    if rest.starts(with: [0x0d, 0x0a]) { rest = rest.dropFirst() }
    guard rest.isEmpty || rest.first == 0x0a else {
      throw error("something follows the value in its line")
    }
  }

  func error(_ message: String) -> TOMLError {
    let before = whole[..<rest.startIndex]
    return TOMLError(message: message, line: before.count { $0 == 0x0a } + 1)
  }
}
