/// Statements and blocks.
extension Parser {
  /// Reads the statements of a file.
  mutating func moduleBody() throws(PythonSyntaxError) -> [Statement] {
    var body: [Statement] = []
    while token.kind != .end { try readLine(into: &body) }
    return body
  }

  /// Reads one compound statement, or the simple statements of one line.
  private mutating func readLine(into body: inout [Statement]) throws(PythonSyntaxError) {
    if let statement = try compoundStatement() {
      body.append(statement)
    } else {
      try readSimpleStatements(into: &body)
    }
  }

  /// Reads the simple statements of a line, with its end.
  private mutating func readSimpleStatements(
    into body: inout [Statement]
  ) throws(PythonSyntaxError) {
    repeat {
      body.append(try simpleStatement())
    } while accept(.semicolon) && token.kind != .newline
    guard token.kind == .newline else { throw unexpected("the end of the statement") }
    advance()
  }

  /// Reads the colon and block of a compound statement.
  ///
  /// - Parameters:
  ///   - owner: The statement, as errors name it.
  ///   - position: Where the statement begins.
  /// - Returns: The statements of the block.
  /// - Throws: The first place that cannot be read.
  mutating func block(
    of owner: String,
    at position: SourcePosition
  ) throws(PythonSyntaxError) -> [Statement] {
    try expect(.colon)
    try enter()
    defer { leave() }
    var body: [Statement] = []
    guard token.kind == .newline else {
      try readSimpleStatements(into: &body)
      return body
    }
    advance()
    guard token.kind == .indent else {
      throw error("expected an indented block after \(owner) on line \(position.line)")
    }
    advance()
    while token.kind != .dedent, token.kind != .end { try readLine(into: &body) }
    if token.kind == .dedent { advance() }
    return body
  }

  /// Reads a statement that has a block, if one is next.
  private mutating func compoundStatement() throws(PythonSyntaxError) -> Statement? {
    let position = token.position
    switch token.kind {
    case .keyword(.if): return try ifStatement()
    case .keyword(.for): return try forStatement(isAsync: false, at: position)
    case .keyword(.while): return try whileStatement()
    case .keyword(.try): return try tryStatement()
    case .keyword(.with): return try withStatement(isAsync: false, at: position)
    case .keyword(.def):
      return try functionDefinition(decorators: [], isAsync: false, at: position)
    case .keyword(.class): return try classDefinition(decorators: [])
    case .punctuator(.at): return try decoratedDefinition()
    case .keyword(.async): return try asyncStatement(decorators: [])
    case .name where isAt(word: "match") && isMatchStatement: return try matchStatement()
    default: return nil
    }
  }

  /// Reads a statement that begins with `async`.
  mutating func asyncStatement(decorators: [Expression]) throws(PythonSyntaxError) -> Statement {
    let position = advance().position
    switch token.kind {
    case .keyword(.def):
      return try functionDefinition(decorators: decorators, isAsync: true, at: position)
    case .keyword(.for) where decorators.isEmpty:
      return try forStatement(isAsync: true, at: position)
    case .keyword(.with) where decorators.isEmpty:
      return try withStatement(isAsync: true, at: position)
    default: throw unexpected("'def'\(decorators.isEmpty ? ", 'for' or 'with'" : "")")
    }
  }
}
