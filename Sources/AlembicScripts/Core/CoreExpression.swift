internal import Revisions
internal import Schema

/// An SQL expression as SQLAlchemy's Core builds it: columns, values, functions, and what operators make of them.
indirect enum CoreExpression {
  /// A column, of a table or by itself.
  case column(CoreColumn)
  /// A value of Python, which becomes a parameter.
  case literal(BindValue, ColumnType)
  /// SQL as it is: `literal_column`, `true()`, `null()`.
  case sql(String, ColumnType)
  /// `text("...")` with values for its parameters.
  case text(CoreText)
  case function(String, [CoreExpression], ColumnType)
  case operation(CoreExpression, Operator, CoreExpression)
  /// `NOT x`, `-x`.
  case prefix(String, CoreExpression, binding: Int)
  /// `x DESC`, `x NULLS LAST`.
  case suffix(CoreExpression, String)
  case list([CoreExpression])
  case conditional(
    subject: CoreExpression?,
    [(CoreExpression, CoreExpression)],
    otherwise: CoreExpression?
  )
  case cast(CoreExpression, ColumnType)
  case label(CoreExpression, String)
  /// A SELECT where an expression stands.
  case scalar(SelectStatement)
  case exists(SelectStatement)
  /// `column["key"]` of a JSON column, with the path in SQLite's words; whether `as_string()` was called on it.
  case jsonItem(CoreExpression, path: String, isString: Bool)
  /// `*`.
  case star

  /// An operator between two expressions, with how tightly it binds, as in SQLAlchemy.
  struct Operator {
    var sql: String
    var binding: Int
    var type: ColumnType?
    /// Whether several of it in a row need no parentheses.
    var isAssociative = false
  }

  /// The type of its value, as far as it is known.
  var type: ColumnType {
    switch self {
    case .column(let column): column.type
    case .literal(_, let type), .sql(_, let type), .function(_, _, let type), .cast(_, let type):
      type
    case .operation(let left, let sign, _): sign.type ?? left.type
    case .label(let expression, _), .suffix(let expression, _): expression.type
    case .prefix(let sign, let operand, _): sign == "-" ? operand.type : CoreTypes.boolean
    case .conditional(_, let branches, let otherwise):
      branches.first?.1.type ?? otherwise?.type ?? .null
    case .scalar(let select): select.columns.first?.type ?? .null
    case .exists: CoreTypes.boolean
    case .jsonItem(_, _, let isString): isString ? CoreTypes.string : CoreTypes.json
    case .text, .list, .star: .null
    }
  }

  /// The name that it has in a result.
  var resultName: String {
    switch self {
    case .column(let column): column.name
    case .label(_, let name): name
    case .function(let name, _, _): "\(name)_1"
    default: "anon_1"
    }
  }

  /// How tightly its outermost operator binds.
  var binding: Int {
    switch self {
    case .operation(_, let sign, _): sign.binding
    case .prefix(_, _, let binding): binding
    case .suffix: 1
    default: 100
    }
  }

  /// The expression in DDL: columns without their table, values written out.
  func literalSQL(_ location: Revision.Location) throws(ScriptError) -> String {
    var renderer = CoreRenderer(writesValues: true, qualifies: false)
    do {
      try renderer.add(self)
    } catch let error as ScriptError {
      throw error
    } catch let error as SchemaError {
      throw Evaluator.scriptError(error, at: location)
    } catch {
      throw .notRead("this expression is not read", at: location)
    }
    return renderer.sql
  }
}

/// A column in an expression.
struct CoreColumn {
  var name: String
  var type: ColumnType
  /// What it is a column of; nil for `sa.column("x")` by itself.
  var source: CoreSource?
  /// Its declaration, if a table declares it.
  var declared: Column?
}

/// `text("...")` with values for its parameters.
struct CoreText {
  var sql: String
  var values: [String: BindValue] = [:]
  /// Parameters that stand for a list: `bindparam("ids", expanding=True)`.
  var lists: [String: [BindValue]] = [:]
}

/// Types that expressions have by themselves.
enum CoreTypes {
  static let boolean = named("Boolean")
  static let integer = named("Integer")
  static let float = named("Float")
  static let string = named("String")
  static let dateTime = named("DateTime")
  static let date = named("Date")
  static let time = named("Time")
  static let json = named("JSON")
  static let uuid = named("Uuid")
  static let binary = named("LargeBinary")

  private static func named(_ name: String) -> ColumnType {
    do { return try ColumnType.make(name) } catch { return .null }
  }
}
