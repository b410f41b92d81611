/// A function made by `def` or `async def`.
package struct FunctionDefinition: Sendable, Hashable {
  /// The function's name.
  package var name: String
  /// What it takes.
  package var parameters: Parameters
  /// The annotation after `->`.
  package var returns: Expression?
  /// Its statements, with the docstring.
  package var body: [Statement]
  /// The expressions after `@`, outermost first.
  package var decorators: [Expression]
  /// The type parameters in square brackets (Python 3.12).
  package var typeParameters: [TypeParameter]
  /// Whether it was made by `async def`.
  package var isAsync: Bool
}

extension FunctionDefinition {
  /// The function that a lambda stands for.
  ///
  /// - Parameters:
  ///   - parameters: What the lambda takes.
  ///   - body: Its expression.
  ///   - position: Where it stands.
  /// - Returns: A function that returns the expression.
  package static func lambda(
    _ parameters: Parameters,
    _ body: Expression,
    at position: SourcePosition
  ) -> FunctionDefinition {
    FunctionDefinition(
      name: "<lambda>",
      parameters: parameters,
      returns: nil,
      body: [Statement(position: position, kind: .return(body))],
      decorators: [],
      typeParameters: [],
      isAsync: false
    )
  }
}
