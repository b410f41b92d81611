extension ReflectedTable {
  /// Foreign keys: every one of the PRAGMA, with name and options where the text tells them.
  mutating func takeForeignKeys(
    _ definition: TableDefinition,
    _ rows: [PragmaForeignKey],
    _ parents: [String: [PragmaColumn]]
  ) -> [(constraint: Constraint, position: Int)] {
    let keys = grouped(rows, parents)
    // SQLite numbers foreign keys from the last one backwards.
    let isComplete = keys.count == definition.references.count
    var found: [(constraint: Constraint, position: Int)] = []
    var ranks: [(signature: ForeignKeySignature, position: Int, id: Int)] = []
    var seen: Set<ForeignKeySignature> = []
    for key in keys.sorted(by: { $0.id > $1.id }) where seen.insert(key.signature).inserted {
      if parents[key.signature.table] == nil { missingTables.append(key.signature.table) }
      let clause = definition.references.first {
        $0.isRecognized && ForeignKeySignature($0) == key.signature
      }
      let place = keys.count - 1 - key.id
      let written =
        isComplete && definition.references.indices.contains(place)
        ? definition.references[place] : nil
      var target = ForeignKey(table: key.signature.table, columns: key.signature.referenced)
      target.onUpdate = clause?.target.onUpdate
      target.onDelete = clause?.target.onDelete
      let constraint = Constraint(
        .foreignKey(columns: key.signature.columns, target),
        name: clause?.name,
        deferrable: clause?.deferrable,
        initially: clause?.initially
      )
      if clause == nil {
        var full = target
        full.onUpdate = key.onUpdate == "NO ACTION" ? nil : key.onUpdate
        full.onDelete = key.onDelete == "NO ACTION" ? nil : key.onDelete
        let reference = Constraint(
          .foreignKey(columns: key.signature.columns, full),
          name: written?.name,
          deferrable: written?.deferrable,
          initially: written?.initially
        )
        fullReferences[constraint] = reference
        noteLosses(of: reference)
      }
      found.append((constraint, (clause ?? written)?.position ?? Int.max))
      ranks.append((key.signature, clause?.position ?? Int.max, key.id))
    }
    // SQLAlchemy's order: those found in the text, then the others as the PRAGMA has them.
    for rank in ranks.sorted(by: { ($0.position, $0.id) < ($1.position, $1.id) }) {
      inheritTypes(of: rank.signature, from: parents[rank.signature.table] ?? [])
    }
    return found
  }

  private struct Key {
    let id: Int
    var signature: ForeignKeySignature
    let onUpdate: String
    let onDelete: String
  }

  private func grouped(
    _ rows: [PragmaForeignKey],
    _ parents: [String: [PragmaColumn]]
  ) -> [Key] {
    var keys: [Key] = []
    for row in rows {
      if let index = keys.firstIndex(where: { $0.id == row.id }) {
        keys[index].signature.columns.append(row.column)
        if let column = row.referencedColumn { keys[index].signature.referenced.append(column) }
        continue
      }
      keys.append(
        Key(
          id: row.id,
          signature: ForeignKeySignature(
            columns: [row.column],
            table: row.table,
            referenced: row.referencedColumn.map { [$0] }
              ?? PragmaColumn.primaryKey(of: parents[row.table] ?? [])
          ),
          onUpdate: row.onUpdate,
          onDelete: row.onDelete
        )
      )
    }
    return keys
  }

  private mutating func inheritTypes(of key: ForeignKeySignature, from parent: [PragmaColumn]) {
    for (name, referenced) in zip(key.columns, key.referenced) {
      guard let index = columns.firstIndex(where: { $0.name == name }),
        columns[index].referencedType == nil,
        let type = parent.first(where: { $0.name == referenced })?.type,
        (try? ColumnType.reflected(type)) != .null
      else { continue }
      columns[index].referencedType = type
    }
  }

  private mutating func noteLosses(of reference: Constraint) {
    guard let loss = RebuildLoss(of: reference, from: name) else { return }
    unseenReferenceParts.append(loss)
  }
}

/// What tells one foreign key from another, letter for letter.
private struct ForeignKeySignature: Hashable {
  var columns: [String]
  var table: String
  var referenced: [String]

  init(columns: [String], table: String, referenced: [String]) {
    self.columns = columns
    self.table = table
    self.referenced = referenced
  }

  init(_ reference: TableDefinition.Reference) {
    self.init(
      columns: reference.columns,
      table: reference.target.table,
      referenced: reference.target.columns
    )
  }
}
