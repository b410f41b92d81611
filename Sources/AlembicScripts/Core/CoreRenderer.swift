internal import Schema

/// Writes expressions as SQL, with the values of the parameters in their order.
struct CoreRenderer {
  private(set) var sql = ""
  private(set) var values: [SQLValue] = []
  /// Whether values are written out, as in DDL.
  let writesValues: Bool
  /// Whether columns carry the name of their table.
  var qualifies: Bool
  /// Values of parameters that the caller gives, by name.
  var parameters: [String: SQLValue] = [:]
  /// The tables of the statements around, which a SELECT inside refers to instead of reading them once more.
  var enclosing: [CoreSource] = []

  init(writesValues: Bool = false, qualifies: Bool = true) {
    self.writesValues = writesValues
    self.qualifies = qualifies
  }

  mutating func write(_ text: String) { sql += text }

  mutating func write(value: SQLValue) {
    if writesValues {
      sql += value.literal
    } else {
      sql += "?"
      values.append(value)
    }
  }

  mutating func add(_ expression: CoreExpression) throws {
    switch expression {
    case .column(let column):
      if qualifies, let source = column.source { sql += Identifier.quoted(source.name) + "." }
      sql += Identifier.quoted(column.name)
    case .literal(let value, _): write(value: value.value)
    case .sql(let text, _): sql += text
    case .star: sql += "*"
    case .text(let text): try add(text)
    case .function(let name, let arguments, _):
      if arguments.isEmpty, name.hasPrefix("CURRENT_") {
        sql += name
      } else {
        sql += name + "("
        try add(list: arguments)
        sql += ")"
      }
    case .operation(let left, let sign, let right):
      try add(left, inside: sign, isRight: false)
      sql += " \(sign.sql) "
      try add(right, inside: sign, isRight: true)
    case .prefix(let sign, let operand, let binding):
      sql += sign == "-" ? sign : sign + " "
      let needsParentheses = operand.binding <= binding
      try add(operand, parenthesized: needsParentheses)
    case .suffix(let operand, let words):
      try add(operand)
      sql += " " + words
    case .list(let elements):
      sql += "("
      try add(list: elements)
      sql += ")"
    case .conditional(let subject, let branches, let otherwise):
      sql += "CASE"
      if let subject {
        sql += " "
        try add(subject)
      }
      for (test, value) in branches {
        sql += " WHEN "
        try add(test, parenthesized: test.binding < 3)
        sql += " THEN "
        try add(value)
      }
      if let otherwise {
        sql += " ELSE "
        try add(otherwise)
      }
      sql += " END"
    case .cast(let operand, let type):
      // SQLAlchemy writes a value as one of the type that it is cast to: 1 of '1' that becomes an INTEGER.
      if writesValues, case .literal(let value, _) = operand, try !value.value.fits(type) {
        throw ScriptError.notRead("a value that is cast to another type is not read here", at: nil)
      }
      sql += "CAST("
      try add(operand)
      sql += " AS \(try type.sql()))"
    case .label(let operand, let name):
      try add(operand)
      sql += " AS \(Identifier.quoted(name))"
    case .scalar(let select):
      sql += "("
      try add(select)
      sql += ")"
    case .jsonItem: throw CoreExpression.unreadItem(nil)
    case .exists(let select):
      sql += "EXISTS ("
      try add(select)
      sql += ")"
    }
  }

  private mutating func add(_ text: CoreText) throws {
    for piece in SQLText.pieces(of: text.sql) {
      switch piece {
      case .sql(let part): sql += part
      case .parameter(let name):
        if let list = text.lists[name] {
          sql += "("
          for (index, value) in list.enumerated() {
            if index > 0 { sql += ", " }
            write(value: value.value)
          }
          // SQLAlchemy's empty list: nothing is in it.
          sql += list.isEmpty ? "SELECT 1 FROM (SELECT 1) WHERE 1!=1)" : ")"
        } else if let value = parameters[name] ?? text.values[name]?.value {
          write(value: value)
        } else {
          throw ScriptError(
            .raised("StatementError"),
            "(sqlalchemy.exc.InvalidRequestError) A value is required for bind parameter '\(name)'"
          )
        }
      }
    }
  }

  mutating func add(list: [CoreExpression]) throws {
    for (index, element) in list.enumerated() {
      if index > 0 { sql += ", " }
      try add(element)
    }
  }

  private mutating func add(
    _ operand: CoreExpression,
    inside sign: CoreExpression.Operator,
    isRight: Bool
  ) throws {
    var isSame = false
    if case .operation(_, let inner, _) = operand { isSame = inner.sql == sign.sql }
    let needsParentheses =
      operand.binding < 100 && operand.binding <= sign.binding && !(isSame && sign.isAssociative)
    try add(operand, parenthesized: needsParentheses)
  }

  private mutating func add(_ operand: CoreExpression, parenthesized: Bool) throws {
    if parenthesized { sql += "(" }
    try add(operand)
    if parenthesized { sql += ")" }
  }
}

extension SQLValue {
  /// Whether it is written the same as a value of a type.
  fileprivate func fits(_ type: ColumnType) throws -> Bool {
    let sql = try type.sql()
    let isOfText = ["CHAR", "TEXT", "CLOB"].contains { sql.contains($0) }
    return switch self {
    case .null: true
    case .text: isOfText
    default: !isOfText
    }
  }
}
