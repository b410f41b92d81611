/// Strings: read in runs of what stands in them as it is, and escape by escape.
extension JSONScanner {
  /// What all strings that are kept may cost: their bytes, and 64 for each to have a place.
  private static let budget = 8 << 20
  /// A string may have so many bytes.
  private static let maximalString = 1 << 20

  /// Reads a string that is kept.
  mutating func string() throws -> String {
    var units: [UInt8] = []
    let before = escapes
    try scanString { scanner, bytes in
      units += bytes
      guard units.count <= Self.maximalString else { throw scanner.failure("a string is too long") }
    }
    // Shown to people, a control character is escaped again.
    cost += units.count + 8 * (escapes - before) + 64
    guard cost <= Self.budget else { throw failure("it says more than a database can have") }
    guard let text = String(validating: units, as: UTF8.self) else {
      throw failure("a string is no text")
    }
    return text
  }

  /// Reads a short string of plain letters and digits, whose bytes somebody else keeps.
  mutating func plainBytes(limit: Int) throws -> [UInt8] {
    var units: [UInt8] = []
    units.reserveCapacity(limit)
    try scanString { scanner, bytes in
      units += bytes
      guard units.count <= limit else { throw scanner.failure("a string is too long") }
    }
    return units
  }

  /// Reads a string and hands on its bytes in UTF-8.
  mutating func scanString(
    _ body: (borrowing JSONScanner, ArraySlice<UInt8>) throws -> Void
  ) throws {
    try expect("\"")
    while try current() != nil {
      let start = position
      while position < piece.count, Self.isPlain(piece[position]) { position += 1 }
      if position > start { try body(self, piece[start..<position]) }
      if position == piece.count { continue }
      switch try next() {
      case UInt8(ascii: "\""): return
      case UInt8(ascii: "\\"): try body(self, escaped()[...])
      default: throw failure("a character that is not ASCII, or a control character,")
      }
    }
    throw failure("a string does not end")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c
  }

  private mutating func escaped() throws -> [UInt8] {
    escapes += 1
    switch try next() {
    case UInt8(ascii: "\""): return [0x22]
    case UInt8(ascii: "\\"): return [0x5c]
    case UInt8(ascii: "/"): return [0x2f]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var value = try unit()
      if (0xd800..<0xdc00).contains(value) {
        guard try next() == 0x5c, try next() == UInt8(ascii: "u") else {
          throw failure("half a surrogate pair")
        }
        let low = try unit()
        guard (0xdc00..<0xe000).contains(low) else { throw failure("half a surrogate pair") }
        value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(value) else { throw failure("half a surrogate pair") }
      return Array(String(scalar).utf8)
    default: throw failure("an escape that JSON does not have")
    }
  }

  private mutating func unit() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try next()
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("an escape that is not hexadecimal")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
