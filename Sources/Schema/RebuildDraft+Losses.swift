extension RebuildDraft {
  /// One sentence for each thing that the table has and its rebuilt form has not, though the batch
  /// does not ask for it.
  func losses() -> [String] {
    var losses: [String] = []
    if table.hasAutoincrement && batch.tableOptions.autoincrement != true {
      losses.append(
        "the primary key is no longer AUTOINCREMENT, so that old keys may be used again"
      )
    }
    for column in table.columns {
      losses += self.losses(of: column)
    }
    if !batch.tableConstraints.contains(where: \.isCheck) {
      for check in table.unnamedChecks {
        losses.append("the constraint CHECK (\(check)) is gone, as it has no name")
      }
    }
    for (index, constraint) in table.constraints.enumerated() {
      let later = table.constraints.dropFirst(index + 1)
      guard let name = constraint.name, later.contains(where: { $0.name == name }) else { continue }
      losses.append("one of the two constraints named \(name) is gone")
    }
    for name in replaced {
      losses.append("the constraint \(name) gives way to a new one of the same name")
    }
    for unique in table.unseenUniques where unique.allSatisfy({ columns[$0] != nil }) {
      losses.append("the constraint UNIQUE (\(unique.joined(separator: ", "))) is gone")
    }
    for part in table.unseenReferenceParts {
      losses.append("\(part) is gone")
    }
    for case .constraint(let constraint) in items where !isComplete(.constraint(constraint)) {
      guard let name = constraint.name, !table.constraints.contains(constraint) else { continue }
      losses.append("the new constraint \(name) is left out, as it names an unknown column")
    }
    for index in keptIndexes {
      for lost in index.lost { losses.append("the index \(index.name) loses \(lost)") }
      for column in index.columns where columns[column] == nil {
        losses.append("the index \(index.name) names the dropped column \(column)")
      }
    }
    for index in table.expressionIndexes {
      losses.append("the index \(index) is gone, as it is on an expression")
    }
    for trigger in table.triggers {
      losses.append("the trigger \(trigger) is gone")
    }
    return losses
  }

  private func losses(of column: ReflectedTable.Column) -> [String] {
    guard let new = columns[column.name], expressions[column.name] != nil else { return [] }
    var losses: [String] = []
    if let collation = column.collation, new.type.collation == nil {
      losses.append("the column \(column.name) loses COLLATE \(collation)")
    }
    let isSameType = (try? ColumnType.reflected(column.declaredType)) == new.type
    if isSameType, let type = try? new.type.sql(), !Self.isSame(type, column.declaredType) {
      losses.append(
        "the column \(column.name) is declared \(type) instead of \(column.declaredType)"
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
