/// `if`, the loops, `try` and `with`.
extension Parser {
  /// Reads an `if` statement with its `elif` and `else`.
  mutating func ifStatement() throws(PythonSyntaxError) -> Statement {
    let position = token.position
    var branches: [ConditionalBranch] = []
    repeat {
      let name = "'\(text)' statement"
      let start = advance().position
      let test = try namedExpression()
      let body = try block(of: name, at: start)
      branches.append(ConditionalBranch(position: start, test: test, body: body))
    } while isAt(.elif)
    let orElse = try elseBlock()
    return Statement(position: position, kind: .if(branches: branches, orElse: orElse))
  }

  /// Reads an `else` and its block, if it is next.
  private mutating func elseBlock() throws(PythonSyntaxError) -> [Statement] {
    guard isAt(.else) else { return [] }
    let start = advance().position
    return try block(of: "'else' statement", at: start)
  }

  /// Reads a `for` loop.
  mutating func forStatement(
    isAsync: Bool,
    at position: SourcePosition
  ) throws(PythonSyntaxError) -> Statement {
    try expect(.for)
    let target = try loopTarget()
    try expect(.in)
    let iterable = try starExpressions()
    let body = try block(of: "'for' statement", at: position)
    let orElse = try elseBlock()
    return Statement(
      position: position,
      kind: .for(target: target, iterable: iterable, body: body, orElse: orElse, isAsync: isAsync)
    )
  }

  /// Reads a `while` loop.
  mutating func whileStatement() throws(PythonSyntaxError) -> Statement {
    let position = advance().position
    let test = try namedExpression()
    let body = try block(of: "'while' statement", at: position)
    let orElse = try elseBlock()
    return Statement(position: position, kind: .while(test: test, body: body, orElse: orElse))
  }

  /// Reads a `try` statement with its clauses.
  mutating func tryStatement() throws(PythonSyntaxError) -> Statement {
    let position = advance().position
    var clauses = TryStatement(
      body: try block(of: "'try' statement", at: position),
      handlers: [],
      orElse: [],
      finally: [],
      isStarred: false
    )
    while isAt(.except) { try readHandler(into: &clauses) }
    if !clauses.handlers.isEmpty { clauses.orElse = try elseBlock() }
    if isAt(.finally) {
      let start = advance().position
      clauses.finally = try block(of: "'finally' statement", at: start)
    } else if clauses.handlers.isEmpty {
      throw error("expected 'except' or 'finally' block")
    }
    return Statement(position: position, kind: .try(clauses))
  }

  /// Reads one `except` clause.
  private mutating func readHandler(
    into clauses: inout TryStatement
  ) throws(PythonSyntaxError) {
    let position = advance().position
    let isStarred = accept(.star)
    guard clauses.handlers.isEmpty || clauses.isStarred == isStarred else {
      throw PythonSyntaxError(
        "cannot have both 'except' and 'except*' on the same 'try'",
        at: position
      )
    }
    clauses.isStarred = isStarred
    var type: Expression?
    var name: String?
    if !isAt(.colon) {
      type = try expression()
      if isAt(.comma) { throw error("multiple exception types must be parenthesized") }
      if accept(.as) { name = try expectName() }
    } else if isStarred {
      throw error("expected one or more exception types")
    }
    let owner = isStarred ? "'except*' statement" : "'except' statement"
    let body = try block(of: owner, at: position)
    clauses.handlers.append(
      ExceptHandler(position: position, type: type, name: name, body: body)
    )
  }

  /// Reads a `with` statement.
  mutating func withStatement(
    isAsync: Bool,
    at position: SourcePosition
  ) throws(PythonSyntaxError) -> Statement {
    try expect(.with)
    let items = try withItems()
    let body = try block(of: "'with' statement", at: position)
    return Statement(position: position, kind: .with(items: items, body: body, isAsync: isAsync))
  }

  /// Reads the items of a `with` statement: brackets may be around all of them, or part of one.
  private mutating func withItems() throws(PythonSyntaxError) -> [WithItem] {
    guard isAt(.leftParenthesis) else { return try plainWithItems() }
    let start = checkpoint
    let first: PythonSyntaxError
    do throws(PythonSyntaxError) {
      if let items = try bracketedWithItems() { return items }
      restore(start)
      return try plainWithItems()
    } catch {
      first = error
    }
    do throws(PythonSyntaxError) {
      restore(start)
      return try plainWithItems()
    } catch {
      throw first.position > error.position ? first : error
    }
  }

  /// Reads items in brackets, or nil if the brackets do not end the list of items.
  private mutating func bracketedWithItems() throws(PythonSyntaxError) -> [WithItem]? {
    try expect(.leftParenthesis)
    try enter()
    var items: [WithItem] = []
    repeat {
      items.append(try withItem())
    } while accept(.comma) && !isAt(.rightParenthesis)
    try expect(.rightParenthesis)
    leave()
    return isAt(.colon) ? items : nil
  }

  /// Reads items without brackets around them.
  private mutating func plainWithItems() throws(PythonSyntaxError) -> [WithItem] {
    var items: [WithItem] = []
    repeat {
      items.append(try withItem())
    } while accept(.comma)
    return items
  }

  /// Reads one item.
  private mutating func withItem() throws(PythonSyntaxError) -> WithItem {
    let context = try expression()
    guard accept(.as) else { return WithItem(context: context, target: nil) }
    let target = try starTarget()
    try requireTarget(target, of: .assignment)
    return WithItem(context: context, target: target)
  }
}
