/// Giving names by a convention to what a table declares without one.
extension Table {
  /// The table with the names that a convention gives to its constraints and indexes.
  ///
  /// What stands inside columns moves beside them, which changes nothing in the SQL but the names.
  ///
  /// - Throws: `SchemaError` for a template that cannot be filled.
  package func named(by convention: NamingConvention) throws(SchemaError) -> Table {
    guard !convention.isEmpty else { return self }
    var table = self
    var constraints: [Constraint] = []
    for constraint in self.constraints {
      constraints.append(try named(constraint, convention))
    }
    if !constraints.contains(where: { $0.isPrimaryKey && !$0.columns.isEmpty }) {
      let key = primaryKey
      if !key.columns.isEmpty {
        constraints.removeAll(where: \.isPrimaryKey)
        constraints.insert(try named(key, convention), at: 0)
      }
    }
    var indexes: [Index] = []
    for (place, column) in columns.enumerated() {
      if column.type.createsConstraint, convention.templates["ck"] != nil {
        var type = column.type
        let check = Constraint(.check(""), name: type.constraintName)
        // A type without a name gets none: SQLAlchemy leaves such a CHECK unnamed.
        if check.name != nil { type.constraintName = try convention.name(of: check, in: name) }
        table.columns[place].type = type
      }
      for constraint in table.columns[place].tableConstraints {
        // The CHECK of a type stays with its column, where it belongs to the type.
        constraints.append(constraint.isCheck ? constraint : try named(constraint, convention))
      }
      if column.isIndexed {
        var index = Index(of: column, in: name)
        index.name = try convention.name(ofIndexOn: [column.name], in: name)
        indexes.append(index)
      }
      for (number, check) in column.checks.enumerated() {
        let constraint = Constraint(.check(check.sql), name: check.name)
        table.columns[place].checks[number].name = try named(constraint, convention).name
      }
      table.columns[place].isUnique = false
      table.columns[place].isIndexed = false
      table.columns[place].references = []
      table.columns[place].type.createsConstraint = false
    }
    for var index in self.indexes {
      let columns = index.columnNames
      if index.name == nil { index.name = try convention.name(ofIndexOn: columns, in: name) }
      indexes.append(index)
    }
    table.constraints = constraints
    table.indexes = indexes
    return table
  }

  private func named(
    _ constraint: Constraint,
    _ convention: NamingConvention
  ) throws(SchemaError) -> Constraint {
    var constraint = constraint
    // A CHECK without a name cannot be named after itself, and SQLAlchemy raises.
    constraint.name = try convention.name(of: constraint, in: name)
    return constraint
  }
}

extension Index {
  /// The plain columns among what is indexed.
  package var columnNames: [String] {
    elements.compactMap { element in
      if case .column(let name) = element { return name }
      return nil
    }
  }
}
