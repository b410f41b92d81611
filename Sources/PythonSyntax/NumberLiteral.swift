/// The value of a number that the lexer found to be well-formed.
enum NumberLiteral {
  /// The constant a number stands for, or nil if its value has no floating point form.
  static func constant(of text: String) -> Constant? {
    // A literal has no sign, and most are lengths.
    if let value = Int64(text) { return .integer(text: String(value), value: value) }
    var digits = text.filter { $0 != "_" }.lowercased()
    if let base = digits.unicodeScalars.dropFirst().first.flatMap(NumberBase.init(prefix:)) {
      return integer(of: String(digits.dropFirst(2)), base: base)
    }
    if digits.hasSuffix("j") {
      digits.removeLast()
      return .imaginary(digits)
    }
    guard digits.allSatisfy(\.isNumber) else {
      // Swift wants a digit on both sides of the point, Python on one.
      if digits.hasPrefix(".") { digits = "0" + digits }
      digits = digits.replacingPoint()
      return Double(digits).map { .float($0) }
    }
    return integer(of: digits, base: .decimal)
  }

  /// The integer that digits of a base stand for.
  private static func integer(of digits: String, base: NumberBase) -> Constant {
    let digits = digits.drop { $0 == "0" }
    guard !digits.isEmpty else { return .integer(text: "0", value: 0) }
    if let value = Int64(digits, radix: base.rawValue) {
      return .integer(text: String(value), value: value)
    }
    switch base {
    case .decimal: return .integer(text: String(digits), value: nil)
    case .hexadecimal: return .integer(text: "0x" + digits, value: nil)
    case .octal: return .integer(text: "0x" + hexadecimal(of: digits, bits: 3), value: nil)
    case .binary: return .integer(text: "0x" + hexadecimal(of: digits, bits: 1), value: nil)
    }
  }

  /// The hexadecimal form of octal or binary digits, without leading zeros.
  private static func hexadecimal(of digits: Substring, bits: Int) -> String {
    var reversed = ""
    var pending = 0
    var count = 0
    for digit in digits.reversed() {
      pending |= (digit.hexDigitValue ?? 0) << count
      count += bits
      while count >= 4 {
        reversed += String(pending & 0xF, radix: 16)
        pending >>= 4
        count -= 4
      }
    }
    reversed += String(pending, radix: 16)
    return String(String(reversed.reversed()).drop { $0 == "0" })
  }
}

extension String {
  /// The text with a zero after a point that no digit follows: "1." and "1.e5".
  fileprivate func replacingPoint() -> String {
    guard let point = firstIndex(of: ".") else { return self }
    let after = index(after: point)
    guard after == endIndex || !self[after].isNumber else { return self }
    return self[...point] + "0" + self[after...]
  }
}
