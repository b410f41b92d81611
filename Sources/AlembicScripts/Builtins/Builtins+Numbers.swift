/// `int(x)` and `float(x)`.
extension Builtins {
  static func integer(
    _ value: PythonValue,
    _ arguments: CallArguments
  ) throws -> PythonValue {
    if let number = value.wholeNumber { return .integer(number) }
    switch value {
    case .float(let number):
      guard !number.isNaN else {
        throw arguments.raised("ValueError", "cannot convert float NaN to integer")
      }
      guard number.isFinite else {
        throw arguments.raised("OverflowError", "cannot convert float infinity to integer")
      }
      guard let whole = Int64(exactly: number.rounded(.towardZero)) else { break }
      return .integer(whole)
    case .string(let text):
      let digits = PythonText.stripped(text)
      let isPlain = digits.utf8.allSatisfy { (48...57).contains($0) || $0 == 45 || $0 == 43 }
      if isPlain, let number = Int64(digits) { return .integer(number) }
      if isPlain, digits.utf8.count > 18 { break }
      guard hasOneMeaning(text) else { break }
      throw arguments.raised(
        "ValueError",
        "invalid literal for int() with base 10: \(PythonText.representation(text))"
      )
    case .none, .list, .tuple, .dictionary, .set:
      throw arguments.raised(
        "TypeError",
        "int() argument must be a string, a bytes-like object or a real number, not '\(value.typeName)'"
      )
    default: break
    }
    throw ScriptError.notRead("int() of this value is not read", at: arguments.location)
  }

  static func float(
    _ value: PythonValue,
    _ arguments: CallArguments
  ) throws -> PythonValue {
    if let number = value.number { return .float(number) }
    switch value {
    case .string(let text):
      guard hasOneMeaning(text) else { break }
      if let number = number(in: PythonText.stripped(text)) { return .float(number) }
      throw arguments.raised(
        "ValueError",
        "could not convert string to float: \(PythonText.representation(text))"
      )
    case .none, .list, .tuple, .dictionary, .set:
      throw arguments.raised(
        "TypeError",
        "float() argument must be a string or a real number, not '\(value.typeName)'"
      )
    default: break
    }
    throw ScriptError.notRead("float() of this value is not read", at: arguments.location)
  }

  /// Whether a text is without what means something to Python alone: underscores, and the digits and blanks of other scripts.
  private static func hasOneMeaning(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 < 0x80 && $0 != 95 }
  }

  /// The number that a text is, in the words of Python: not what Swift takes beyond that, such as `0x1p3`.
  private static func number(in text: String) -> Double? {
    let unsigned = text.drop { $0 == "+" || $0 == "-" }
    guard text.utf8.count - unsigned.utf8.count <= 1 else { return nil }
    let word = unsigned.lowercased()
    if ["inf", "infinity", "nan"].contains(word) { return Double(text) }
    let isDecimal = word.utf8.allSatisfy {
      (48...57).contains($0) || [0x2b, 0x2d, 0x2e, 0x65].contains($0)
    }
    guard isDecimal, word.utf8.contains(where: { (48...57).contains($0) }) else { return nil }
    return Double(text)
  }
}
