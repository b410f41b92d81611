internal import PythonSyntax
internal import Revisions
internal import Schema

/// What Python's operators make of SQL expressions.
extension CoreExpression {
  static let and = Operator(sql: "AND", binding: 3, type: CoreTypes.boolean, isAssociative: true)
  static let or = Operator(sql: "OR", binding: 2, type: CoreTypes.boolean, isAssociative: true)
  static let notBinding = 4
  private static let comparisonBinding = 5

  /// An operator that compares.
  static func comparing(_ sql: String) -> Operator {
    Operator(sql: sql, binding: comparisonBinding, type: CoreTypes.boolean)
  }

  /// A value as an expression; a value of Python takes the type of what it stands beside.
  static func operand(
    _ value: PythonValue,
    beside type: ColumnType,
    at location: Revision.Location
  ) throws -> CoreExpression {
    if let expression = value.coreExpression { return expression }
    return .literal(
      try BindValue(value, type: type == .null ? nil : type, location),
      type == .null ? BindValue.type(of: value) : type
    )
  }

  /// `left < right` and its kin; nil if neither side is SQL.
  static func comparison(
    _ left: PythonValue,
    _ sign: ComparisonOperator,
    _ right: PythonValue,
    at location: Revision.Location
  ) throws -> CoreExpression? {
    guard left.isClause || right.isClause else { return nil }
    let words: String
    switch sign {
    case .equal: words = "="
    case .notEqual: words = "!="
    case .less: words = "<"
    case .lessOrEqual: words = "<="
    case .greater: words = ">"
    case .greaterOrEqual: words = ">="
    case .is, .isNot, .in, .notIn: return nil
    }
    guard let given = left.coreExpression else {
      // Python turns the comparison round.
      let mirrored: [ComparisonOperator: ComparisonOperator] = [
        .less: .greater, .lessOrEqual: .greaterOrEqual, .greater: .less,
        .greaterOrEqual: .lessOrEqual,
      ]
      return try comparison(right, mirrored[sign] ?? sign, left, at: location)
    }
    let isEquality = sign == .equal || sign == .notEqual
    let first = try given.tested(against: right, isEquality: isEquality, location)
    if case .none = right, sign == .equal || sign == .notEqual {
      return .operation(first, comparing(sign == .equal ? "IS" : "IS NOT"), .sql("NULL", .null))
    }
    if case .boolean(let value) = right, sign == .equal || sign == .notEqual,
      first.type.affinity != .boolean
    {
      // SQLAlchemy compares with 1 or 0 here; the same as the parameter it uses for a Boolean.
      return .operation(first, comparing(words), .sql(value ? "1" : "0", CoreTypes.boolean))
    }
    let second = try operand(right, beside: first.type, at: location)
    return .operation(first, comparing(words), second)
  }

  /// `left + right` and its kin; nil if neither side is SQL.
  static func operation(
    _ left: PythonValue,
    _ sign: BinaryOperator,
    _ right: PythonValue,
    at location: Revision.Location
  ) throws -> CoreExpression? {
    guard left.isClause || right.isClause else { return nil }
    let type = left.coreExpression?.type ?? right.coreExpression?.type ?? .null
    let first = try operand(left, beside: type, at: location)
    let second = try operand(right, beside: type, at: location)
    switch sign {
    case .bitwiseAnd: return .operation(first, and, second)
    case .bitwiseOr: return .operation(first, or, second)
    case .add where type.affinity == .string:
      return .operation(
        first,
        Operator(sql: "||", binding: 6, type: CoreTypes.string, isAssociative: true),
        second
      )
    case .add where type.affinity == .integer || type.affinity == .float:
      return .operation(first, Operator(sql: "+", binding: 7, isAssociative: true), second)
    case .subtract where type.affinity == .integer || type.affinity == .float:
      return .operation(first, Operator(sql: "-", binding: 7), second)
    case .multiply where type.affinity == .integer || type.affinity == .float:
      return .operation(first, Operator(sql: "*", binding: 8, isAssociative: true), second)
    default:
      throw ScriptError.notRead(
        "'\(sign.symbol)' between these SQL expressions is not read",
        at: location
      )
    }
  }

  /// `~x`, `-x`; nil for what an expression has not.
  func unary(_ sign: UnaryOperator) -> CoreExpression? {
    switch sign {
    case .invert: negated
    case .negate: .prefix("-", self, binding: 9)
    case .not, .plus: nil
    }
  }

  /// `NOT x`, or the opposite comparison, as SQLAlchemy writes it.
  var negated: CoreExpression {
    let opposites = [
      "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "IS": "IS NOT",
      "IS NOT": "IS", "LIKE": "NOT LIKE", "NOT LIKE": "LIKE", "IN": "NOT IN", "NOT IN": "IN",
    ]
    if case .operation(let left, let sign, let right) = self, let opposite = opposites[sign.sql] {
      return .operation(left, Self.comparing(opposite), right)
    }
    return .prefix("NOT", self, binding: Self.notBinding)
  }
}

extension PythonValue {
  /// Whether it is SQL.
  var isClause: Bool {
    switch self {
    case .core, .schema(.text), .schema(.column): true
    case .object(let object): object is SelectObject
    default: false
    }
  }

  /// The value as an expression, if it is SQL.
  var coreExpression: CoreExpression? {
    switch self {
    case .core(let expression): expression
    case .schema(.text(let sql)): .text(CoreText(sql: sql))
    case .schema(.column(let column)):
      .column(CoreColumn(name: column.name, type: column.type, declared: column))
    case .object(let object as SelectObject): .scalar(object.statement)
    default: nil
    }
  }
}
