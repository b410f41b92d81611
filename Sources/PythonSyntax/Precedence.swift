/// How tightly an operator binds its operands, loosest first.
enum Precedence: Int, Comparable {
  case disjunction
  case conjunction
  case negation
  case comparison
  case bitwiseOr
  case bitwiseXor
  case bitwiseAnd
  case shift
  case sum
  case product
  case sign
  case power

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Whether an operator on the left takes the operand between it and one on the right.
  ///
  /// Powers group from the right; chains of boolean operators and comparisons stay together.
  func binds(before right: Precedence) -> Bool {
    guard self == right else { return self > right }
    return self >= .bitwiseOr && self <= .product
  }
}

/// An operand that is read, and where it begins with its brackets.
struct Operand {
  let value: Expression
  let start: SourcePosition
}

/// An operator whose right operand is not complete.
struct PendingOperator {
  let symbol: Symbol
  let precedence: Precedence
  let position: SourcePosition

  /// The operator itself.
  enum Symbol {
    case unary(UnaryOperator)
    case binary(BinaryOperator)
    case boolean(BooleanOperator)
    case comparison(ComparisonOperator)

    /// The operator, if it compares.
    var comparison: ComparisonOperator? {
      guard case .comparison(let symbol) = self else { return nil }
      return symbol
    }

    /// Whether it is written as two keywords.
    var isTwoWords: Bool { comparison == .notIn || comparison == .isNot }
  }
}

extension BinaryOperator {
  /// How tightly the operator binds.
  var precedence: Precedence {
    switch self {
    case .bitwiseOr: .bitwiseOr
    case .bitwiseXor: .bitwiseXor
    case .bitwiseAnd: .bitwiseAnd
    case .leftShift, .rightShift: .shift
    case .add, .subtract: .sum
    case .multiply, .matrixMultiply, .divide, .floorDivide, .modulo: .product
    case .power: .power
    }
  }
}

extension Punctuator {
  /// The operator that this is between two operands.
  var binaryOperator: BinaryOperator? {
    switch self {
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .at: .matrixMultiply
    case .slash: .divide
    case .doubleSlash: .floorDivide
    case .percent: .modulo
    case .doubleStar: .power
    case .leftShift: .leftShift
    case .rightShift: .rightShift
    case .bar: .bitwiseOr
    case .caret: .bitwiseXor
    case .ampersand: .bitwiseAnd
    default: nil
    }
  }

  /// The comparison that this is.
  var comparisonOperator: ComparisonOperator? {
    switch self {
    case .doubleEqual: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }

  /// The operator of an augmented assignment with this mark.
  var augmentedOperator: BinaryOperator? {
    switch self {
    case .plusEqual: .add
    case .minusEqual: .subtract
    case .starEqual: .multiply
    case .atEqual: .matrixMultiply
    case .slashEqual: .divide
    case .doubleSlashEqual: .floorDivide
    case .percentEqual: .modulo
    case .doubleStarEqual: .power
    case .leftShiftEqual: .leftShift
    case .rightShiftEqual: .rightShift
    case .barEqual: .bitwiseOr
    case .caretEqual: .bitwiseXor
    case .ampersandEqual: .bitwiseAnd
    default: nil
    }
  }
}
