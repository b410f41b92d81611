internal import PythonSyntax

/// Comprehensions and generators, and subscripts.
extension Evaluator {
  func comprehension(_ expression: Expression, in scope: Scope) throws -> PythonValue {
    let position = expression.position
    switch expression.kind {
    case .listComprehension(let element, let clauses):
      return .list(PythonList(try values(element, clauses, in: scope)))
    case .generator(let element, let clauses):
      // Python makes the elements as they are asked for; the subset has nothing by which that could be seen but the order of
      // what they do, so that one that acts on the database is refused by the check.
      return .iterator(PythonIterator(try values(element, clauses, in: scope)))
    case .setComprehension(let element, let clauses):
      return .set(try set(of: try values(element, clauses, in: scope), at: position))
    case .dictionaryComprehension(let key, let value, let clauses):
      let dictionary = PythonDictionary([])
      try run(clauses[...], in: comprehensionScope(clauses, scope), outer: scope) { inner in
        let key = try self.evaluate(key, in: inner)
        guard dictionary.set(key, to: try self.evaluate(value, in: inner)) else {
          throw self.notRead("a key of type \(key.typeName) is not read", at: position)
        }
      }
      return .dictionary(dictionary)
    default: throw notRead("\(expression.kind.shownName) is not read", at: position)
    }
  }

  private func values(
    _ element: Expression,
    _ clauses: [Comprehension],
    in scope: Scope
  ) throws -> [PythonValue] {
    var values: [PythonValue] = []
    try run(clauses[...], in: comprehensionScope(clauses, scope), outer: scope) { inner in
      values.append(try self.evaluate(element, in: inner))
      guard values.count < 1_000_000 else {
        throw self.notRead(
          "a comprehension of more than a million values is not read",
          at: element.position
        )
      }
    }
    return values
  }

  private func comprehensionScope(_ clauses: [Comprehension], _ scope: Scope) -> Scope {
    let inner = Scope(outer: scope)
    inner.locals = Set(clauses.flatMap(\.target.targetNames))
    return inner
  }

  /// Runs the body for every binding of the clauses; the first iterable belongs to the scope outside.
  private func run(
    _ clauses: ArraySlice<Comprehension>,
    in scope: Scope,
    outer: Scope? = nil,
    _ body: (Scope) throws -> Void
  ) throws {
    guard let clause = clauses.first else { return try body(scope) }
    try step(at: clause.iterable.position) {
      try run(clause, clauses.dropFirst(), in: scope, outer: outer, body)
    }
  }

  private func run(
    _ clause: Comprehension,
    _ rest: ArraySlice<Comprehension>,
    in scope: Scope,
    outer: Scope?,
    _ body: (Scope) throws -> Void
  ) throws {
    guard !clause.isAsync else {
      throw notRead("an asynchronous comprehension is not read", at: clause.iterable.position)
    }
    let iterable = try evaluate(clause.iterable, in: outer ?? scope)
    for element in try iterated(iterable, at: clause.iterable.position) {
      try assign(element, to: clause.target, in: scope)
      var holds = true
      for condition in clause.conditions where holds {
        holds = try isTrue(condition, in: scope)
      }
      if holds { try run(rest, in: scope, body) }
    }
  }
}
