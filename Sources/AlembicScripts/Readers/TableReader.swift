internal import Schema

/// Reads the call of `op.create_table` and of `sa.Table`.
enum TableReader {
  static func table(
    _ arguments: BoundArguments,
    name: String = "table_name",
    parts: ArraySlice<PythonValue>? = nil
  ) throws -> Table {
    var columns: [Column] = []
    var constraints: [Constraint] = []
    var indexes: [Index] = []
    let table = try arguments.string(name)
    for value in parts ?? arguments.rest[...] {
      switch value {
      case .schema(.column(let column)): columns.append(column)
      case .schema(.constraint(let constraint)): constraints.append(constraint)
      case .schema(.index(var index)):
        index.table = table
        indexes.append(index)
      // alembic passes what is no column, constraint or index over: nova gives a MetaData here.
      case .object(let object) where object is MetaDataObject: continue
      default: throw arguments.wrongKind("*columns", value)
      }
    }
    var prefixes: [String] = []
    if let given = arguments.values["prefixes"], given.isTrue {
      prefixes = try arguments.strings("prefixes")
    }
    return Table(
      table,
      columns: columns,
      constraints: constraints,
      indexes: indexes,
      options: try options(arguments),
      prefixes: prefixes,
      ifNotExists: try arguments.boolean("if_not_exists")
    )
  }

  private static func options(_ arguments: BoundArguments) throws -> Table.Options {
    Table.Options(
      autoincrement: try arguments.optionalBoolean("sqlite_autoincrement"),
      withoutRowid: try arguments.optionalBoolean("sqlite_with_rowid").map { !$0 },
      strict: try arguments.optionalBoolean("sqlite_strict")
    )
  }
}

extension Table {
  /// Whether a naming convention would change nothing.
  var hasNothingToName: Bool {
    primaryKey.columns.isEmpty && constraints.isEmpty && indexes.isEmpty
      && columns.allSatisfy { column in
        column.tableConstraints.isEmpty && !column.isIndexed && column.checks.isEmpty
      }
  }
}
