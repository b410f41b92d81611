/// One type parameter of a definition or a type alias (Python 3.12).
package struct TypeParameter: Sendable, Hashable {
  /// Where it begins, with its stars.
  package var position: SourcePosition
  /// Its name.
  package var name: String
  /// The number of stars before the name: 0, 1 or 2.
  package var stars: Int
  /// The bound after `:`.
  package var bound: Expression?
}
