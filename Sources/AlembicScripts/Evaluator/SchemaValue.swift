internal import Schema

/// A value of SQLAlchemy's vocabulary while a script runs.
enum SchemaValue {
  /// `sa.Integer`: a type without its arguments, which can be called and can stand for itself.
  case typeName(String)
  case type(ColumnType)
  case column(Column)
  case constraint(Constraint)
  case reference(Column.Reference)
  /// `sa.text("...")`.
  case text(String)
  /// `sa.func.now()`, `sa.true()`: SQL that SQLAlchemy writes itself.
  case expression(ServerDefault)
  case index(Index)

  var typeName: String {
    switch self {
    case .typeName: "type"
    case .type(let type): type.name
    case .column: "Column"
    case .constraint: "Constraint"
    case .reference: "ForeignKey"
    case .text: "TextClause"
    case .expression: "ClauseElement"
    case .index: "Index"
    }
  }
}

extension PythonValue {
  /// The value as a column type; nil if it is none.
  var columnType: ColumnType? {
    get throws(SchemaError) {
      switch self {
      case .schema(.type(let type)): type
      case .schema(.typeName(let name)): try ColumnType.make(name)
      default: nil
      }
    }
  }
}
