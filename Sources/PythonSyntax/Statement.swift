/// A statement of a Python file, named after the classes of Python's own `ast` module.
package struct Statement: Sendable, Hashable {
  /// Where its first word begins; for a decorated definition, at `def` or `class`.
  package var position: SourcePosition
  /// What it does.
  package var kind: Kind

  /// What a statement does, with its parts.
  package indirect enum Kind: Sendable, Hashable {
    /// An expression evaluated for its effect.
    case expression(Expression)
    /// `a = b = value`, with every target in order.
    case assign(targets: [Expression], value: Expression)
    /// `target += value` and its like.
    case augmentedAssign(target: Expression, operator: BinaryOperator, value: Expression)
    /// `target: annotation = value`; simple if the target is a name without brackets.
    case annotatedAssign(
      target: Expression,
      annotation: Expression,
      value: Expression?,
      isSimple: Bool
    )
    /// `type name[parameters] = value`.
    case typeAlias(name: String, typeParameters: [TypeParameter], value: Expression)
    /// `import a.b as c, d`.
    case `import`([ImportAlias])
    /// `from ..module import a as b`; level counts the leading dots, and a star is an alias named "*".
    case importFrom(module: String?, names: [ImportAlias], level: Int)
    /// `def` and `async def`.
    case functionDefinition(FunctionDefinition)
    /// `class`.
    case classDefinition(ClassDefinition)
    /// `if`, with one branch for it and for each `elif`.
    case `if`(branches: [ConditionalBranch], orElse: [Statement])
    /// `for` and `async for`.
    case `for`(
      target: Expression,
      iterable: Expression,
      body: [Statement],
      orElse: [Statement],
      isAsync: Bool
    )
    /// `while`.
    case `while`(test: Expression, body: [Statement], orElse: [Statement])
    /// `with` and `async with`.
    case with(items: [WithItem], body: [Statement], isAsync: Bool)
    /// `try`, with `except` or `except*` clauses.
    case `try`(TryStatement)
    /// `match`.
    case match(subject: Expression, cases: [MatchCase])
    /// `return`.
    case `return`(Expression?)
    /// `raise exception from cause`.
    case raise(exception: Expression?, cause: Expression?)
    /// `assert test, message`.
    case assert(test: Expression, message: Expression?)
    /// `del`.
    case delete([Expression])
    /// `global`.
    case global([String])
    /// `nonlocal`.
    case nonlocal([String])
    /// `pass`.
    case pass
    /// `break`.
    case `break`
    /// `continue`.
    case `continue`
  }
}
