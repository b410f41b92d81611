/// The expressions and statements directly below a statement, for helpers that walk the tree.
extension Statement {
  /// The statements of every block of this one, in the order of the source.
  package var childStatements: [Statement] {
    switch kind {
    case .functionDefinition(let definition): definition.body
    case .classDefinition(let definition): definition.body
    case .if(let branches, let orElse): branches.flatMap(\.body) + orElse
    case .for(_, _, let body, let orElse, _): body + orElse
    case .while(_, let body, let orElse): body + orElse
    case .with(_, let body, _): body
    case .try(let clauses):
      clauses.body + clauses.handlers.flatMap(\.body) + clauses.orElse + clauses.finally
    case .match(_, let cases): cases.flatMap(\.body)
    case .expression, .assign, .augmentedAssign, .annotatedAssign, .typeAlias, .import,
      .importFrom, .return, .raise, .assert, .delete, .global, .nonlocal, .pass, .break,
      .continue:
      []
    }
  }

  /// The expressions of this statement, without those of the statements in its blocks.
  package var childExpressions: [Expression] {
    switch kind {
    case .expression(let value): [value]
    case .assign(let targets, let value): targets + [value]
    case .augmentedAssign(let target, _, let value): [target, value]
    case .annotatedAssign(let target, let annotation, let value, _):
      [target, annotation] + Array(optional: value)
    case .typeAlias(_, let parameters, let value): parameters.compactMap(\.bound) + [value]
    case .functionDefinition(let definition): definition.childExpressions
    case .classDefinition(let definition):
      definition.decorators + definition.typeParameters.compactMap(\.bound)
        + definition.arguments.map(\.value)
    case .if(let branches, _): branches.map(\.test)
    case .for(let target, let iterable, _, _, _): [target, iterable]
    case .while(let test, _, _): [test]
    case .with(let items, _, _): items.flatMap { [$0.context] + Array(optional: $0.target) }
    case .try(let clauses): clauses.handlers.compactMap(\.type)
    case .match(let subject, let cases):
      [subject] + cases.flatMap { [$0.pattern] + Array(optional: $0.guardTest) }
    case .return(let value): Array(optional: value)
    case .raise(let exception, let cause): Array(optional: exception) + Array(optional: cause)
    case .assert(let test, let message): [test] + Array(optional: message)
    case .delete(let targets): targets
    case .import, .importFrom, .global, .nonlocal, .pass, .break, .continue: []
    }
  }
}

extension FunctionDefinition {
  /// The expressions of the definition itself: decorators, bounds, annotations and defaults.
  fileprivate var childExpressions: [Expression] {
    decorators + typeParameters.compactMap(\.bound) + parameters.childExpressions
      + Array(optional: returns)
  }
}
