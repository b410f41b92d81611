/// What stands in brackets: groups, tuples, lists, sets, dictionaries, comprehensions, subscripts.
extension Parser {
  /// Reads a group, a tuple, a generator or a `yield` in round brackets.
  mutating func group() throws(PythonSyntaxError) -> Expression {
    try enter()
    defer { leave() }
    let start = advance().position
    if accept(.rightParenthesis) { return try make(.tuple([]), at: start) }
    if isAt(.yield) {
      let value = try yieldExpression()
      try expect(.rightParenthesis)
      return value
    }
    let first = try element()
    if isAtComprehension {
      let clauses = try comprehensions(of: first)
      guard accept(.rightParenthesis) else { throw unexpected("')'") }
      return try make(.generator(element: first, clauses: clauses), at: start)
    }
    guard isAt(.comma) else {
      guard accept(.rightParenthesis) else { throw unexpected("',' or ')'") }
      if case .starred = first.kind {
        throw PythonSyntaxError("cannot use starred expression here", at: first.position)
      }
      return first
    }
    let elements = try elements(after: first, until: .rightParenthesis)
    return try make(.tuple(elements), at: start)
  }

  /// Reads a list or a list comprehension.
  mutating func listDisplay() throws(PythonSyntaxError) -> Expression {
    try enter()
    defer { leave() }
    let start = advance().position
    if accept(.rightBracket) { return try make(.list([]), at: start) }
    let first = try element()
    if isAtComprehension {
      let clauses = try comprehensions(of: first)
      guard accept(.rightBracket) else { throw unexpected("']'") }
      return try make(.listComprehension(element: first, clauses: clauses), at: start)
    }
    return try make(.list(elements(after: first, until: .rightBracket)), at: start)
  }

  /// Reads a set or dictionary, or a comprehension of one.
  mutating func braceDisplay() throws(PythonSyntaxError) -> Expression {
    try enter()
    defer { leave() }
    let start = advance().position
    if isAt(.rightBrace) || isAt(.doubleStar) { return try dictionary(first: nil, at: start) }
    let elementStart = token.position
    let first = try element()
    if isAt(.colon) {
      if case .starred = first.kind { throw unexpected("',' or '}'") }
      if case .named = first.kind, first.position == elementStart {
        throw unexpected("',' or '}'")
      }
      return try dictionary(first: first, at: start)
    }
    if isAtComprehension {
      let clauses = try comprehensions(of: first)
      guard accept(.rightBrace) else { throw unexpected("'}'") }
      return try make(.setComprehension(element: first, clauses: clauses), at: start)
    }
    return try make(.set(elements(after: first, until: .rightBrace)), at: start)
  }

  /// Reads the rest of a dictionary, from the colon behind its first key if there is one.
  private mutating func dictionary(
    first: Expression?,
    at start: SourcePosition
  ) throws(PythonSyntaxError) -> Expression {
    var items: [DictionaryItem] = []
    var key = first
    while !isAt(.rightBrace) {
      if key == nil, accept(.doubleStar) {
        items.append(DictionaryItem(key: nil, value: try operation(minimum: .bitwiseOr)))
        if isAtComprehension {
          throw error("dict unpacking cannot be used in dict comprehension")
        }
      } else {
        let itemKey = if let key { key } else { try expression() }
        try expect(.colon)
        let valueStart = token.position
        let value = try captured(expression(), at: valueStart)
        if items.isEmpty, isAtComprehension {
          let clauses = try comprehensions()
          guard accept(.rightBrace) else { throw unexpected("'}'") }
          return try make(
            .dictionaryComprehension(key: itemKey, value: value, clauses: clauses),
            at: start
          )
        }
        items.append(DictionaryItem(key: itemKey, value: value))
      }
      key = nil
      guard accept(.comma) else { break }
    }
    guard accept(.rightBrace) else { throw unexpected("',' or '}'") }
    return try make(.dictionary(items), at: start)
  }

  /// Reads the elements after the first, and the closing bracket.
  private mutating func elements(
    after first: Expression,
    until end: Punctuator
  ) throws(PythonSyntaxError) -> [Expression] {
    var elements = [first]
    while accept(.comma), !isAt(end) { elements.append(try element()) }
    guard accept(end) else { throw unexpected("',' or '\(end.rawValue)'") }
    return elements
  }

  /// Whether a comprehension clause is next.
  var isAtComprehension: Bool {
    isAt(.for) || (isAt(.async) && peek(1) == .keyword(.for))
  }

  /// Reads the clauses of a comprehension whose element cannot be unpacked.
  private mutating func comprehensions(
    of element: Expression
  ) throws(PythonSyntaxError) -> [Comprehension] {
    if case .starred = element.kind {
      throw PythonSyntaxError(
        "iterable unpacking cannot be used in comprehension",
        at: element.position
      )
    }
    return try comprehensions()
  }

  /// Reads the clauses of a comprehension.
  mutating func comprehensions() throws(PythonSyntaxError) -> [Comprehension] {
    var clauses: [Comprehension] = []
    while isAtComprehension {
      let isAsync = accept(.async)
      try expect(.for)
      let target = try loopTarget()
      try expect(.in)
      let iterable = try operation()
      var conditions: [Expression] = []
      while accept(.if) { conditions.append(try operation()) }
      clauses.append(
        Comprehension(
          target: target,
          iterable: iterable,
          conditions: conditions,
          isAsync: isAsync
        )
      )
    }
    return clauses
  }

  /// Reads the indexes of a subscript, with their brackets.
  mutating func subscriptIndex() throws(PythonSyntaxError) -> Expression {
    try enter()
    defer { leave() }
    advance()
    let start = token.position
    var indexes = [try slice()]
    var isTuple = false
    if case .starred = indexes[0].kind { isTuple = true }
    while accept(.comma) {
      isTuple = true
      if isAt(.rightBracket) { break }
      indexes.append(try slice())
    }
    guard accept(.rightBracket) else { throw unexpected("',' or ']'") }
    return isTuple ? try make(.tuple(indexes), at: start) : indexes[0]
  }

  /// Reads one index or slice.
  private mutating func slice() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    var lower: Expression?
    if !isAt(.colon) {
      let index = try element()
      guard isAt(.colon) else { return index }
      lower = index
    }
    try expect(.colon)
    let upper = isAtSliceEnd || isAt(.colon) ? nil : try expression()
    let step = accept(.colon) && !isAtSliceEnd ? try expression() : nil
    return try make(.slice(lower: lower, upper: upper, step: step), at: start)
  }

  private var isAtSliceEnd: Bool { isAt(.comma) || isAt(.rightBracket) }
}
