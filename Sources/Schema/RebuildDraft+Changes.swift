extension RebuildDraft {
  /// Applies one change, with alembic's errors.
  mutating func apply(_ change: BatchChange) throws(SchemaError) {
    switch change {
    case .addColumn(let column, let before, let after, let options):
      try addColumn(column, options, before: before, after: after)
    case .dropColumn(let name, let existingType, _):
      try dropColumn(name, existingType: existingType)
    case .alterColumn(let alteration):
      try alterColumn(alteration)
    case .createIndex(let index, let ifNotExists):
      guard ifNotExists == nil else { throw Self.unexpected("create_index", "if_not_exists") }
      var index = index
      index.table = table.name
      let name = try index.finalName()
      index.name = name
      newIndexes.removeAll { $0.name == name }
      newIndexes.append(index)
    case .dropIndex(let name, let ifExists):
      guard ifExists == nil else { throw Self.unexpected("drop_index", "if_exists") }
      if let index = declaredIndexes.firstIndex(where: { $0.name == name }) {
        declaredIndexes.remove(at: index)
        return
      }
      guard let index = keptIndexes.firstIndex(where: { $0.name == name }) else {
        throw SchemaError(.value, "No such index: '\(name)'")
      }
      keptIndexes.remove(at: index)
    case .createConstraint(let constraint):
      try createConstraint(constraint)
    case .dropConstraint(let name):
      try dropConstraint(name)
    // The new table gets its comment with the rest, and SQLite has none.
    case .comment: break
    }
  }

  /// What Python says to a keyword that alembic passes on to a function that does not take it.
  private static func unexpected(_ function: String, _ keyword: String) -> SchemaError {
    SchemaError(
      .type,
      "ApplyBatchImpl.\(function)() got an unexpected keyword argument '\(keyword)'"
    )
  }

  private mutating func addColumn(
    _ column: Column,
    _ options: AddColumnOptions,
    before: String?,
    after: String?
  ) throws(SchemaError) {
    guard columns[column.name] == nil else {
      // alembic would replace the column and lose its values, or report a circular dependency.
      throw SchemaError(.refused, "table \(table.name) already has a column \(column.name)")
    }
    try order.add(column.name, before: before, after: after)
    // A UNIQUE that follows with a name stays in the column as well: alembic writes both.
    for constraint in options.isFollowedByConstraints ? [] : column.tableConstraints(options) {
      switch constraint.kind {
      case .check: add(.typeCheck(column: column.name, column.type), name: constraint.name)
      default: try createConstraint(constraint)
      }
    }
    var copy = column
    copy.references = []
    copy.type.createsConstraint = false
    columns[column.name] = copy
    columnKeys.append(column.name)
    if column.isIndexed { newIndexes.append(try named(Index(of: column, in: table.name))) }
  }

  private mutating func dropColumn(
    _ name: String,
    existingType: ColumnType?
  ) throws(SchemaError) {
    guard columns[name] != nil else { throw .unknownColumn(name) }
    guard expressions[name] != nil else {
      throw SchemaError(.value, "the batch adds and drops the column \(name)")
    }
    columns[name] = nil
    columnKeys.removeAll { $0 == name }
    expressions[name] = nil
    order.drop(name)
    // A dropped column leaves the key that the table has; every other constraint on it goes.
    let oldKey = table.constraints.first(where: \.isPrimaryKey)
    func shrunk(_ item: Item) -> Item {
      guard case .constraint(var constraint) = item, case .primaryKey(let keys) = constraint.kind,
        let oldKey, constraint.name == oldKey.name, keys.allSatisfy(oldKey.columns.contains)
      else { return item }
      constraint.kind = .primaryKey(keys.filter { $0 != name })
      return .constraint(constraint)
    }
    for index in named.indices { named[index].item = shrunk(named[index].item) }
    unnamed = unnamed.map(shrunk)
    if let constraint = existingType?.constraintName { _ = removeNamed(constraint) }
  }

  private mutating func alterColumn(_ alteration: ColumnAlteration) throws(SchemaError) {
    let key = alteration.column
    guard var column = columns[key] else { throw .unknownColumn(key) }
    if let old = alteration.existingType, alteration.type != nil, old.createsConstraint,
      let name = old.constraintName
    {
      _ = removeNamed(name)
    }
    if let newName = alteration.newName, newName != key {
      column.name = newName
      if let constraint = alteration.existingType?.constraintName { _ = removeNamed(constraint) }
    }
    if let type = alteration.type {
      if column.type.affinity != type.affinity && type.affinity != .json {
        // alembic casts what the old table holds, of which an added column has nothing.
        guard let expression = expressions[key] else { throw .unknownColumn("expr") }
        do {
          expressions[key] = try type.cast(expression)
        } catch {
          throw SchemaError(error.code, "column \(key) of table \(table.name): \(error.message)")
        }
        casts.insert(key)
      }
      column.type = type
      column.type.createsConstraint = false
    }
    if let nullable = alteration.nullable { column.nullable = nullable }
    switch alteration.serverDefault {
    case .unchanged: break
    case .drop: column.serverDefault = nil
    case .set(let value): column.serverDefault = value
    }
    columns[key] = column
    if let type = alteration.type, type.createsConstraint {
      add(.typeCheck(column: key, type), name: type.constraintName)
    }
  }

  private mutating func createConstraint(_ constraint: Constraint) throws(SchemaError) {
    guard let name = constraint.name else {
      throw SchemaError(.value, "Constraint must have a name")
    }
    if named.contains(where: { $0.name == name }) { replaced.append(name) }
    if constraint.isPrimaryKey {
      unnamed.removeAll {
        if case .constraint(let other) = $0 { return other.isPrimaryKey }
        return false
      }
    }
    add(.constraint(constraint), name: name)
  }

  private mutating func dropConstraint(_ name: String) throws(SchemaError) {
    guard !name.isEmpty else { throw SchemaError(.value, "Constraint must have a name") }
    if let (column, check) = declaredChecks[name] {
      declaredChecks[name] = nil
      columns[column]?.checks.removeAll { $0 == check }
      return
    }
    guard let item = removeNamed(name) else {
      throw SchemaError(.value, "No such constraint: '\(name)'")
    }
    guard case .constraint(let constraint) = item, constraint.isPrimaryKey else { return }
    for key in constraint.columns {
      columns[key]?.isPrimaryKey = false
    }
  }

  private func named(_ index: Index) throws(SchemaError) -> Index {
    var index = index
    index.name = try index.finalName()
    return index
  }
}
