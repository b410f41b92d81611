extension RebuildDraft {
  /// Each thing that the table has and its rebuilt form has not, though the batch does not ask for it.
  func losses() -> [RebuildLoss] {
    var losses: [RebuildLoss] = []
    func add(_ what: String, _ remedy: String? = nil, of subject: RebuildLoss.Subject = .other) {
      losses.append(RebuildLoss(what, remedy: remedy, of: subject))
    }
    if table.hasAutoincrement && batch.tableOptions.autoincrement != true && !kept.autoincrement {
      add(
        "the primary key is no longer AUTOINCREMENT, so that old keys may be used again",
        "op.batch_alter_table(\(RebuildLoss.python(table.name)), table_kwargs={'sqlite_autoincrement': True})",
        of: .autoincrement
      )
    }
    if let counter = table.counter, !kept.autoincrement {
      let name = SQLText.literal(table.name)
      add(
        "AUTOINCREMENT no longer counts on from \(counter), as no row has that key",
        "DELETE FROM sqlite_sequence WHERE name = \(name); INSERT INTO sqlite_sequence (name, seq) VALUES (\(name), \(counter))",
        of: .counter(counter)
      )
    }
    for column in table.columns {
      losses += self.losses(of: column)
    }
    if !batch.tableConstraints.contains(where: \.isCheck) {
      for check in table.unnamedChecks where !kept.checks.contains(check) && !isOfDropped(check) {
        add(
          "the constraint CHECK (\(check)) is gone, as it has no name",
          isUntouched(check) ? remedy(ofCheck: check, losses) : nil,
          of: .check(check)
        )
      }
    }
    for (index, constraint) in table.constraints.enumerated() {
      let later = table.constraints.dropFirst(index + 1)
      guard let name = constraint.name, later.contains(where: { $0.name == name }),
        !batch.keepsEverything
      else { continue }
      add("one of the two constraints named \(name) is gone")
    }
    for name in replaced {
      add("the constraint \(name) gives way to a new one of the same name")
    }
    for unique in table.unseenUniques
    where unique.allSatisfy({ columns[$0] != nil }) && !kept.uniques.contains(unique) {
      let name = free("uq_\(table.name)_\(unique.joined(separator: "_"))", among: indexNames)
      add(
        "the constraint UNIQUE (\(unique.joined(separator: ", "))) is gone",
        "CREATE UNIQUE INDEX \(Identifier.quoted(name)) ON \(Identifier.quoted(table.name)) (\(Identifier.list(unique.map(newName))))",
        of: .unique(unique)
      )
    }
    if !batch.keepsEverything { losses += table.unseenReferenceParts }
    for case .constraint(let constraint) in items where !isComplete(.constraint(constraint)) {
      guard let name = constraint.name, !table.constraints.contains(constraint) else { continue }
      add("the new constraint \(name) is left out, as it names an unknown column")
    }
    for case .addColumn(let column, _, _, let options) in batch.changes
    where options.areInline(for: column) {
      let target = column.references[0].target
      add(
        "the new column \(column.name) has no foreign key, as a rebuild leaves inline_references out",
        "batch_op.create_foreign_key(\(RebuildLoss.python("fk_\(table.name)_\(column.name)")), \(RebuildLoss.python(target.table)), \(RebuildLoss.python([column.name])), \(RebuildLoss.python(target.columns)))"
      )
    }
    for index in keptIndexes {
      for lost in index.lost where kept.indexes[index.name] == nil {
        let text = definition(index.name).map {
          "DROP INDEX \(Identifier.quoted(index.name)); \($0)"
        }
        add(
          "the index \(index.name) loses \(lost)",
          text,
          of: .indexPart(index: index.name, lost)
        )
      }
      for column in index.columns where columns[column] == nil {
        add("the index \(index.name) names the dropped column \(column)")
      }
    }
    for index in table.expressionIndexes where kept.indexes[index] == nil {
      add(
        "the index \(index) is gone, as it is on an expression",
        definition(index),
        of: .index(index)
      )
    }
    for index in undeclaredIndexes where kept.indexes[index] == nil {
      add(
        "the index \(index) is gone, as the table of copy_from does not have it",
        definition(index),
        of: .index(index)
      )
    }
    for trigger in table.triggers where !kept.triggers.contains(where: { $0.name == trigger }) {
      add("the trigger \(trigger) is gone", definition(trigger), of: .trigger(trigger))
    }
    return losses
  }

  private func losses(of column: ReflectedTable.Column) -> [RebuildLoss] {
    guard let new = columns[column.name], expressions[column.name] != nil else { return [] }
    var losses: [RebuildLoss] = []
    if let collation = column.collation, new.type.collation == nil, new.keptCollation == nil {
      let name = RebuildLoss.python(column.name)
      losses.append(
        RebuildLoss(
          "the column \(column.name) loses COLLATE \(collation)",
          remedy: new.type.pythonText(collating: collation, as: column.declaredType).map {
            "batch_op.alter_column(\(name), type_=\($0))"
          },
          of: .collation(column: column.name, collation)
        )
      )
    }
    let isSameType = (try? ColumnType.reflected(column.declaredType)) == new.type
    if isSameType, let type = try? new.type.sql(),
      !ColumnType.isSame(type, column.declaredType)
    {
      losses.append(
        RebuildLoss(
          "the column \(column.name) is declared \(type) instead of \(column.declaredType)",
          of: .declaredType(column: column.name, before: column.declaredType, after: type)
        )
      )
    }
    return losses
  }

  /// The text of an index or a trigger, as long as it can be executed on the new table.
  private func definition(_ name: String) -> String? {
    table.definitions[name].flatMap { isUntouched($0) ? $0 : nil }
  }

  /// The directive that brings a CHECK back, under a name that is free.
  private func remedy(ofCheck check: String, _ losses: [RebuildLoss]) -> String {
    let number = 1 + losses.count { if case .check = $0.subject { true } else { false } }
    let names = Set(table.constraints.compactMap(\.name) + named.map(\.name))
    let name = free("ck_\(table.name)_\(number)", among: names)
    return
      "batch_op.create_check_constraint(\(RebuildLoss.python(name)), \(RebuildLoss.python(SQLText.escaped(check))))"
  }

  private var indexNames: Set<String> {
    Set(table.definitions.keys).union(table.indexes.map(\.name))
  }

  /// A name that is not taken yet: a second object of a name would take the place of the first, or fail.
  private func free(_ name: String, among taken: Set<String>) -> String {
    guard taken.contains(name) else { return name }
    var number = 2
    while taken.contains("\(name)_\(number)") { number += 1 }
    return "\(name)_\(number)"
  }

  /// Whether a condition names a column that is dropped: it goes with that.
  private func isOfDropped(_ sql: String) -> Bool {
    let dropped = Set(
      table.columns.map(\.name).filter { columns[$0] == nil }.map { $0.lowercased() }
    )
    return StatementText(sql).words.contains { dropped.contains($0.lowercased()) }
  }
}
