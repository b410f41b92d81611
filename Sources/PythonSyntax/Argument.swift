/// One argument of a call or of a class definition.
package struct Argument: Sendable, Hashable {
  /// Where it begins, with its keyword or stars.
  package var position: SourcePosition
  /// How it is passed.
  package var kind: Kind
  /// What is passed.
  package var value: Expression

  /// How an argument is passed.
  package enum Kind: Sendable, Hashable {
    /// `value`.
    case positional
    /// `*value`.
    case unpackedSequence
    /// `name=value`.
    case keyword(String)
    /// `**value`.
    case unpackedMapping
  }
}
