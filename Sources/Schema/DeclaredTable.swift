/// A whole table as a script declares it, for `copy_from=` of a batch: it takes the place of what is in the database.
package struct DeclaredTable: Hashable, Sendable {
  /// The table; the constraints of its columns still stand in them.
  package private(set) var table: Table

  /// Takes a table, whose constraints and indexes have their final names.
  package init(_ table: Table) {
    self.table = table
    // alembic leaves out what `index=True` of a column has made.
    for place in table.columns.indices where table.columns[place].isIndexed {
      self.table.columns[place].isIndexed = false
      self.table.columns[place].isUnique = false
    }
  }

  /// Every constraint but those that stay inside a column: CHECK, and that of a type.
  var constraints: [Constraint] {
    let primaryKey = table.primaryKey
    return (primaryKey.columns.isEmpty ? [] : [primaryKey])
      + table.constraints.filter { !$0.isPrimaryKey }
      + table.columns.flatMap { column in
        var column = column
        column.type.createsConstraint = false
        return column.tableConstraints
      }
  }

  /// The table as the rest of a rebuild sees a table, with what the database has on it beside the declaration.
  ///
  /// - Parameter live: The table as it is; nil where there is no database.
  /// - Returns: The table.
  package func reflected(_ live: ReflectedTable?) -> ReflectedTable {
    let key = table.primaryKey.columns
    var reflected = ReflectedTable(
      name: table.name,
      columns: table.columns.map { column in
        ReflectedTable.Column(
          name: column.name,
          declaredType: "",
          isNotNull: column.nullable == false,
          primaryKeyPosition: (key.firstIndex(of: column.name) ?? -1) + 1,
          isGenerated: column.computed != nil
        )
      },
      constraints: constraints,
      options: table.options,
      triggers: live?.triggers ?? []
    )
    reflected.definitions = live?.definitions ?? [:]
    return reflected
  }
}
