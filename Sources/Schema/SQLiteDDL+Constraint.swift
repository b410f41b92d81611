extension SQLiteDDL {
  /// A constraint as it stands in a table definition.
  static func sql(of constraint: Constraint) throws(SchemaError) -> String {
    var text = ""
    if let name = constraint.name { text += "CONSTRAINT \(Identifier.quoted(name)) " }
    switch constraint.kind {
    case .primaryKey(let columns):
      text += "PRIMARY KEY (\(Identifier.list(columns)))"
    case .unique(let columns):
      text += "UNIQUE (\(Identifier.list(columns)))"
    case .check(let sql, let isText):
      text += "CHECK (\(isText ? try SQLText.rendered(sql) : sql))"
    case .foreignKey(let columns, let target):
      guard columns.count == target.columns.count else {
        throw SchemaError(
          .argument,
          "a foreign key to \(target.table) has \(columns.count) columns on one side and"
            + " \(target.columns.count) on the other"
        )
      }
      text += "FOREIGN KEY(\(Identifier.list(columns))) REFERENCES"
      text += " \(Identifier.quoted(target.table)) (\(Identifier.list(target.columns)))"
      text += try actions(of: target)
    }
    return text + (try deferrability(constraint.deferrable, constraint.initially))
      + conflict(constraint.onConflict)
  }

  /// `ON CONFLICT` and a word, as it was given.
  static func conflict(_ word: String?) -> String {
    word.map { " ON CONFLICT \($0)" } ?? ""
  }

  /// MATCH, ON DELETE and ON UPDATE, in this order.
  static func actions(of target: ForeignKey) throws(SchemaError) -> String {
    var text = ""
    if let match = target.match { text += " MATCH \(try phrase(match))" }
    if let action = target.onDelete { text += " ON DELETE \(try phrase(action))" }
    if let action = target.onUpdate { text += " ON UPDATE \(try phrase(action))" }
    return text
  }

  static func deferrability(
    _ deferrable: Bool?,
    _ initially: String?
  ) throws(SchemaError) -> String {
    var text = ""
    if let deferrable { text += deferrable ? " DEFERRABLE" : " NOT DEFERRABLE" }
    if let initially { text += " INITIALLY \(try phrase(initially))" }
    return text
  }

  /// CREATE INDEX; SQLAlchemy puts no line break before it.
  static func createIndex(_ index: Index, ifNotExists: Bool) throws(SchemaError) -> String {
    var elements: [String] = []
    for element in index.elements {
      switch element {
      case .column(let name): elements.append(Identifier.quoted(name))
      case .expression(let sql): elements.append(try SQLText.rendered(sql))
      }
    }
    var text = "CREATE \(index.isUnique ? "UNIQUE " : "")INDEX "
    text += "\(ifNotExists ? "IF NOT EXISTS " : "")\(Identifier.quoted(try index.finalName()))"
    text += " ON \(Identifier.quoted(index.table)) (\(elements.joined(separator: ", ")))"
    if let predicate = index.predicate { text += " WHERE \(try SQLText.rendered(predicate))" }
    return text
  }

  /// Words for an action or a mode; SQLAlchemy lets nothing but words and white space through.
  private static func phrase(_ words: String) throws(SchemaError) -> String {
    let characters = words.unicodeScalars
    let isClean = characters.allSatisfy { SQLText.isWord($0) || $0.properties.isWhitespace }
    guard isClean, let first = characters.first, let last = characters.last,
      SQLText.isWord(first), SQLText.isWord(last)
    else {
      throw SchemaError(.compile, "\(words) is no SQL phrase for a foreign key")
    }
    return words
  }
}
