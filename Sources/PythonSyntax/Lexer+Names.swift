/// Names, keywords and punctuators.
extension Lexer {
  /// Reads a name or keyword, or the string whose prefix the name is.
  mutating func readNameOrString() throws(PythonSyntaxError) {
    let start = index
    while current.isNameContinuation { index += 1 }
    if current == "\"" || current == "'", index - start <= 2, isStringPrefix(start..<index) {
      return try readString(from: start)
    }
    try requireNormalForm(start..<index)
    append(Keyword(in: source, start..<index).map { .keyword($0) } ?? .name, from: start)
  }

  /// Whether letters before a quote belong to a string.
  private func isStringPrefix(_ range: Range<Int>) -> Bool {
    switch source.text(range).lowercased() {
    case "r", "b", "u", "f", "br", "rb", "fr", "rf": true
    default: false
    }
  }

  /// Refuses a name that Python would turn into another one.
  ///
  /// Python compares names in the normal form NFKC. Swift's strings take care of its canonical
  /// part; a name with a character that only looks like another must not pass as a different name.
  private func requireNormalForm(_ range: Range<Int>) throws(PythonSyntaxError) {
    for index in range where source[index].hasCompatibilityForm {
      throw error("the name '\(source.text(range))' is not in Unicode normal form", at: index)
    }
  }

  /// Reads an operator, a bracket or another mark.
  mutating func readPunctuator() throws(PythonSyntaxError) {
    let start = index
    if try readFieldMark() { return }
    guard let found = Punctuator(in: source, at: index), found != .exclamation else {
      throw error("invalid character '\(current)' (\(current.codePoint))", at: index)
    }
    index += found.length
    if found.closing != nil {
      try open(found, at: start)
    } else if found.isClosing {
      try close(with: found, at: start)
    }
    append(.punctuator(found), from: start)
  }

  /// Takes the innermost bracket off, which a closing bracket must match.
  private mutating func close(
    with found: Punctuator,
    at start: Int
  ) throws(PythonSyntaxError) {
    guard let open = brackets.last else {
      throw error("unmatched '\(found.rawValue)'", at: start)
    }
    guard open.opener.closing == found else {
      let line = source.position(of: open.start).line
      let place = source.position(of: start).line == line ? "" : " on line \(line)"
      throw error(
        "closing parenthesis '\(found.rawValue)' does not match "
          + "opening parenthesis '\(open.opener.rawValue)'\(place)",
        at: start
      )
    }
    if case .field(let level) = modes.last, level == brackets.count { modes.removeLast() }
    brackets.removeLast()
  }
}

extension Unicode.Scalar {
  /// Whether a name may begin with the character.
  var isNameStart: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "_": true
    default: !isASCII && properties.isXIDStart
    }
  }

  /// Whether a name may go on with the character.
  var isNameContinuation: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "_", "0"..."9": true
    default: !isASCII && properties.isXIDContinue
    }
  }

  /// The number of the character, as in "U+00E9".
  var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Whether NFKC puts another character in the place of this one.
  ///
  /// The standard library knows this only together with case folding, hence the way round by the
  /// lower case, and the two letters of which that is not true.
  fileprivate var hasCompatibilityForm: Bool {
    guard !isASCII, self != "\u{DF}", self != "\u{3C2}" else { return false }
    return properties.lowercaseMapping.unicodeScalars.contains {
      $0.properties.changesWhenNFKCCaseFolded && $0 != "\u{DF}" && $0 != "\u{3C2}"
    }
  }
}
