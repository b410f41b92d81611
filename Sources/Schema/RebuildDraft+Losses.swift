extension RebuildDraft {
  /// Each thing that the table has and its rebuilt form has not, though the batch does not ask for it.
  func losses() -> [RebuildLoss] {
    var losses: [RebuildLoss] = []
    func add(_ what: String, _ remedy: String? = nil) {
      losses.append(RebuildLoss(what, remedy: remedy))
    }
    if table.hasAutoincrement && batch.tableOptions.autoincrement != true && !kept.autoincrement {
      add(
        "the primary key is no longer AUTOINCREMENT, so that old keys may be used again",
        "op.batch_alter_table(\(RebuildLoss.python(table.name)), table_kwargs={'sqlite_autoincrement': True})"
      )
    }
    for column in table.columns {
      losses += self.losses(of: column)
    }
    if !batch.tableConstraints.contains(where: \.isCheck) {
      for (index, check) in table.unnamedChecks.enumerated() where !kept.checks.contains(check) {
        let name = RebuildLoss.python("ck_\(table.name)_\(index + 1)")
        add(
          "the constraint CHECK (\(check)) is gone, as it has no name",
          "batch_op.create_check_constraint(\(name), \(RebuildLoss.python(check)))"
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
      let name = Identifier.quoted("uq_\(table.name)_\(unique.joined(separator: "_"))")
      add(
        "the constraint UNIQUE (\(unique.joined(separator: ", "))) is gone",
        "CREATE UNIQUE INDEX \(name) ON \(Identifier.quoted(table.name)) (\(Identifier.list(unique.map(newName))))"
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
        let text = table.definitions[index.name].map {
          "DROP INDEX \(Identifier.quoted(index.name)); \($0)"
        }
        add("the index \(index.name) loses \(lost)", text)
      }
      for column in index.columns where columns[column] == nil {
        add("the index \(index.name) names the dropped column \(column)")
      }
    }
    for index in table.expressionIndexes where kept.indexes[index] == nil {
      add("the index \(index) is gone, as it is on an expression", table.definitions[index])
    }
    for index in undeclaredIndexes where kept.indexes[index] == nil {
      add(
        "the index \(index) is gone, as the table of copy_from does not have it",
        table.definitions[index]
      )
    }
    for trigger in table.triggers where !kept.triggers.contains(where: { $0.name == trigger }) {
      add("the trigger \(trigger) is gone", table.definitions[trigger])
    }
    return losses
  }

  private func losses(of column: ReflectedTable.Column) -> [RebuildLoss] {
    guard let new = columns[column.name], expressions[column.name] != nil else { return [] }
    var losses: [RebuildLoss] = []
    if let collation = column.collation, new.type.collation == nil, new.keptCollation == nil {
      let type = RebuildLoss.python(collation)
      losses.append(
        RebuildLoss(
          "the column \(column.name) loses COLLATE \(collation)",
          remedy:
            "batch_op.alter_column(\(RebuildLoss.python(column.name)), type_=sa.Text(collation=\(type)))"
        )
      )
    }
    let isSameType = (try? ColumnType.reflected(column.declaredType)) == new.type
    if isSameType, let type = try? new.type.sql(), !Self.isSame(type, column.declaredType) {
      losses.append(
        RebuildLoss(
          "the column \(column.name) is declared \(type) instead of \(column.declaredType)"
        )
      )
    }
    return losses
  }

  /// True if two types differ in nothing but white space and case.
  private static func isSame(_ type: String, _ other: String) -> Bool {
    func bare(_ text: String) -> String {
      text.uppercased().filter { !$0.isWhitespace }
    }
    return bare(type) == bare(other)
  }
}
