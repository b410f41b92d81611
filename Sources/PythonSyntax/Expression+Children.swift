/// The expressions directly below an expression, for helpers that walk the tree.
extension Expression {
  /// The expressions this one is made of, in the order of the source as far as there is one.
  package var children: [Expression] { kind.children }
}

extension Expression.Kind {
  /// The expressions directly below, in the order of the source as far as there is one.
  var children: [Expression] {
    switch self {
    case .name, .constant: []
    case .formattedString(let parts): parts.children
    case .attribute(let value, _), .starred(let value), .await(let value), .yieldFrom(let value),
      .capture(let value, _), .unaryOperation(_, let value):
      [value]
    case .subscript(let value, let index): [value, index]
    case .slice(let lower, let upper, let step):
      Array(optional: lower) + Array(optional: upper) + Array(optional: step)
    case .call(let function, let arguments): [function] + arguments.map(\.value)
    case .tuple(let elements), .list(let elements), .set(let elements): elements
    case .dictionary(let items): items.flatMap { Array(optional: $0.key) + [$0.value] }
    case .listComprehension(let element, let clauses),
      .setComprehension(let element, let clauses), .generator(let element, let clauses):
      [element] + clauses.flatMap(\.children)
    case .dictionaryComprehension(let key, let value, let clauses):
      [key, value] + clauses.flatMap(\.children)
    case .binaryOperation(let left, _, let right): [left, right]
    case .booleanOperation(_, let values): values
    case .comparison(let left, _, let comparators): [left] + comparators
    case .conditional(let test, let body, let orElse): [body, test, orElse]
    case .lambda(let parameters, let body): parameters.childExpressions + [body]
    case .named(let target, let value): [target, value]
    case .yield(let value): Array(optional: value)
    }
  }
}

extension Expression.Kind {
  /// The depth of the deepest expression directly below; 0 if there is none.
  ///
  /// What scripts are full of is looked at without making an array of it.
  var depthBelow: Int {
    switch self {
    case .name, .constant: 0
    case .attribute(let value, _): value.depth
    case .call(let function, let arguments):
      arguments.reduce(function.depth) { max($0, $1.value.depth) }
    case .tuple(let elements), .list(let elements): elements.reduce(0) { max($0, $1.depth) }
    default: children.reduce(0) { max($0, $1.depth) }
    }
  }
}

extension Parameters {
  /// The annotations and defaults.
  var childExpressions: [Expression] {
    all.flatMap { Array(optional: $0.annotation) + Array(optional: $0.defaultValue) }
  }
}

extension Comprehension {
  /// The target, what it runs over, and the conditions.
  fileprivate var children: [Expression] { [target, iterable] + conditions }
}

extension [FormattedPart] {
  /// The expressions of the fields, and of the fields in their specifications.
  fileprivate var children: [Expression] {
    flatMap { part -> [Expression] in
      switch part {
      case .literal: []
      case .field(let field): [field.value] + (field.specification?.children ?? [])
      }
    }
  }
}
