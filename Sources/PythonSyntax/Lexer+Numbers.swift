/// Numbers: where they end, and that their digits are right.
extension Lexer {
  /// Reads an integer, a floating point or an imaginary number.
  mutating func readNumber() throws(PythonSyntaxError) {
    let start = index
    if current == "0", let base = NumberBase(prefix: next) {
      index += 2
      try readDigits(of: base)
    } else {
      try readDecimal()
    }
    append(.number, from: start)
  }

  /// Reads the digits after `0x` and its like.
  private mutating func readDigits(of base: NumberBase) throws(PythonSyntaxError) {
    let start = index - 2
    repeat {
      if current == "_" { index += 1 }
      guard base.contains(current) else { throw invalidDigit(of: base, from: start) }
      while base.contains(current) { index += 1 }
    } while current == "_"
    if ("0"..."9").contains(current) { throw invalidDigit(of: base, from: start) }
    try requireEnd(of: base, from: start)
  }

  /// Reads the digits, fraction, exponent and `j` of a number without a prefix.
  private mutating func readDecimal() throws(PythonSyntaxError) {
    let start = index
    var isInteger = true
    if current != "." { try readDecimalDigits(from: start) }
    if current == "." {
      isInteger = false
      index += 1
      if ("0"..."9").contains(current) { try readDecimalDigits(from: start) }
    }
    if current == "e" || current == "E", isExponent {
      isInteger = false
      index += ("0"..."9").contains(next) ? 1 : 2
      try readDecimalDigits(from: start)
    }
    if current == "j" || current == "J" {
      isInteger = false
      index += 1
    }
    if isInteger, source[start] == "0" {
      let isZero = source.scalars[start..<index].allSatisfy { $0 == "0" || $0 == "_" }
      guard isZero else {
        throw error(
          "leading zeros in decimal integer literals are not permitted; "
            + "use an 0o prefix for octal integers",
          at: start
        )
      }
    }
    try requireEnd(of: .decimal, from: start)
  }

  /// Whether digits follow the letter of an exponent.
  private var isExponent: Bool {
    let isSigned = next == "+" || next == "-"
    return ("0"..."9").contains(isSigned ? source[index + 2] : next)
  }

  /// Reads digits with single underscores between them.
  private mutating func readDecimalDigits(from start: Int) throws(PythonSyntaxError) {
    while true {
      while ("0"..."9").contains(current) { index += 1 }
      guard current == "_" else { return }
      index += 1
      guard ("0"..."9").contains(current) else { throw invalidDigit(of: .decimal, from: start) }
    }
  }

  /// Refuses a letter right behind the digits, unless it begins one of a few keywords.
  private func requireEnd(
    of base: NumberBase,
    from start: Int
  ) throws(PythonSyntaxError) {
    guard current.isNameContinuation else { return }
    var end = index
    while end - index <= 4, source[end].isNameContinuation { end += 1 }
    if Keyword.afterNumber.contains(source.text(index..<end)) { return }
    throw invalidDigit(of: base, from: start)
  }

  /// The error for a number that goes wrong at the current character.
  private func invalidDigit(of base: NumberBase, from start: Int) -> PythonSyntaxError {
    guard base != .decimal, base != .hexadecimal, ("0"..."9").contains(current) else {
      return error("invalid \(base.name) literal", at: start)
    }
    return error("invalid digit '\(current)' in \(base.name) literal", at: index)
  }
}
