/// An operator between two operands, also in an augmented assignment.
package enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
  /// `+`.
  case add = "+"
  /// `-`.
  case subtract = "-"
  /// `*`.
  case multiply = "*"
  /// `@`.
  case matrixMultiply = "@"
  /// `/`.
  case divide = "/"
  /// `//`.
  case floorDivide = "//"
  /// `%`.
  case modulo = "%"
  /// `**`.
  case power = "**"
  /// `<<`.
  case leftShift = "<<"
  /// `>>`.
  case rightShift = ">>"
  /// `|`.
  case bitwiseOr = "|"
  /// `^`.
  case bitwiseXor = "^"
  /// `&`.
  case bitwiseAnd = "&"

  /// The operator as it is written.
  package var symbol: String { rawValue }
}

/// An operator before its operand.
package enum UnaryOperator: String, Sendable, Hashable, CaseIterable {
  /// `not`.
  case not = "not"
  /// `-`.
  case negate = "-"
  /// `+`.
  case plus = "+"
  /// `~`.
  case invert = "~"

  /// The operator as it is written.
  package var symbol: String { rawValue }
}

/// An operator that looks at its second operand only if the first does not decide.
package enum BooleanOperator: String, Sendable, Hashable, CaseIterable {
  /// `and`.
  case and = "and"
  /// `or`.
  case or = "or"

  /// The operator as it is written.
  package var symbol: String { rawValue }
}

/// An operator that compares, and that may stand in a chain.
package enum ComparisonOperator: String, Sendable, Hashable, CaseIterable {
  /// `==`.
  case equal = "=="
  /// `!=`.
  case notEqual = "!="
  /// `<`.
  case less = "<"
  /// `<=`.
  case lessOrEqual = "<="
  /// `>`.
  case greater = ">"
  /// `>=`.
  case greaterOrEqual = ">="
  /// `is`.
  case `is` = "is"
  /// `is not`.
  case isNot = "is not"
  /// `in`.
  case `in` = "in"
  /// `not in`.
  case notIn = "not in"

  /// The operator as it is written.
  package var symbol: String { rawValue }
}
