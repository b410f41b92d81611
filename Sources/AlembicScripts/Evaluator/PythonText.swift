/// Python's own ways with text, where Swift's differ.
enum PythonText {
  /// Without white space at both ends, as `str.strip` has it.
  static func stripped(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    guard
      let first = scalars.firstIndex(where: { !isSpace($0) }),
      let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(String.UnicodeScalarView(scalars[first...last]))
  }

  /// What Python takes for white space.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
  }

  /// Whether a text stands in another one, scalar by scalar, in time that grows with both only (Knuth, Morris, Pratt).
  static func contains(_ text: String, _ part: String) -> Bool {
    // In UTF-8, no character's bytes begin inside another character's.
    let part = Array(part.utf8)
    if part.isEmpty { return true }
    // For each beginning of the part, how much of its end is a beginning of the part again.
    var borders = [0]
    var matched = 0
    for byte in part.dropFirst() {
      while matched > 0, part[matched] != byte { matched = borders[matched - 1] }
      if part[matched] == byte { matched += 1 }
      borders.append(matched)
    }
    matched = 0
    for byte in text.utf8 {
      while matched > 0, part[matched] != byte { matched = borders[matched - 1] }
      if part[matched] == byte { matched += 1 }
      if matched == part.count { return true }
    }
    return false
  }

  /// A string as Python's `repr` writes it.
  static func representation(_ text: String) -> String {
    let hasSingle = text.utf8.contains(UInt8(ascii: "'"))
    let quote = UInt8(ascii: hasSingle && !text.utf8.contains(UInt8(ascii: "\"")) ? "\"" : "'")
    var result = [quote]
    result.reserveCapacity(text.utf8.count + 2)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): result += Array("\\\\".utf8)
      case UInt8(ascii: "\n"): result += Array("\\n".utf8)
      case UInt8(ascii: "\r"): result += Array("\\r".utf8)
      case UInt8(ascii: "\t"): result += Array("\\t".utf8)
      case quote: result += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7f:
        result += Array(("\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)).utf8)
      default: result.append(byte)
      }
    }
    result.append(quote)
    return String(decoding: result, as: UTF8.self)
  }
}
