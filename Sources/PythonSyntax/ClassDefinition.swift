/// A class made by `class`.
package struct ClassDefinition: Sendable, Hashable {
  /// The class's name.
  package var name: String
  /// The bases and keywords in the brackets after the name.
  package var arguments: [Argument]
  /// Its statements, with the docstring.
  package var body: [Statement]
  /// The expressions after `@`, outermost first.
  package var decorators: [Expression]
  /// The type parameters in square brackets (Python 3.12).
  package var typeParameters: [TypeParameter]
}
