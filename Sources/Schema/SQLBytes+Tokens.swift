extension SQLBytes {
  /// The tokens of the text; comments and white space are left out, and what is not closed at the
  /// end of the text ends there.
  func tokens() -> [SQLToken] {
    var tokens: [SQLToken] = []
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      let next = position + 1 < bytes.count ? bytes[position + 1] : 0
      if Self.isSpace(byte) {
        position += 1
      } else if byte == UInt8(ascii: "-") && next == byte {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      } else if byte == UInt8(ascii: "/") && next == UInt8(ascii: "*") {
        position = endOfComment(from: position)
      } else {
        let token = token(at: position)
        tokens.append(token)
        position = token.range.upperBound
      }
    }
    return tokens
  }

  private func token(at start: Int) -> SQLToken {
    switch bytes[start] {
    case UInt8(ascii: "\""): return quoted(.quoted, from: start, to: UInt8(ascii: "\""))
    case UInt8(ascii: "`"): return quoted(.foreignQuoted, from: start, to: UInt8(ascii: "`"))
    case UInt8(ascii: "["): return quoted(.foreignQuoted, from: start, to: UInt8(ascii: "]"))
    case UInt8(ascii: "'"): return quoted(.string, from: start, to: UInt8(ascii: "'"))
    default: break
    }
    var end = start
    while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
    if end > start { return SQLToken(kind: .word, text: text(start..<end), range: start..<end) }
    return SQLToken(kind: .symbol, text: text(start..<(start + 1)), range: start..<(start + 1))
  }

  /// A token in quotes; a doubled closing quote stands for itself, but not in brackets.
  private func quoted(_ kind: SQLToken.Kind, from start: Int, to close: UInt8) -> SQLToken {
    var content: [UInt8] = []
    var position = start + 1
    while position < bytes.count {
      if bytes[position] == close {
        let isDoubled = position + 1 < bytes.count && bytes[position + 1] == close
        guard isDoubled && close != UInt8(ascii: "]") else {
          position += 1
          break
        }
        position += 1
      }
      content.append(bytes[position])
      position += 1
    }
    let text = String(decoding: content, as: UTF8.self)
    return SQLToken(kind: kind, text: text, range: start..<position)
  }

  private func endOfComment(from start: Int) -> Int {
    var position = start + 2
    while position + 1 < bytes.count {
      if bytes[position] == UInt8(ascii: "*") && bytes[position + 1] == UInt8(ascii: "/") {
        return position + 2
      }
      position += 1
    }
    return bytes.count
  }
}
