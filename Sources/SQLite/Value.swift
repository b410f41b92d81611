/// A value as SQLite stores it, with its storage class (https://www.sqlite.org/datatype3.html).
///
/// Two values are equal if SQLite stores them alike: text is compared by its bytes, where Swift's strings are equal when they
/// look alike ("\u{e9}" and "e\u{301}").
package enum Value: Sendable {
  /// NULL.
  case null
  /// A signed 64-bit integer.
  case integer(Int64)
  /// A 64-bit floating point number.
  case real(Double)
  /// Text.
  case text(String)
  /// Text that is not valid UTF-8, which SQLite stores and hands out all the same.
  case rawText([UInt8])
  /// Bytes.
  case blob([UInt8])

  /// The number of an integer value; nil for all others.
  package var integerValue: Int64? {
    guard case .integer(let number) = self else { return nil }
    return number
  }

  /// The characters of a text value, to be shown; nil for all others.
  ///
  /// What is not valid UTF-8 has replacement characters here, so that nothing may be decided by it.
  package var textValue: String? {
    switch self {
    case .text(let text): text
    case .rawText(let bytes): String(decoding: bytes, as: UTF8.self)
    default: nil
    }
  }

  /// The bytes of a text value in UTF-8, valid or not; nil for all others.
  package var textBytes: [UInt8]? {
    switch self {
    case .text(let text): Array(text.utf8)
    case .rawText(let bytes): bytes
    default: nil
    }
  }

  /// Text of these bytes.
  init(text bytes: UnsafeRawBufferPointer) {
    let text = String(decoding: bytes, as: UTF8.self)
    self = text.utf8.elementsEqual(bytes) ? .text(text) : .rawText([UInt8](bytes))
  }
}

extension Value: Hashable {
  package static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.integer(let left), .integer(let right)): left == right
    case (.real(let left), .real(let right)): left == right
    case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
    case (.rawText(let left), .rawText(let right)), (.blob(let left), .blob(let right)):
      left == right
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .integer(let number): hasher.combine(number)
    case .real(let number): hasher.combine(number)
    case .text(let text): for byte in text.utf8 { hasher.combine(byte) }
    case .rawText(let bytes), .blob(let bytes): hasher.combine(bytes)
    }
  }
}
