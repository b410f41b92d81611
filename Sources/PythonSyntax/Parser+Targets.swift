/// The targets of assignments, loops and deletions.
extension Parser {
  /// What a target is for.
  enum TargetUse {
    case assignment
    case augmentedAssignment
    case annotation
    case deletion
  }

  /// Reads the target of a loop, up to its `in`.
  mutating func loopTarget() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    var target = try starTarget()
    if isAt(.comma) {
      var elements = [target]
      while accept(.comma), isAtExpressionStart { elements.append(try starTarget()) }
      target = try make(.tuple(elements), at: start)
    }
    try requireTarget(target, of: .assignment)
    return target
  }

  /// Reads one target; a comparison is left alone, since `in` may follow.
  mutating func starTarget() throws(PythonSyntaxError) -> Expression {
    isAt(.star) ? try starred() : try operation(minimum: .bitwiseOr)
  }

  /// Refuses an expression that cannot be a target.
  func requireTarget(
    _ target: Expression,
    of use: TargetUse
  ) throws(PythonSyntaxError) {
    switch (target.kind, use) {
    case (.name, _), (.attribute, _), (.subscript, _): return
    case (.tuple(let elements), .assignment), (.tuple(let elements), .deletion),
      (.list(let elements), .assignment), (.list(let elements), .deletion):
      for element in elements { try requireTarget(element, of: use) }
    case (.starred(let value), .assignment): try requireTarget(value, of: use)
    case (_, .assignment): throw refused(target, "cannot assign to \(target.kind.noun)")
    case (_, .augmentedAssignment):
      let noun = target.kind.noun
      throw refused(target, "'\(noun)' is an illegal expression for augmented assignment")
    case (.tuple, .annotation), (.list, .annotation):
      throw refused(target, "only single target (not \(target.kind.noun)) can be annotated")
    case (_, .annotation): throw refused(target, "illegal target for annotation")
    case (_, .deletion): throw refused(target, "cannot delete \(target.kind.noun)")
    }
  }

  private func refused(_ target: Expression, _ message: String) -> PythonSyntaxError {
    PythonSyntaxError(message, at: target.position)
  }
}

extension Expression.Kind {
  /// What CPython calls such an expression in its errors.
  var noun: String {
    switch self {
    case .name: "name"
    case .constant(let constant): constant.noun
    case .formattedString: "f-string expression"
    case .attribute: "attribute"
    case .subscript: "subscript"
    case .slice: "slice"
    case .call: "function call"
    case .starred: "starred"
    case .tuple: "tuple"
    case .list: "list"
    case .set: "set display"
    case .dictionary: "dict literal"
    case .listComprehension: "list comprehension"
    case .setComprehension: "set comprehension"
    case .generator: "generator expression"
    case .dictionaryComprehension: "dict comprehension"
    case .unaryOperation, .binaryOperation, .booleanOperation: "expression"
    case .comparison: "comparison"
    case .conditional: "conditional expression"
    case .lambda: "lambda"
    case .named: "named expression"
    case .await: "await expression"
    case .yield, .yieldFrom: "yield expression"
    case .capture: "pattern"
    }
  }
}

extension Constant {
  /// What CPython calls such a constant in its errors.
  fileprivate var noun: String {
    switch self {
    case .none: "None"
    case .true: "True"
    case .false: "False"
    case .ellipsis: "ellipsis"
    case .integer, .float, .imaginary, .string, .bytes: "literal"
    }
  }
}
