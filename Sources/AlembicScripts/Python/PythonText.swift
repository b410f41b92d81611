/// Python's own ways with text, where Swift's differ.
enum PythonText {
  /// Without white space at both ends, as `str.strip` has it.
  static func stripped(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard
      let first = scalars.firstIndex(where: { !isSpace($0) }),
      let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0d, 0x1c...0x20: true
    case ..<0x80: false
    default: scalar.properties.isWhitespace
    }
  }

  /// A string as Python's `repr` writes it.
  static func representation(_ text: String) -> String {
    let plain = asciiRepresentation(text)
    guard text.unicodeScalars.contains(where: { $0.value > 0x7f && !isPrintable($0) }) else {
      return plain
    }
    var result = ""
    for scalar in plain.unicodeScalars {
      if scalar.value <= 0x7f || isPrintable(scalar) {
        result.unicodeScalars.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      let (letter, width) =
        switch scalar.value {
        case ...0xff: ("x", 2)
        case ...0xffff: ("u", 4)
        default: ("U", 8)
        }
      result += "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
    }
    return result
  }

  /// What `str.isprintable` says of a scalar beyond ASCII.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      false
    default: true
    }
  }

  /// The same with only the ASCII in it escaped.
  private static func asciiRepresentation(_ text: String) -> String {
    // All that is escaped is ASCII, and other scalars have no ASCII in their UTF-8.
    let single = UInt8(ascii: "'")
    let double = UInt8(ascii: "\"")
    let quote = text.utf8.contains(single) && !text.utf8.contains(double) ? double : single
    let backslash = UInt8(ascii: "\\")
    var result: [UInt8] = [quote]
    result.reserveCapacity(text.utf8.count + 2)
    for byte in text.utf8 {
      switch byte {
      case quote, backslash: result += [backslash, byte]
      case UInt8(ascii: "\n"): result += [backslash, UInt8(ascii: "n")]
      case UInt8(ascii: "\r"): result += [backslash, UInt8(ascii: "r")]
      case UInt8(ascii: "\t"): result += [backslash, UInt8(ascii: "t")]
      case ..<0x20, 0x7f:
        let digits = String(byte, radix: 16)
        result += ("\\x" + (digits.utf8.count < 2 ? "0" : "") + digits).utf8
      default: result.append(byte)
      }
    }
    result.append(quote)
    return String(decoding: result, as: UTF8.self)
  }

  /// A float as Python's `repr` writes it; nil where Swift's shortest form is laid out otherwise.
  static func representation(_ value: Double) -> String? {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let isPlain = value.magnitude < 1e16 && value.magnitude >= 1e-4 || value == 0
    guard isPlain else { return scientific(value) }
    // Swift has an exponent from 2^53 on, Python from 1e16 on; what lies between is whole.
    let isBetween = value.magnitude >= 0x1p53
    return isBetween ? Int64(exactly: value).map { "\($0).0" } : "\(value)"
  }

  /// A number that Python writes with an exponent: the same digits as Swift's, which are the fewest that tell it from all others.
  private static func scientific(_ value: Double) -> String? {
    let parts = "\(value.magnitude)".split(separator: "e")
    guard let mantissa = parts.first, let shift = parts.count > 1 ? Int(parts[1]) : 0 else {
      return nil
    }
    let whole = mantissa.prefix { $0 != "." }
    let digits = (whole + mantissa.dropFirst(whole.count + 1)).drop { $0 == "0" }
    let significant = digits.reversed().drop { $0 == "0" }.reversed().map(String.init)
    guard let first = significant.first else { return nil }
    // Below one, zeros stand before the first digit.
    let lost = mantissa.utf8.count - (mantissa.contains(".") ? 1 : 0) - digits.utf8.count
    let exponent = whole.utf8.count - lost + shift - 1
    let rest = significant.dropFirst().joined()
    let magnitude = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return (value < 0 ? "-" : "") + first + (rest.isEmpty ? "" : ".\(rest)")
      + (exponent < 0 ? "e-" : "e+") + magnitude
  }

  /// Bytes as Python's `repr` writes them.
  static func representation(_ bytes: [UInt8]) -> String {
    let quote =
      bytes.contains(UInt8(ascii: "'")) && !bytes.contains(UInt8(ascii: "\"")) ? "\"" : "'"
    var text = "b\(quote)"
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\\"): text += "\\\\"
      case UInt8(ascii: "\n"): text += "\\n"
      case UInt8(ascii: "\r"): text += "\\r"
      case UInt8(ascii: "\t"): text += "\\t"
      case UInt8(ascii: "'") where quote == "'": text += "\\'"
      case 0x20..<0x7f: text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16)
        text += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
      }
    }
    return text + quote
  }

  /// A text with an underscore for everything that stands in no name.
  static func identifier(_ text: String) -> String {
    var name = ""
    for scalar in text.unicodeScalars {
      let isWord =
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      name.unicodeScalars.append(isWord ? scalar : "_")
    }
    return name
  }

  /// Which ends of a text are meant.
  enum Side {
    case start
    case end
    case both
  }

  /// Without the given characters, or without white space, at an end; nil if they are no text.
  static func stripped(_ text: String, of given: PythonValue?, _ side: Side) -> String? {
    let isStripped: (Unicode.Scalar) -> Bool
    switch given {
    case nil, .some(.none): isStripped = isSpace
    case .string(let characters)?: isStripped = { characters.unicodeScalars.contains($0) }
    default: return nil
    }
    var scalars = Array(text.unicodeScalars)[...]
    while side != .end, let first = scalars.first, isStripped(first) { scalars.removeFirst() }
    while side != .start, let last = scalars.last, isStripped(last) { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
  }

  /// Whether a text starts with another, scalar by scalar.
  static func starts(_ text: String, with prefix: String) -> Bool {
    text.unicodeScalars.starts(with: prefix.unicodeScalars)
  }

  /// Whether a text ends with another, scalar by scalar.
  static func ends(_ text: String, with suffix: String) -> Bool {
    text.unicodeScalars.reversed().starts(with: suffix.unicodeScalars.reversed())
  }

  /// Where a text first occurs in another; nil if it does not.
  static func find(_ part: String, in text: String) -> Int? {
    let text = Array(text.unicodeScalars)
    let wanted = Array(part.unicodeScalars)
    guard wanted.count <= text.count else { return nil }
    return (0...(text.count - wanted.count)).first {
      text[$0..<($0 + wanted.count)] == wanted[...]
    }
  }

  /// The text cut at every occurrence of a separator, which is not empty; at most so many times, unless that is negative.
  static func pieces(of text: String, at separator: String, limit: Int) -> [String] {
    let scalars = Array(text.unicodeScalars)
    let wanted = Array(separator.unicodeScalars)
    var pieces: [String] = []
    var start = 0
    var position = 0
    while position + wanted.count <= scalars.count {
      if limit >= 0, pieces.count >= limit { break }
      if scalars[position..<(position + wanted.count)] == wanted[...] {
        pieces.append(String(String.UnicodeScalarView(scalars[start..<position])))
        position += wanted.count
        start = position
      } else {
        position += 1
      }
    }
    return pieces + [String(String.UnicodeScalarView(scalars[start...]))]
  }

  /// The words between white space.
  static func words(of text: String) -> [String] {
    text.unicodeScalars.split(whereSeparator: isSpace).map { String(String.UnicodeScalarView($0)) }
  }
}
