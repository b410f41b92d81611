/// The four kinds of strings.
extension TOMLParser {
  /// A string in single or double quotes, of one line or, where it may be, of several in three of them.
  mutating func string(mayBeLong: Bool) throws(TOMLError) -> String {
    let quote = rest[rest.startIndex]
    let isLong = mayBeLong && rest.starts(with: [quote, quote, quote])
    rest = rest.dropFirst(isLong ? 3 : 1)
    if isLong {
      // A line end right after the quotes is none of the text.
      if rest.starts(with: [0x0d, 0x0a]) {
        rest = rest.dropFirst(2)
      } else if rest.first == 0x0a {
        rest = rest.dropFirst()
      }
    }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == quote {
        guard isLong else { return String(decoding: bytes, as: UTF8.self) }
        let quotes = 1 + rest.prefix { $0 == quote }.count
        // Up to two quotes may stand before the three that end it.
        guard quotes >= 3 else {
          bytes.append(byte)
          continue
        }
        let own = min(quotes, 5) - 3
        bytes += Array(repeating: quote, count: own)
        rest = rest.dropFirst(own + 2)
        return String(decoding: bytes, as: UTF8.self)
      }
      if byte == 0x0a, !isLong { break }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        bytes += try escaped(isLong: isLong)
      } else if byte != 0x0d || rest.first != 0x0a {
        bytes.append(byte)
      }
    }
    throw error("a string does not end")
  }

  /// What follows a backslash.
  private mutating func escaped(isLong: Bool) throws(TOMLError) -> [UInt8] {
    guard let byte = rest.popFirst() else { throw error("a string does not end") }
    switch byte {
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "u"): return try scalar(digits: 4)
    case UInt8(ascii: "U"): return try scalar(digits: 8)
    case 0x20, 0x09, 0x0a,
      0x0d where isLong:
      // A backslash at the end of a line takes all blanks and line ends up to the next character with it.
      let blanks = [byte] + rest.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
      guard isLong, blanks.contains(0x0a) else { throw error("an unknown escape in a string") }
      rest = rest.dropFirst(blanks.count - 1)
      return []
    default: throw error("an unknown escape in a string")
    }
  }

  private mutating func scalar(digits count: Int) throws(TOMLError) -> [UInt8] {
    let digits = rest.prefix(count)
    let isNumber =
      digits.count == count && digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard isNumber, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw error("an unknown escape in a string") }
    rest = rest.dropFirst(count)
    return Array(String(Character(scalar)).utf8)
  }
}
