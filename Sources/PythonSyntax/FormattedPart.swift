/// A part of an f-string.
package enum FormattedPart: Sendable, Hashable {
  /// Text that stands for itself; never empty, and never next to another literal.
  case literal(String)
  /// What stands between braces.
  case field(FormattedField)
}

/// What stands between the braces of an f-string.
///
/// The text that `{value=}` shows before the value is in the literal before the field.
package struct FormattedField: Sendable, Hashable {
  /// Where the opening brace stands.
  package var position: SourcePosition
  /// The value that is shown.
  package var value: Expression
  /// How the value becomes text before it is formatted; `{value=}` alone means `!r`.
  package var conversion: Conversion?
  /// The parts after `:`.
  package var specification: [FormattedPart]?

  /// The letter after `!` in a field.
  package enum Conversion: Character, Sendable, Hashable {
    /// `!s`: `str()`.
    case string = "s"
    /// `!r`: `repr()`.
    case representation = "r"
    /// `!a`: `ascii()`.
    case ascii = "a"
  }
}
