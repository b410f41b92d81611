/// What a rebuild has lost, told from the table before and the table after: for rebuilds that somebody else has made.
extension RebuildLoss {
  /// A rebuild as it can be seen from outside.
  package struct Observed {
    /// The table before.
    package var before: ReflectedTable
    /// The table after.
    package var after: ReflectedTable
    /// The new names of the columns that were copied, by their old ones; nil if that could not be seen.
    package var columns: [String: String]?
    /// The indexes and triggers that a statement has dropped by name, in lower case.
    package var dropped: Set<String> = []
    /// Whether CHECK constraints are lost although they have a name, as before alembic 1.7.
    package var losesNamedChecks = false

    /// Takes what can be seen.
    package init(before: ReflectedTable, after: ReflectedTable) {
      self.before = before
      self.after = after
    }

    func newName(of column: String) -> String? {
      if let columns { return columns[column] }
      return after.columns.contains { $0.name == column } ? column : nil
    }

    /// Whether a text names a column that is gone or has another name now.
    func isOutdated(_ sql: String) -> Bool {
      let moved = Set(
        before.columns.map(\.name).filter { newName(of: $0) != $0 }.map { $0.lowercased() }
      )
      return before.name != after.name
        || StatementText(sql).words.contains { moved.contains($0.lowercased()) }
    }
  }

  /// What a table has had before its rebuild and has no longer, though nobody has asked for that.
  ///
  /// What reflection sees, and a rebuild therefore keeps, can only be gone because the script says so.
  ///
  /// - Parameter rebuild: What was seen of the rebuild.
  /// - Returns: The losses, with the words and remedies of our own rebuilds.
  /// - Throws: `SchemaError` for a table that no rebuild can be worked out for.
  package static func seen(in rebuild: Observed) throws(SchemaError) -> [RebuildLoss] {
    let batch = BatchAlteration(rebuild.before.name, recreate: .always, changes: [])
    var candidates = try RebuildDraft(rebuild.before, batch).losses()
    if rebuild.losesNamedChecks { candidates += namedChecks(of: rebuild.before) }
    // What today's SQLAlchemy sees, older ones do not.
    candidates += olderLosses(of: rebuild.before)
    var losses: [RebuildLoss] = []
    for var loss in candidates
    where loss.isLoss(in: rebuild) && !losses.contains(where: { $0.what == loss.what }) {
      switch loss.subject {
      case .check(let sql) where rebuild.isOutdated(sql): loss.remedy = nil
      case .indexPart(let name, _), .index(let name), .trigger(let name):
        if rebuild.isOutdated(rebuild.before.definitions[name] ?? "") { loss.remedy = nil }
      case .unique(let columns) where columns.contains { rebuild.newName(of: $0) != $0 }:
        loss.remedy = nil
      default: break
      }
      losses.append(loss)
    }
    return losses
  }

  private static func namedChecks(of table: ReflectedTable) -> [RebuildLoss] {
    table.constraints.compactMap { constraint in
      guard case .check(let sql, _) = constraint.kind, let name = constraint.name else {
        return nil
      }
      return RebuildLoss(
        "the constraint \(name) CHECK (\(sql)) is gone",
        remedy:
          "batch_op.create_check_constraint(\(python(name)), \(python(SQLText.escaped(sql))))",
        of: .check(sql)
      )
    }
  }

  private static func olderLosses(of table: ReflectedTable) -> [RebuildLoss] {
    let conditions = table.indexes.filter { $0.predicate != nil }.map { index in
      RebuildLoss(
        "the index \(index.name) loses its WHERE",
        remedy: table.definitions[index.name].map {
          "DROP INDEX \(Identifier.quoted(index.name)); \($0)"
        },
        of: .indexPart(index: index.name, "its WHERE")
      )
    }
    return conditions
      + table.references.compactMap {
        RebuildLoss(of: $0, from: table.name, isRecognized: true)
      }
  }

  private func isLoss(in rebuild: Observed) -> Bool {
    let after = rebuild.after
    switch subject {
    case .other: return false
    case .collation(let column, _): if rebuild.newName(of: column) == nil { return false }
    case .declaredType(let column, _, let type):
      let new = rebuild.newName(of: column)
      return after.columns.contains {
        $0.name == new && ColumnType.isSame($0.declaredType, type)
      }
    case .check(let sql):
      let words = Set(StatementText(sql).words.map { $0.lowercased() })
      let isOfDropped = rebuild.before.columns.contains {
        rebuild.newName(of: $0.name) == nil && words.contains($0.name.lowercased())
      }
      if isOfDropped { return false }
    case .unique(let columns):
      if columns.contains(where: { rebuild.newName(of: $0) == nil }) { return false }
    case .reference(let reference):
      // A rebuild keeps every foreign key; one that is gone as a whole was dropped.
      let isKept = after.references.contains {
        $0.isSameReference(as: reference, rebuild.newName)
      }
      if !isKept { return false }
    case .indexPart(let index, _):
      if !after.indexes.contains(where: { $0.name == index }) { return false }
      if rebuild.dropped.contains(index.lowercased()) { return false }
    case .index(let name), .trigger(let name):
      if rebuild.dropped.contains(name.lowercased()) { return false }
    case .autoincrement, .counter: break
    }
    return !isThere(in: after, rebuild.newName)
  }

  /// Whether what was lost is there again.
  ///
  /// - Parameter table: The table as it is now.
  /// - Returns: True only if it is there for certain.
  package func isThere(in table: ReflectedTable) -> Bool {
    isThere(in: table) { $0 }
  }

  private func isThere(in table: ReflectedTable, _ newName: (String) -> String?) -> Bool {
    switch subject {
    case .autoincrement: table.hasAutoincrement
    case .counter(let counter):
      table.sequence.map { max($0, table.lastKey ?? 0) >= counter } ?? false
    case .collation(let column, let collation):
      table.columns.contains {
        $0.name == newName(column) && $0.collation?.lowercased() == collation.lowercased()
      }
    case .declaredType(let column, let type, _):
      table.columns.contains {
        $0.name == newName(column) && ColumnType.isSame($0.declaredType, type)
      }
    case .check(let sql): table.checks.contains { Self.isSameText($0, sql) }
    case .unique(let columns): table.uniques.contains(columns.compactMap(newName))
    case .reference(let reference):
      table.references.contains {
        $0.isSameReference(as: reference, newName) && $0.hasAll(of: reference)
      }
    case .indexPart(let name, let part):
      table.indexes.contains { index in
        guard index.name == name else { return false }
        return part == "its WHERE" ? index.predicate != nil : index.lost.contains(part)
      }
    case .index(let name): table.definitions[name] != nil
    case .trigger(let name): table.triggers.contains(name)
    case .other: false
    }
  }

  private static func isSameText(_ text: String, _ other: String) -> Bool {
    func bare(_ text: String) -> String { text.filter { !$0.isWhitespace } }
    return bare(text) == bare(other)
  }
}

extension Constraint {
  /// Whether two foreign keys lead from the same columns to the same table.
  fileprivate func isSameReference(as old: Constraint, _ newName: (String) -> String?) -> Bool {
    guard case .foreignKey(let columns, let target) = kind,
      case .foreignKey(let before, let aim) = old.kind
    else { return false }
    return columns == before.compactMap(newName)
      && target.table.lowercased() == aim.table.lowercased()
  }

  /// Whether a foreign key does all that another one did.
  fileprivate func hasAll(of old: Constraint) -> Bool {
    guard case .foreignKey(_, let target) = kind, case .foreignKey(_, let aim) = old.kind else {
      return false
    }
    return RebuildLoss.action(target.onDelete) == RebuildLoss.action(aim.onDelete)
      && RebuildLoss.action(target.onUpdate) == RebuildLoss.action(aim.onUpdate)
      && (old.deferrable != true || deferrable == true) && (old.name == nil || name != nil)
  }
}
