/// SQL text as bytes, cut into tokens or into the words that SQLAlchemy's patterns look for.
///
/// All marks that count are ASCII, so a cut never falls inside a character.
struct SQLBytes: Sendable {
  let bytes: [UInt8]

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The text between two places; places outside the text are moved to its ends.
  func text(_ range: Range<Int>) -> String {
    let clamped = range.clamped(to: 0..<bytes.count)
    return String(decoding: bytes[clamped], as: UTF8.self)
  }

  /// The text between two places without white space around it.
  func trimmed(_ range: Range<Int>) -> String {
    var clamped = range.clamped(to: 0..<bytes.count)
    while let first = clamped.first, Self.isSpace(bytes[first]) {
      clamped = (first + 1)..<clamped.upperBound
    }
    while let last = clamped.last, Self.isSpace(bytes[last]) {
      clamped = clamped.lowerBound..<last
    }
    return text(clamped)
  }

  /// True if there is nothing but white space between two places, and at least one of it.
  func isBlank(from start: Int, to end: Int) -> Bool {
    start < end && bytes[(start..<end).clamped(to: 0..<bytes.count)].allSatisfy(Self.isSpace)
  }

  /// True if a line break stands between two places.
  func hasLineBreak(_ range: Range<Int>) -> Bool {
    bytes[range.clamped(to: 0..<bytes.count)].contains(UInt8(ascii: "\n"))
  }

  /// The names in a piece of text as SQLAlchemy finds them: what stands in double quotes, and every
  /// run of ASCII letters, digits and underscores.
  func names(in range: Range<Int>) -> [String] {
    let end = range.clamped(to: 0..<bytes.count).upperBound
    var names: [String] = []
    var position = range.clamped(to: 0..<bytes.count).lowerBound
    while position < end {
      let start = position
      if bytes[position] == UInt8(ascii: "\"") {
        // At least one character between the quotes.
        var close = position + 2
        while close < end, bytes[close] != UInt8(ascii: "\"") { close += 1 }
        if close < end {
          names.append(text((start + 1)..<close))
          position = close + 1
          continue
        }
      }
      while position < end, Self.isPlain(bytes[position]) { position += 1 }
      if position > start { names.append(text(start..<position)) } else { position += 1 }
    }
    return names
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte >= 9 && byte <= 13)
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// An ASCII letter, digit or underscore.
  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  static func isWord(_ byte: UInt8) -> Bool {
    isPlain(byte) || byte == UInt8(ascii: "$") || byte >= 0x80
  }
}
