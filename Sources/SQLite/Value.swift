/// A value as SQLite stores it, with its storage class (https://www.sqlite.org/datatype3.html).
package enum Value: Hashable, Sendable {
  /// NULL.
  case null
  /// A signed 64-bit integer.
  case integer(Int64)
  /// A 64-bit floating point number.
  case real(Double)
  /// Text; what is not valid UTF-8 is shown with replacement characters.
  case text(String)
  /// Bytes.
  case blob([UInt8])

  /// The number of an integer value; nil for all others.
  package var integerValue: Int64? {
    guard case .integer(let number) = self else { return nil }
    return number
  }

  /// The characters of a text value; nil for all others.
  package var textValue: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }
}
