/// A literal value.
package enum Constant: Sendable, Hashable {
  /// `None`.
  case none
  /// `True`.
  case `true`
  /// `False`.
  case `false`
  /// `...`.
  case ellipsis
  /// An integer: its normalised digits, and its value if that fits 64 bits.
  ///
  /// The text is decimal without underscores and leading zeros. Only a number beyond 64 bits that
  /// was written in hexadecimal, octal or binary is kept in hexadecimal, with a leading `0x`.
  case integer(text: String, value: Int64?)
  /// A floating point number.
  case float(Double)
  /// An imaginary number: the digits before the `j`, without underscores.
  case imaginary(String)
  /// A string.
  case string(String)
  /// A string of bytes.
  case bytes([UInt8])
}
