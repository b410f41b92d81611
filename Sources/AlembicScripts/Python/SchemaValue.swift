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
      case .object(let object as TypeSubclass): try object.type([], [:])
      case .object(let object as MappedType): object.type
      default: nil
      }
    }
  }
}
