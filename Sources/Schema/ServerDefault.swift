/// What a script gives as `server_default=` of a column, and the SQL after the word DEFAULT.
package enum ServerDefault: Hashable, Sendable {
  /// A Python string: always a quoted literal, `'0'` included.
  case string(String)
  /// `sa.text(...)`: the text itself, in parentheses where SQLAlchemy adds them.
  case text(String)
  /// SQL that SQLAlchemy compiled from a function or a literal, such as `lower('X')` or `7`.
  case expression(String)

  /// `func.now()` and `func.current_timestamp()`.
  package static let currentTimestamp = ServerDefault.expression("CURRENT_TIMESTAMP")
  /// `func.current_date()`.
  package static let currentDate = ServerDefault.expression("CURRENT_DATE")
  /// `func.current_time()`.
  package static let currentTime = ServerDefault.expression("CURRENT_TIME")
  /// `sa.true()`.
  package static let `true` = ServerDefault.expression("1")
  /// `sa.false()`.
  package static let `false` = ServerDefault.expression("0")
  /// `sa.null()`.
  package static let null = ServerDefault.expression("NULL")

  /// True for everything but a Python string: alembic then rebuilds the table even to add a column.
  package var isExpression: Bool {
    if case .string = self { return false }
    return true
  }

  /// The SQL of the default, without parentheses of SQLAlchemy's making.
  package func sql() throws(SchemaError) -> String {
    switch self {
    case .string(let value): SQLText.literal(value)
    case .text(let text): try SQLText.rendered(text)
    case .expression(let sql): sql
    }
  }

  /// What follows the word DEFAULT and a space in a column definition.
  ///
  /// SQLAlchemy's rule since 2.0.58: parentheses around a text that holds a non-word character and
  /// does not begin, after white space, with a quote or a parenthesis.
  package func columnSQL() throws(SchemaError) -> String {
    let sql = try sql()
    let first = sql.unicodeScalars.first { !$0.properties.isWhitespace }
    if first == "'" || first == "\"" || first == "(" { return sql }
    return sql.unicodeScalars.allSatisfy(SQLText.isWord) ? sql : "(\(sql))"
  }
}
