/// Reads JSON in ASCII (RFC 8259) piece by piece, never more of it in memory than the value at hand.
///
/// A manifest may be somebody else's, and made to hurt: a general decoder builds the whole tree first, twenty times the
/// text's size. This one keeps what it is asked for, within a budget, and passes over everything else.
struct JSONScanner {
  /// Why a text is not what was asked for: what, and where.
  struct Failure: Error, Hashable, CustomStringConvertible {
    /// What was found, as a clause.
    var problem: String
    /// The byte, from 0.
    var offset: Int

    var description: String { "\(problem) at byte \(offset)" }
  }

  // The next piece of the text; empty at its end.
  private let refill: () throws -> [UInt8]
  var piece: [UInt8] = []
  var position = 0
  var offset = 0
  // What the strings that are kept have cost, how many escapes there were, how much was passed over.
  var cost = 0
  var escapes = 0
  var skipped = 0

  init(_ refill: @escaping () throws -> [UInt8]) {
    self.refill = refill
  }

  func failure(_ problem: String) -> Failure {
    Failure(problem: problem, offset: offset + position)
  }

  /// The next byte that is no white space, left where it is; nil at the end of the text.
  mutating func peek() throws -> UInt8? {
    while let byte = try current() {
      guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  /// Takes a punctuation mark if it comes next.
  mutating func take(_ mark: Unicode.Scalar) throws -> Bool {
    guard try peek() == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws {
    guard try take(mark) else { throw failure("there is no '\(mark)'") }
  }

  /// Reads an object: each key, then whatever the body reads as its value.
  mutating func object(_ member: (inout JSONScanner, String) throws -> Void) throws {
    try expect("{")
    if try take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while try take(",")
    try expect("}")
  }

  /// Reads an array: the body reads each element.
  mutating func array(_ element: (inout JSONScanner) throws -> Void) throws {
    try expect("[")
    if try take("]") { return }
    repeat { try element(&self) } while try take(",")
    try expect("]")
  }

  /// Reads a whole number.
  mutating func integer() throws -> Int64 {
    let isNegative = try take("-")
    var number: Int64 = 0
    var digits = 0
    while let byte = try current(), (0x30...0x39).contains(byte) {
      let digit = Int64(byte - 0x30)
      let (shifted, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = shifted.addingReportingOverflow(isNegative ? -digit : digit)
      guard !isTooLarge, !overflows else { throw failure("a number is too large") }
      number = sum
      digits += 1
      position += 1
    }
    guard digits > 0 else { throw failure("there is no number") }
    if let byte = try current(), [0x2e, 0x65, 0x45].contains(byte) {
      throw failure("a number is not whole")
    }
    return number
  }

  /// Takes `null` if it comes next.
  mutating func takeNull() throws -> Bool {
    guard try peek() == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  /// Takes one of the three words that are values.
  mutating func word(_ word: StaticString) throws {
    for byte in word.withUTF8Buffer({ Array($0) }) {
      guard try current() == byte else { throw failure("there is no '\(word)'") }
      position += 1
    }
  }

  /// The byte at hand; nil at the end of the text.
  mutating func current() throws -> UInt8? {
    if position == piece.count {
      offset += piece.count
      position = 0
      piece = try refill()
    }
    return position < piece.count ? piece[position] : nil
  }

  /// Takes the byte at hand.
  mutating func next() throws -> UInt8 {
    guard let byte = try current() else { throw failure("the text ends") }
    position += 1
    return byte
  }
}
