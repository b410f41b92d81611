/// The value of a string that the lexer found to end: what its escapes stand for.
struct StringLiteral {
  /// Why `\N{...}` is refused: its names are a table that Swift does not have.
  static let namedEscape = "a \\N{...} escape cannot be read"

  /// What the string is part of.
  let source: SourceText
  /// The characters between the quotes.
  let range: Range<Int>
  /// Whether backslashes stand for themselves.
  let isRaw: Bool
  /// Whether the string is made of bytes.
  let isBytes: Bool
  /// Whether two braces stand for one, as they do in the text of an f-string.
  var doublesBraces = false

  /// Takes a string token apart.
  init(_ token: Token, in source: SourceText) {
    var quote = token.range.lowerBound
    var (isRaw, isBytes) = (false, false)
    prefix: while quote < token.range.upperBound {
      switch source[quote] {
      case "r", "R": isRaw = true
      case "b", "B": isBytes = true
      case "'", "\"": break prefix
      default: break
      }
      quote += 1
    }
    let length = token.range.upperBound - quote
    let isTriple = length >= 6 && source[quote + 1] == source[quote]
    let quotes = isTriple ? 3 : min(1, length / 2)
    self.init(
      source: source,
      range: (quote + quotes)..<(token.range.upperBound - quotes),
      isRaw: isRaw,
      isBytes: isBytes
    )
  }

  /// The text of a string in which every character stands for itself; nil for one with escapes, and for bytes.
  var plainText: String? {
    guard !isBytes, isRaw || !range.contains(where: { source[$0] == "\\" }) else { return nil }
    return source.text(range)
  }

  /// Takes the text within an f-string.
  init(source: SourceText, range: Range<Int>, isRaw: Bool, isBytes: Bool) {
    self.source = source
    self.range = range
    self.isRaw = isRaw
    self.isBytes = isBytes
  }

  /// The characters the string stands for; for bytes, one character for each byte.
  func scalars() throws(PythonSyntaxError) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let scalar = source[index]
      if isBytes, !scalar.isASCII {
        throw error("bytes can only contain ASCII literal characters", at: index)
      }
      if scalar == "\\", !isRaw {
        try appendEscape(at: &index, to: &result)
        continue
      }
      result.append(scalar)
      index += doublesBraces && (scalar == "{" || scalar == "}") ? 2 : 1
    }
    return result
  }

  /// Passes the escape at an index and adds what it stands for.
  private func appendEscape(
    at index: inout Int,
    to result: inout [Unicode.Scalar]
  ) throws(PythonSyntaxError) {
    let start = index
    let letter = source[index + 1]
    index += 2
    switch letter {
    case "\n": break
    case "\\", "'", "\"": result.append(letter)
    case "a": result.append("\u{07}")
    case "b": result.append("\u{08}")
    case "f": result.append("\u{0C}")
    case "n": result.append("\n")
    case "r": result.append("\r")
    case "t": result.append("\t")
    case "v": result.append("\u{0B}")
    case "0"..."7":
      index = start + 1
      var value = 0
      while index < min(start + 4, range.upperBound), ("0"..."7").contains(source[index]) {
        value = value * 8 + (source[index].hexadecimalValue ?? 0)
        index += 1
      }
      try result.append(character(isBytes ? value & 0xFF : value, at: start))
    case "x": try result.append(hexadecimal(digits: 2, letter: letter, at: &index))
    case "u" where !isBytes: try result.append(hexadecimal(digits: 4, letter: letter, at: &index))
    case "U" where !isBytes: try result.append(hexadecimal(digits: 8, letter: letter, at: &index))
    case "N" where !isBytes: throw error(Self.namedEscape, at: start)
    default:
      // Python keeps the backslash of an escape it does not know.
      result.append("\\")
      index = start + 1
    }
  }

  /// The character whose number is given by a fixed count of digits.
  private func hexadecimal(
    digits: Int,
    letter: Unicode.Scalar,
    at index: inout Int
  ) throws(PythonSyntaxError) -> Unicode.Scalar {
    let start = index - 2
    var value = 0
    for _ in 0..<digits {
      guard index < range.upperBound, let digit = source[index].hexadecimalValue else {
        let name = "\\\(letter)" + String(repeating: letter == "x" ? "X" : "x", count: digits)
        throw error("truncated \(name) escape", at: start)
      }
      value = value * 16 + digit
      index += 1
    }
    return try character(value, at: start)
  }

  /// The character of a number.
  private func character(
    _ value: Int,
    at index: Int
  ) throws(PythonSyntaxError) -> Unicode.Scalar {
    if let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) { return scalar }
    throw error(
      value > 0x10FFFF ? "illegal Unicode character" : "a lone surrogate cannot be read",
      at: index
    )
  }

  private func error(_ message: String, at index: Int) -> PythonSyntaxError {
    PythonSyntaxError(message, at: source.position(of: index))
  }
}
