/// A table on its way to a new form: alembic's `ApplyBatchImpl`, change by change.
///
/// Columns go by key, the name they had before the batch, whatever they are called in the end.
struct RebuildDraft {
  /// A constraint of the new table whose column names are keys.
  enum Item: Hashable {
    /// A constraint as it is.
    case constraint(Constraint)
    /// The CHECK that a type brings to a column.
    case typeCheck(column: String, ColumnType)
  }

  let table: ReflectedTable
  let batch: BatchAlteration
  var order: ColumnOrder
  /// The keys of the columns, the existing ones first, the added ones behind.
  var columnKeys: [String]
  var columns: [String: Column] = [:]
  /// What fills a column; an added column has none.
  var expressions: [String: String] = [:]
  var casts: Set<String> = []
  var named: [(name: String, item: Item)] = []
  var unnamed: [Item] = []
  /// The names of constraints that a new one of the same name has taken the place of.
  var replaced: [String] = []
  var keptIndexes: [ReflectedTable.Index]
  var newIndexes: [Index] = []
  /// What is kept although alembic loses it.
  var kept = Kept()
  /// The indexes of a table that the script declares itself.
  var declaredIndexes: [Index] = []
  /// The named CHECK constraints inside the columns of such a table.
  var declaredChecks: [String: (column: String, check: Column.Check)] = [:]

  /// Starts with the table as it is.
  init(_ table: ReflectedTable, _ batch: BatchAlteration) throws(SchemaError) {
    self.table = table
    self.batch = batch
    columnKeys = table.columns.map(\.name)
    order = ColumnOrder(existing: columnKeys, partial: batch.partialReordering)
    keptIndexes = table.indexes
    for column in table.columns {
      expressions[column.name] =
        "\(Identifier.quoted(table.name)).\(Identifier.quoted(column.name))"
    }
    if let declared = batch.declared {
      take(declared)
      return
    }
    for column in table.columns {
      columns[column.name] = try Column(reflected: column)
    }
    for column in batch.reflectedColumns { try replace(column) }
    guard batch.namingConvention.templates["ck"] == nil || table.unnamedChecks.isEmpty else {
      throw SchemaError(
        .refused,
        "a naming convention for the CHECK constraints of table \(table.name) without a name is not read"
      )
    }
    for var constraint in table.constraints {
      if batch.keepsEverything, let full = table.fullReferences[constraint] {
        constraint = full
        // The script knows the constraint by the name of the convention, if it knows it at all.
        constraint.name =
          try batch.namingConvention.name(of: constraint, in: table.name) ?? full.name
      }
      // A name that is in the database is final; the convention is for those that have none.
      if constraint.name == nil, !constraint.columns.isEmpty {
        constraint.name = try batch.namingConvention.name(of: constraint, in: table.name)
      }
      if batch.keepsEverything, named.contains(where: { $0.name == constraint.name }) {
        unnamed.append(.constraint(constraint))
        continue
      }
      add(.constraint(constraint), name: constraint.name)
    }
  }

  /// Takes the columns, constraints and indexes of a table as the script declares it.
  private mutating func take(_ declared: DeclaredTable) {
    for column in declared.table.columns {
      var copy = column
      copy.references = []
      copy.isUnique = false
      copy.isIndexed = false
      columns[column.name] = copy
      for check in column.checks {
        if let name = check.name { declaredChecks[name] = (column.name, check) }
      }
    }
    for constraint in declared.constraints {
      add(.constraint(constraint), name: constraint.name)
    }
    declaredIndexes = declared.table.indexes
  }

  /// Takes a column of `reflect_args=` for the reflected one of the same name.
  private mutating func replace(_ column: Column) throws(SchemaError) {
    guard let reflected = columns[column.name] else {
      throw SchemaError(
        .refused,
        "reflect_args names the column \(column.name), which table \(table.name) has not"
      )
    }
    guard column.references.isEmpty, !column.isUnique, !column.isIndexed, column.checks.isEmpty,
      column.isPrimaryKey || !reflected.isPrimaryKey
    else {
      throw SchemaError(
        .refused,
        "constraints of the column \(column.name) in reflect_args are not read"
      )
    }
    if column.type.createsConstraint {
      add(.typeCheck(column: column.name, column.type), name: column.type.constraintName)
    }
    var copy = column
    copy.type.createsConstraint = false
    columns[column.name] = copy
  }

  /// Adds a constraint; of two with one name the later stays, in the place of the earlier.
  mutating func add(_ item: Item, name: String?) {
    guard let name else {
      unnamed.append(item)
      return
    }
    if let index = named.firstIndex(where: { $0.name == name }) {
      named[index].item = item
    } else {
      named.append((name, item))
    }
  }

  mutating func removeNamed(_ name: String) -> Item? {
    guard let index = named.firstIndex(where: { $0.name == name }) else { return nil }
    return named.remove(at: index).item
  }

  /// The constraints in the order of the new table.
  var items: [Item] {
    batch.tableConstraints.map(Item.constraint) + named.map(\.item) + unnamed
  }

  /// True if all columns of the constraint are still there; alembic skips it otherwise.
  func isComplete(_ item: Item) -> Bool {
    switch item {
    case .constraint(let constraint): constraint.columns.allSatisfy { columns[$0] != nil }
    case .typeCheck(let column, _): columns[column] != nil
    }
  }

  /// The new table under its temporary name.
  func newTable(order: [String]) throws(SchemaError) -> Table {
    var constraints: [Constraint] = []
    for item in items {
      let isArgument = constraints.count < batch.tableConstraints.count
      if isArgument || isComplete(item) {
        constraints.append(renamed(item))
      }
    }
    var options = batch.tableOptions.filled(from: table.options)
    if kept.autoincrement { options.autoincrement = true }
    // What columns bring themselves stands behind the arguments, before all that is added to the finished table.
    var columns = order.compactMap { self.columns[$0] }
    let own = columns.flatMap(\.tableConstraints)
    constraints.insert(contentsOf: own, at: batch.tableConstraints.count)
    for index in columns.indices {
      if !columns[index].isIndexed { columns[index].isUnique = false }
      columns[index].type.createsConstraint = false
    }
    return Table(
      TableRebuild.temporaryName(for: table.name),
      columns: columns,
      constraints: constraints,
      options: options
    )
  }

  /// The columns to fill, by their new names, and what fills them.
  func sources(order: [String]) -> [(column: String, expression: String)] {
    order.compactMap { key in
      guard let expression = expressions[key] else { return nil }
      let alias = casts.contains(key) ? " AS \(Identifier.quoted(key))" : ""
      return (newName(of: key), expression + alias)
    }
  }

  /// The indexes, first the kept ones, then the new ones.
  func indexStatements() throws(SchemaError) -> [String] {
    var statements: [String] = []
    for index in keptIndexes {
      if let text = kept.indexes[index.name] {
        statements.append(text)
        continue
      }
      for key in index.columns where columns[key] == nil {
        // The index would silently move to another column; alembic fails here, after the rename.
        guard !columns.values.contains(where: { $0.name == key }) else {
          throw SchemaError(
            .duplicateColumn,
            "the index \(index.name) is on the dropped column \(key),"
              + " whose name another column takes"
          )
        }
      }
      let kept = Index(
        index.name,
        on: table.name,
        columns: index.columns.map(newName),
        isUnique: index.isUnique,
        predicate: index.predicate
      )
      statements.append(try SQLiteDDL.createIndex(kept, ifNotExists: false))
    }
    for index in declaredIndexes {
      var kept = index
      kept.name = try index.finalName()
      kept.table = table.name
      kept.elements = index.elements.map { element in
        if case .column(let key) = element { return .column(newName(of: key)) }
        return element
      }
      statements.append(try SQLiteDDL.createIndex(kept, ifNotExists: false))
    }
    for index in newIndexes {
      var new = index
      new.name = try index.finalName()
      new.table = table.name
      new.elements = []
      for element in index.elements {
        // alembic looks expressions up as columns too, after the rename, and fails.
        switch element {
        case .column(let key) where columns[key] != nil:
          new.elements.append(.column(newName(of: key)))
        case .column(let key), .expression(let key): throw .unknownColumn(key)
        }
      }
      statements.append(try SQLiteDDL.createIndex(new, ifNotExists: false))
    }
    return statements
  }

  /// The name of a column in the new table.
  func newName(of key: String) -> String {
    columns[key]?.name ?? key
  }

  /// A constraint with the new names of its own columns; texts and referenced columns stay.
  private func renamed(_ item: Item) -> Constraint {
    switch item {
    case .typeCheck(let column, let type):
      let sql = type.checkSQL(column: newName(of: column)) ?? "1"
      return Constraint(.check(sql, isText: false), name: type.constraintName)
    case .constraint(var constraint):
      switch constraint.kind {
      case .primaryKey(let keys): constraint.kind = .primaryKey(keys.map(newName))
      case .unique(let keys): constraint.kind = .unique(keys.map(newName))
      case .foreignKey(let keys, let target):
        constraint.kind = .foreignKey(columns: keys.map(newName), target)
      case .check: break
      }
      return constraint
    }
  }
}

extension Column {
  /// A column of the new table as reflection gives it.
  init(reflected column: ReflectedTable.Column) throws(SchemaError) {
    var type = try ColumnType.reflected(column.declaredType)
    if type == .null, let referenced = column.referencedType {
      type = try ColumnType.reflected(referenced)
    }
    self.init(
      column.name,
      type,
      nullable: !column.isNotNull,
      isPrimaryKey: column.primaryKeyPosition > 0,
      serverDefault: column.defaultText.map { .text(Self.parenthesized($0)) }
    )
  }

  /// The default text as alembic passes it on: in parentheses unless it is empty, one digit, a
  /// quoted string that is not empty, or in parentheses already.
  private static func parenthesized(_ text: String) -> String {
    let characters = Array(text.unicodeScalars)
    guard let first = characters.first, let last = characters.last else { return text }
    let isDigit = characters.count == 1 && (first == "." || ("0"..."9").contains(first))
    let isWrapped = first == "'" && last == "'" || first == "(" && last == ")"
    let isOnOneLine = !characters.contains("\n")
    return isDigit || isWrapped && characters.count > 2 && isOnOneLine ? text : "(\(text))"
  }
}
