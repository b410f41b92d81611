/// Values that nobody has asked for: passed over, up to a limit.
extension JSONScanner {
  /// How deep values that are passed over may be nested.
  private static let maximalDepth = 32
  /// What is passed over because it is unknown may have so many bytes.
  private static let maximalSkip = 1 << 20

  /// Passes over one value of any kind.
  mutating func skip() throws {
    // Which brackets are open; no recursion, so that no nesting can exhaust the stack.
    var closing: [Unicode.Scalar] = []
    let allowed = offset + position + Self.maximalSkip - skipped
    defer { skipped = Self.maximalSkip - (allowed - offset - position) }
    repeat {
      try skipToValue(&closing)
      guard offset + position <= allowed else { throw failure("too much of it is unknown") }
      while let last = closing.last {
        if try take(",") {
          if last == "}" { try skipKey() }
          break
        }
        try expect(last)
        closing.removeLast()
      }
    } while !closing.isEmpty
  }

  /// Passes over a scalar, or opens brackets until there is one or they are empty.
  private mutating func skipToValue(_ closing: inout [Unicode.Scalar]) throws {
    while true {
      guard closing.count < Self.maximalDepth else { throw failure("it is nested too deep") }
      if try take("[") {
        closing.append("]")
        if try peek() == UInt8(ascii: "]") { return }
      } else if try take("{") {
        closing.append("}")
        if try peek() == UInt8(ascii: "}") { return }
        try skipKey()
      } else {
        return try skipScalar()
      }
    }
  }

  private mutating func skipKey() throws {
    try scanString { _, _ in }
    try expect(":")
  }

  private mutating func skipScalar() throws {
    switch try peek() {
    case UInt8(ascii: "\""): try scanString { _, _ in }
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case let byte? where byte == 0x2d || (0x30...0x39).contains(byte):
      while let byte = try current(),
        (0x30...0x39).contains(byte) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains(byte)
      {
        position += 1
      }
    default: throw failure("there is no value")
    }
  }
}
