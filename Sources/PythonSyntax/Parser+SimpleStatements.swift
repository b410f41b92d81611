/// Statements without a block.
extension Parser {
  /// Reads one simple statement, up to the semicolon or line end after it.
  mutating func simpleStatement() throws(PythonSyntaxError) -> Statement {
    let position = token.position
    return Statement(position: position, kind: try simpleStatementKind())
  }

  private mutating func simpleStatementKind() throws(PythonSyntaxError) -> Statement.Kind {
    guard case .keyword(let keyword) = token.kind else {
      return isTypeAlias ? try typeAlias() : try assignmentOrExpression()
    }
    switch keyword {
    case .import: return try importStatement()
    case .from: return try importFromStatement()
    case .pass: return passed(.pass)
    case .break: return passed(.break)
    case .continue: return passed(.continue)
    case .return:
      advance()
      return .return(isAtStatementEnd ? nil : try starExpressions())
    case .raise:
      advance()
      guard !isAtStatementEnd else { return .raise(exception: nil, cause: nil) }
      let exception = try expression()
      return .raise(exception: exception, cause: accept(.from) ? try expression() : nil)
    case .assert:
      advance()
      let test = try expression()
      return .assert(test: test, message: accept(.comma) ? try expression() : nil)
    case .del: return try deleteStatement()
    case .global:
      advance()
      return .global(try nameList())
    case .nonlocal:
      advance()
      return .nonlocal(try nameList())
    default: return try assignmentOrExpression()
    }
  }

  /// Passes the keyword that is a whole statement.
  private mutating func passed(_ kind: Statement.Kind) -> Statement.Kind {
    advance()
    return kind
  }

  /// Whether the statement ends here.
  private var isAtStatementEnd: Bool {
    token.kind == .newline || token.kind == .end || isAt(.semicolon)
  }

  /// Reads names with commas between them.
  private mutating func nameList() throws(PythonSyntaxError) -> [String] {
    var names: [String] = []
    repeat {
      names.append(try expectName())
    } while accept(.comma)
    return names
  }

  /// Reads a `del` statement.
  private mutating func deleteStatement() throws(PythonSyntaxError) -> Statement.Kind {
    advance()
    var targets: [Expression] = []
    repeat {
      let target = try starTarget()
      try requireTarget(target, of: .deletion)
      targets.append(target)
    } while accept(.comma) && !isAtStatementEnd
    return .delete(targets)
  }

  /// Whether the name that is next is the `type` of a type alias.
  private var isTypeAlias: Bool {
    isAt(word: "type") && peek(1) == .name
      && (peek(2) == .punctuator(.equal) || peek(2) == .punctuator(.leftBracket))
  }

  /// Reads a `type` statement.
  private mutating func typeAlias() throws(PythonSyntaxError) -> Statement.Kind {
    advance()
    let name = try expectName()
    let typeParameters = try typeParameters()
    try expect(.equal)
    return .typeAlias(name: name, typeParameters: typeParameters, value: try expression())
  }

  /// Reads an assignment of any kind, or an expression that stands alone.
  private mutating func assignmentOrExpression() throws(PythonSyntaxError) -> Statement.Kind {
    let start = token.position
    var value = try assignedValue()
    if case .punctuator(let mark) = token.kind, let binary = mark.augmentedOperator {
      try requireTarget(value, of: .augmentedAssignment)
      advance()
      return .augmentedAssign(target: value, operator: binary, value: try assignedValue())
    }
    if isAt(.colon) { return try annotatedAssignment(of: value, at: start) }
    var targets: [Expression] = []
    while isAt(.equal) {
      try requireTarget(value, of: .assignment)
      advance()
      targets.append(value)
      value = try assignedValue()
    }
    return targets.isEmpty ? .expression(value) : .assign(targets: targets, value: value)
  }

  /// Reads the annotation and value of a target.
  private mutating func annotatedAssignment(
    of target: Expression,
    at start: SourcePosition
  ) throws(PythonSyntaxError) -> Statement.Kind {
    try requireTarget(target, of: .annotation)
    advance()
    let annotation = try expression()
    let value = accept(.equal) ? try assignedValue() : nil
    var isSimple = false
    // A bracket around the name is not in the tree, but moves the start of the statement.
    if case .name = target.kind { isSimple = target.position == start }
    return .annotatedAssign(
      target: target,
      annotation: annotation,
      value: value,
      isSimple: isSimple
    )
  }

  /// Reads what may stand on the right of an assignment.
  private mutating func assignedValue() throws(PythonSyntaxError) -> Expression {
    isAt(.yield) ? try yieldExpression() : try starExpressions()
  }
}
