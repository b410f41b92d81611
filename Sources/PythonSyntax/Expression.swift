/// An expression of a Python file, named after the classes of Python's own `ast` module.
package struct Expression: Sendable, Hashable {
  /// Where it begins, as `ast` has it: without the brackets that only group it.
  package let position: SourcePosition
  /// What it computes.
  package let kind: Kind
  /// The number of expressions on the longest way down from this one, itself included.
  ///
  /// The parser keeps it below `Parser.maximumDepth`, so that walking a tree by recursion is safe.
  package let depth: Int

  /// Makes an expression and measures its depth.
  init(position: SourcePosition, kind: Kind) {
    self.position = position
    self.kind = kind
    depth = kind.depthBelow + 1
  }

  /// What an expression computes, with its parts.
  package indirect enum Kind: Sendable, Hashable {
    /// A name.
    case name(String)
    /// A literal, or strings written next to each other.
    case constant(Constant)
    /// An f-string, or strings next to each other of which one is an f-string.
    case formattedString([FormattedPart])
    /// `value.name`.
    case attribute(value: Expression, name: String)
    /// `value[index]`; several indexes are a tuple.
    case `subscript`(value: Expression, index: Expression)
    /// `lower:upper:step`, within a subscript only.
    case slice(lower: Expression?, upper: Expression?, step: Expression?)
    /// `function(arguments)`.
    case call(function: Expression, arguments: [Argument])
    /// `*value` in a display, a target or a subscript.
    case starred(Expression)
    /// `(a, b)`, with or without the brackets.
    case tuple([Expression])
    /// `[a, b]`.
    case list([Expression])
    /// `{a, b}`.
    case set([Expression])
    /// `{key: value, **other}`.
    case dictionary([DictionaryItem])
    /// `[element for ...]`.
    case listComprehension(element: Expression, clauses: [Comprehension])
    /// `{element for ...}`.
    case setComprehension(element: Expression, clauses: [Comprehension])
    /// `(element for ...)`.
    case generator(element: Expression, clauses: [Comprehension])
    /// `{key: value for ...}`.
    case dictionaryComprehension(key: Expression, value: Expression, clauses: [Comprehension])
    /// `not x`, `-x`, `+x` and `~x`.
    case unaryOperation(operator: UnaryOperator, operand: Expression)
    /// `left operator right`, of numbers and the like.
    case binaryOperation(left: Expression, operator: BinaryOperator, right: Expression)
    /// `a and b and c`, with at least two values.
    case booleanOperation(operator: BooleanOperator, values: [Expression])
    /// `left < a <= b`, with as many operators as comparators.
    case comparison(
      left: Expression,
      operators: [ComparisonOperator],
      comparators: [Expression]
    )
    /// `body if test else orElse`.
    case conditional(test: Expression, body: Expression, orElse: Expression)
    /// `lambda parameters: body`.
    case lambda(parameters: Parameters, body: Expression)
    /// `target := value`.
    case named(target: Expression, value: Expression)
    /// `await value`.
    case await(Expression)
    /// `yield value`.
    case yield(Expression?)
    /// `yield from value`.
    case yieldFrom(Expression)
    /// `pattern as name`, within the pattern of a `match` statement only.
    case capture(pattern: Expression, name: String)
  }
}

extension Expression {
  /// Makes the use of a name.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - position: Where it stands.
  package init(name: String, at position: SourcePosition) {
    self.init(position: position, kind: .name(name))
  }
}
