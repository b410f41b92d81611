/// Keeping what alembic loses: `BatchAlteration.keepsEverything`.
///
/// What names a column that the batch renames or drops is not kept, since its text would be wrong; it stays among the losses.
extension RebuildDraft {
  /// What is created again word for word, and where.
  struct Kept {
    /// The conditions of CHECK constraints without a name.
    var checks: [String] = []
    /// The columns of UNIQUE constraints that reflection does not find.
    var uniques: [[String]] = []
    /// The texts of indexes by name.
    var indexes: [String: String] = [:]
    /// Names and texts of triggers.
    var triggers: [(name: String, sql: String)] = []
    /// Whether the key stays AUTOINCREMENT.
    var autoincrement = false
  }

  /// Works out what is kept; every change of the batch is applied already.
  mutating func keepWhatIsLost() {
    guard batch.keepsEverything else { return }
    kept.autoincrement = keepsAutoincrement
    if batch.declared == nil {
      for column in table.columns { keepColumn(column) }
      if !batch.tableConstraints.contains(where: \.isCheck) {
        kept.checks = table.unnamedChecks.filter(isUntouched)
        unnamed += kept.checks.map { .constraint(Constraint(.check($0, isText: false))) }
      }
      kept.uniques = table.unseenUniques.filter { $0.allSatisfy { columns[$0] != nil } }
      unnamed += kept.uniques.map { .constraint(Constraint(.unique($0))) }
    }
    keepIndexes()
    kept.triggers = table.triggers.compactMap { name in
      guard let sql = table.definitions[name], isUntouched(sql) else { return nil }
      return (name, sql)
    }
  }

  /// AUTOINCREMENT is allowed on one column that is declared INTEGER, letter for letter.
  private var keepsAutoincrement: Bool {
    guard table.hasAutoincrement, batch.tableOptions.autoincrement == nil else { return false }
    let keys = columnKeys.filter { columns[$0]?.isPrimaryKey == true }
    guard keys.count == 1, let column = columns[keys[0]], expressions[keys[0]] != nil else {
      return false
    }
    let isReference = items.contains { item in
      if case .constraint(let constraint) = item, case .foreignKey(let own, _) = constraint.kind {
        return own.contains(keys[0])
      }
      return false
    }
    do { return try !isReference && column.type.sql() == "INTEGER" } catch { return false }
  }

  private mutating func keepColumn(_ column: ReflectedTable.Column) {
    guard var new = columns[column.name], expressions[column.name] != nil else { return }
    do {
      let isSameType = try ColumnType.reflected(column.declaredType) == new.type
      if isSameType, !column.declaredType.isEmpty {
        new.type = new.type.written(as: column.declaredType)
      }
    } catch {
      // Without a type that can be told, alembic cannot make the table either, and says so.
    }
    if new.type.collation == nil { new.keptCollation = column.collation }
    columns[column.name] = new
  }

  private mutating func keepIndexes() {
    let new = Set(newIndexes.compactMap(\.name) + declaredIndexes.compactMap(\.name))
    for index in keptIndexes where !index.lost.isEmpty {
      if let sql = table.definitions[index.name], isUntouched(sql) {
        kept.indexes[index.name] = sql
      }
    }
    for name in table.expressionIndexes + undeclaredIndexes where !new.contains(name) {
      if let sql = table.definitions[name], isUntouched(sql) { kept.indexes[name] = sql }
    }
  }

  /// The indexes of the database that the table of `copy_from=` does not have, and that the batch does not drop.
  var undeclaredIndexes: [String] {
    guard batch.declared != nil else { return [] }
    let known = Set(declaredIndexes.compactMap(\.name) + newIndexes.compactMap(\.name))
    let dropped = batch.changes.compactMap { change in
      if case .dropIndex(let name, _) = change { name } else { nil }
    }
    return table.definitions.keys.filter {
      !known.contains($0) && !dropped.contains($0) && !table.triggers.contains($0)
    }.sorted()
  }

  /// The statements that bring back what has a text of its own, after alembic's indexes.
  var keptStatements: [String] {
    let others = table.expressionIndexes + undeclaredIndexes
    return others.compactMap { kept.indexes[$0] } + kept.triggers.map(\.sql)
  }

  /// Whether a text of SQL names no column that the batch renames or drops.
  func isUntouched(_ sql: String) -> Bool {
    let moved = Set(
      table.columns.map(\.name).filter { newName(of: $0) != $0 || columns[$0] == nil }
        .map { $0.lowercased() }
    )
    return !StatementText(sql).words.contains { moved.contains($0.lowercased()) }
  }
}
