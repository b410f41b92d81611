/// Functions, classes and their decorators.
extension Parser {
  /// Reads decorators and the definition below them.
  mutating func decoratedDefinition() throws(PythonSyntaxError) -> Statement {
    var decorators: [Expression] = []
    while accept(.at) {
      decorators.append(try namedExpression())
      guard token.kind == .newline else { throw unexpected("the end of the line") }
      advance()
    }
    switch token.kind {
    case .keyword(.def):
      return try functionDefinition(
        decorators: decorators,
        isAsync: false,
        at: token.position
      )
    case .keyword(.async): return try asyncStatement(decorators: decorators)
    case .keyword(.class): return try classDefinition(decorators: decorators)
    default: throw unexpected("'def' or 'class'")
    }
  }

  /// Reads a function from its `def`.
  mutating func functionDefinition(
    decorators: [Expression],
    isAsync: Bool,
    at position: SourcePosition
  ) throws(PythonSyntaxError) -> Statement {
    try expect(.def)
    let name = try expectName()
    let typeParameters = try typeParameters()
    try expect(.leftParenthesis)
    try enter()
    let parameters = try parameters(until: .rightParenthesis, areAnnotated: true)
    try expect(.rightParenthesis)
    leave()
    let returns = accept(.arrow) ? try expression() : nil
    let body = try block(of: "function definition", at: position)
    let definition = FunctionDefinition(
      name: name,
      parameters: parameters,
      returns: returns,
      body: body,
      decorators: decorators,
      typeParameters: typeParameters,
      isAsync: isAsync
    )
    return Statement(position: position, kind: .functionDefinition(definition))
  }

  /// Reads a class from its `class`.
  mutating func classDefinition(
    decorators: [Expression]
  ) throws(PythonSyntaxError) -> Statement {
    let position = advance().position
    let name = try expectName()
    let typeParameters = try typeParameters()
    let arguments = isAt(.leftParenthesis) ? try arguments() : []
    let body = try block(of: "class definition", at: position)
    let definition = ClassDefinition(
      name: name,
      arguments: arguments,
      body: body,
      decorators: decorators,
      typeParameters: typeParameters
    )
    return Statement(position: position, kind: .classDefinition(definition))
  }

  /// Reads type parameters in square brackets, if they are next.
  mutating func typeParameters() throws(PythonSyntaxError) -> [TypeParameter] {
    guard accept(.leftBracket) else { return [] }
    try enter()
    var parameters: [TypeParameter] = []
    repeat {
      let position = token.position
      let stars = accept(.star) ? 1 : accept(.doubleStar) ? 2 : 0
      let name = try expectName()
      let bound = stars == 0 && accept(.colon) ? try expression() : nil
      parameters.append(
        TypeParameter(position: position, name: name, stars: stars, bound: bound)
      )
    } while accept(.comma) && !isAt(.rightBracket)
    try expect(.rightBracket)
    leave()
    return parameters
  }
}
