/// Brings the text of an expression into a form that is the same before a dump and after its restore.
///
/// A server writes an expression anew from what it has understood. Read again, the same expression may have its casts and its
/// parentheses elsewhere: `(ARRAY['a'::varchar])::text[]` comes back as `ARRAY[('a'::varchar)::text]`. So both are left out, as is
/// white space; what is in quotes stays as it is.
enum DefinitionText {
  /// What stands between that which is compared as it is and an expression.
  static let separator = "\u{1}"

  /// The line of a definition, with its expression in that form.
  ///
  /// - Parameter line: The line.
  /// - Returns: The same without what may change.
  static func settled(_ line: String) -> String {
    guard let range = line.firstRange(of: separator) else { return line }
    let expression = Array(line[range.upperBound...].utf8)
    return line[..<range.upperBound] + String(decoding: settled(expression), as: UTF8.self)
  }

  private static func settled(_ text: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == quote || byte == doubleQuote {
        let end = endOfQuote(text, index)
        kept += text[index..<end]
        index = end
      } else if text[index...].starts(with: "::".utf8) {
        index = endOfType(text, index + 2)
      } else {
        if byte > 32, byte != opening, byte != closing { kept.append(byte) }
        index += 1
      }
    }
    return kept
  }

  private static let quote = UInt8(ascii: "'")
  private static let doubleQuote = UInt8(ascii: "\"")
  private static let opening = UInt8(ascii: "(")
  private static let closing = UInt8(ascii: ")")

  /// Where what is quoted ends; a doubled quote begins another one at once.
  private static func endOfQuote(_ text: [UInt8], _ start: Int) -> Int {
    (text[(start + 1)...].firstIndex(of: text[start]) ?? text.count - 1) + 1
  }

  /// Where the name of a type ends: `public."odd name"`, `character varying(9)`, `timestamp(3) without time zone[]`.
  private static func endOfType(_ text: [UInt8], _ start: Int) -> Int {
    var index = start
    func isWord(_ byte: UInt8) -> Bool {
      byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "$")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
    while index < text.count, isWord(text[index]) || text[index] == doubleQuote {
      index = text[index] == doubleQuote ? endOfQuote(text, index) : index + 1
    }
    func pass(_ words: String...) {
      for word in words where text[index...].starts(with: word.utf8) {
        index += word.utf8.count
        return
      }
    }
    func passNumbers() {
      guard index + 1 < text.count, text[index] == opening,
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index + 1]),
        let end = text[index...].firstIndex(of: closing)
      else { return }
      index = end + 1
    }
    pass(" varying", " precision")
    passNumbers()
    pass(" without time zone", " with time zone")
    while text[index...].starts(with: "[]".utf8) { index += 2 }
    return index
  }
}
