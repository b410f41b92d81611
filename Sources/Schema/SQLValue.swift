/// A value that goes into a statement's parameter or comes out of a row, with SQLite's storage class.
package enum SQLValue: Hashable, Sendable {
  /// NULL.
  case null
  /// A signed 64-bit integer.
  case integer(Int64)
  /// A 64-bit floating point number.
  case real(Double)
  /// Text.
  case text(String)
  /// Bytes.
  case blob([UInt8])

  /// The value as a literal in SQL.
  package var literal: String {
    switch self {
    case .null: return "NULL"
    case .integer(let value): return String(value)
    case .real(let value): return "\(value)"
    case .text(let text): return SQLText.literal(text)
    case .blob(let bytes):
      let digits = bytes.map { byte in
        let text = String(byte, radix: 16)
        return text.utf8.count < 2 ? "0" + text : text
      }
      return "X'\(digits.joined())'"
    }
  }
}
