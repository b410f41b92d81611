extension ReflectedTable {
  /// Puts a table together from its text in sqlite_master and the rows of the PRAGMAs.
  ///
  /// The rules are those of SQLAlchemy 2.1: PRAGMAs tell columns, keys and indexes; the text tells
  /// the names of constraints, CHECK, the options of foreign keys, WITHOUT ROWID and STRICT. A
  /// constraint found in the text counts only if a PRAGMA row agrees with it, letter for letter.
  ///
  /// - Parameters:
  ///   - name: The name, exactly as in sqlite_master.
  ///   - sql: The column `sql` of sqlite_master. Any text will do; what cannot be read is passed
  ///     over.
  ///   - columns: The rows of `PRAGMA table_xinfo`.
  ///   - foreignKeys: The rows of `PRAGMA foreign_key_list`.
  ///   - indexes: The rows of `PRAGMA index_list`, each with those of `PRAGMA index_info`.
  ///   - parents: The columns of every table that a foreign key of this one refers to, by the name
  ///     in the foreign key; a table without an entry is missing from the database. (SQLAlchemy
  ///     also fails if a table that those refer to is missing; that is not looked at.)
  ///   - triggers: The names of the triggers on the table.
  ///   - triggerTexts: Their texts, by name.
  /// - Returns: The table, with what a rebuild would keep and what it would lose.
  /// - Throws: `.noSuchTable` if there are no columns.
  package static func parse(
    name: String,
    sql: String,
    columns: [PragmaColumn],
    foreignKeys: [PragmaForeignKey] = [],
    indexes: [PragmaIndex] = [],
    parents: [String: [PragmaColumn]] = [:],
    triggers: [String] = [],
    triggerTexts: [String: String] = [:]
  ) throws(SchemaError) -> ReflectedTable {
    guard !columns.isEmpty else { throw SchemaError(.noSuchTable, name) }
    let definition = TableDefinition(sql)
    var table = ReflectedTable(
      name: name,
      columns: columns.filter { $0.hidden != 1 }.map { Column($0, definition) },
      options: Table.Options(
        withoutRowid: definition.isWithoutRowid ? true : nil,
        strict: definition.isStrict ? true : nil
      ),
      hasAutoincrement: definition.hasAutoincrement,
      unnamedChecks: definition.checks.filter { $0.name == nil }.map(\.sql),
      triggers: triggers
    )
    var placed: [(constraint: Constraint, position: Int)] = definition.checks.compactMap { check in
      check.name.map { (Constraint(.check(check.sql), name: $0), check.position) }
    }
    placed += table.takeUniques(definition, indexes)
    let known = parents.merging([name: columns]) { $1 }
    placed += table.takeForeignKeys(definition, foreignKeys, known)
    placed.sort { $0.position < $1.position }
    let key = PragmaColumn.primaryKey(of: columns)
    let primaryKey = Constraint(
      .primaryKey(key),
      name: key.isEmpty ? nil : definition.primaryKeyName
    )
    table.constraints = [primaryKey] + placed.map(\.constraint)
    table.takeIndexes(indexes)
    table.definitions = triggerTexts
    for index in indexes { table.definitions[index.name] = index.sql }
    return table
  }

  /// UNIQUE constraints: those of the text that an automatic index agrees with.
  private mutating func takeUniques(
    _ definition: TableDefinition,
    _ indexes: [PragmaIndex]
  ) -> [(constraint: Constraint, position: Int)] {
    var automatic: [[String?]: PragmaIndex] = [:]
    for index in indexes where index.name.hasPrefix("sqlite_autoindex") {
      automatic[index.columns] = index
    }
    var found: [(constraint: Constraint, position: Int)] = []
    for unique in definition.uniques
    where automatic.removeValue(forKey: unique.columns.map(Optional.some)) != nil {
      found.append((Constraint(.unique(unique.columns), name: unique.name), unique.position))
    }
    unseenUniques = indexes.filter { $0.origin == "u" && automatic[$0.columns] == $0 }
      .map { $0.columns.map { $0 ?? "" } }
    return found
  }

  /// Indexes made by CREATE INDEX, by name; those on expressions are not seen.
  private mutating func takeIndexes(_ rows: [PragmaIndex]) {
    for row in rows.sorted(by: { $0.name < $1.name })
    where !row.name.hasPrefix("sqlite_autoindex") {
      let names = row.columns.compactMap { $0 }
      guard names.count == row.columns.count else {
        expressionIndexes.append(row.name)
        continue
      }
      let text = IndexDefinition(row.sql ?? "")
      var lost = text.lost
      let predicate = row.isPartial ? text.predicate : nil
      if row.isPartial && predicate == nil { lost.append("its WHERE") }
      if row.isPartial && text.isPredicateCut { lost.append("its WHERE after the first line") }
      indexes.append(
        Index(
          name: row.name,
          columns: names,
          isUnique: row.isUnique,
          predicate: predicate,
          lost: lost
        )
      )
    }
  }
}

extension ReflectedTable.Column {
  fileprivate init(_ row: PragmaColumn, _ definition: TableDefinition) {
    self.init(
      name: row.name,
      declaredType: row.type,
      isNotNull: row.isNotNull,
      defaultText: row.defaultValue,
      primaryKeyPosition: row.primaryKeyPosition,
      isGenerated: row.hidden != 0,
      collation: definition.collations[row.name]
    )
  }
}
