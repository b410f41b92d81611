internal import Schema

/// A value of SQLAlchemy's vocabulary of schemas while a script runs.
enum SchemaValue {
  /// `sa.Integer`: a type without its arguments, which can be called and can stand for itself.
  case typeName(String)
  /// `postgresql.JSONB`: one of a dialect's module.
  case dialectType(String, dialect: String)
  case type(ColumnType)
  case column(Column)
  case constraint(Constraint)
  case reference(Column.Reference)
  /// `sa.text("...")` without values for its parameters.
  case text(String)
  case index(Index)
  case computed(Column.Computed)
  case identity
  /// `op.f("...")`: a name that no convention changes.
  case finalName(String)

  var typeName: String {
    switch self {
    case .typeName, .dialectType: "type"
    case .type(let type): type.name
    case .column: "Column"
    case .constraint: "Constraint"
    case .reference: "ForeignKey"
    case .text: "TextClause"
    case .index: "Index"
    case .computed: "Computed"
    case .identity: "Identity"
    case .finalName: "conv"
    }
  }

  /// How many bytes about it puts into a statement.
  var weight: Int {
    switch self {
    case .text(let text): 16 + text.utf8.count
    case .type(let type): Self.weight(of: type)
    case .column(let column):
      64 + column.name.utf8.count + Self.weight(of: column.type)
        + column.checks.reduce(0) { $0 + $1.sql.utf8.count }
        + column.references.reduce(0) { $0 + $1.target.table.utf8.count }
    case .constraint(let constraint):
      switch constraint.kind {
      case .primaryKey(let names), .unique(let names), .foreignKey(let names, _):
        names.reduce(64) { $0 + 2 * $1.utf8.count }
      case .check(let sql, _): 64 + sql.utf8.count
      }
    default: 64
    }
  }

  private static func weight(of type: ColumnType) -> Int {
    type.values.reduce(64) { $0 + 4 + $1.utf8.count }
  }
}

extension PythonValue {
  /// The value as a column type; nil if it is none.
  var columnType: ColumnType? {
    get throws(SchemaError) {
      switch self {
      case .schema(.type(let type)): type
      case .schema(.typeName(let name)): try ColumnType.make(name)
      case .schema(.dialectType(let name, let dialect)):
        try ColumnType.make(name, in: dialect, [], keywords: [:])
      case .object(let object as TypeClass): try object.type([], [:])
      default: nil
      }
    }
  }
}
