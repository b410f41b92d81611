internal import SQLite
internal import Schema

/// Reads a table's definition out of the database, as SQLAlchemy's reflection sees it.
struct TableReflection {
  let connection: Connection

  /// Reflects a table.
  ///
  /// - Throws: `SchemaError` with `.noSuchTable` if it is not there; `SQLiteError`.
  func table(_ name: String) throws -> ReflectedTable {
    let found = try connection.query(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE",
      [.text(name)]
    ).first
    guard let stored = found?.first?.textValue, let sql = try text(found?.last, "sql") else {
      throw SchemaError(.noSuchTable, name)
    }
    let foreignKeys = try foreignKeys(of: stored)
    var parents: [String: [PragmaColumn]] = [:]
    for key in foreignKeys {
      let columns = try columns(of: key.table)
      if !columns.isEmpty { parents[key.table] = columns }
    }
    let triggers = try connection.query(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE",
      [.text(stored)]
    ).compactMap { row in
      let sql = try text(row[1], "sql") ?? ""
      return row[0].textValue.map { (name: $0, sql: sql) }
    }
    var table = try ReflectedTable.parse(
      name: name,
      sql: sql,
      columns: try columns(of: stored),
      foreignKeys: foreignKeys,
      indexes: try indexes(of: stored),
      parents: parents,
      triggers: triggers.map(\.name),
      triggerTexts: Dictionary(triggers.map { ($0.name, $0.sql) }) { first, _ in first }
    )
    guard table.hasAutoincrement else { return table }
    table.sequence = try connection.value(
      "SELECT seq FROM sqlite_sequence WHERE name = ?",
      [.text(stored)]
    )?.integerValue
    let last = "SELECT max(rowid) FROM main.\(Connection.quoted(stored))"
    if table.sequence != nil { table.lastKey = try connection.value(last)?.integerValue }
    return table
  }

  private func columns(of table: String) throws -> [PragmaColumn] {
    try rows("table_xinfo", table).map { row in
      PragmaColumn(
        name: row.text("name"),
        type: row.text("type"),
        isNotNull: row.integer("notnull") != 0,
        defaultValue: try text(row.values["dflt_value"], "dflt_value"),
        primaryKeyPosition: row.integer("pk"),
        hidden: row.integer("hidden")
      )
    }
  }

  private func foreignKeys(of table: String) throws -> [PragmaForeignKey] {
    try rows("foreign_key_list", table).map { row in
      PragmaForeignKey(
        id: row.integer("id"),
        table: row.text("table"),
        column: row.text("from"),
        referencedColumn: row.optionalText("to"),
        onUpdate: row.text("on_update"),
        onDelete: row.text("on_delete")
      )
    }
  }

  private func indexes(of table: String) throws -> [PragmaIndex] {
    try rows("index_list", table).map { row in
      let name = row.text("name")
      return PragmaIndex(
        name: name,
        isUnique: row.integer("unique") != 0,
        origin: row.text("origin"),
        isPartial: row.integer("partial") != 0,
        columns: try rows("index_info", name).map { $0.optionalText("name") },
        sql: try text(
          connection.value(
            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?",
            [.text(name)]
          ),
          "sql"
        )
      )
    }
  }

  /// Text that goes into SQL again: what is not UTF-8 would be another text there, and is refused.
  private func text(_ value: Value?, _ column: String) throws(SQLiteError) -> String? {
    guard case .rawText(let bytes) = value else { return value?.textValue }
    throw SQLiteError.undecodable(bytes, column: column, sql: nil)
  }

  private func rows(_ pragma: String, _ argument: String) throws -> [NamedRow] {
    let statement = try connection.prepare("PRAGMA main.\(pragma)(\(Connection.quoted(argument)))")
    let names = statement.columnNames
    var rows: [NamedRow] = []
    while try statement.step() {
      rows.append(NamedRow(values: Dictionary(zip(names, statement.row)) { first, _ in first }))
    }
    return rows
  }

  /// A row of a PRAGMA: its columns are found by name, since later versions of SQLite add some.
  private struct NamedRow {
    var values: [String: Value]

    func optionalText(_ name: String) -> String? { values[name]?.textValue }
    func text(_ name: String) -> String { optionalText(name) ?? "" }
    func integer(_ name: String) -> Int { Int(clamping: values[name]?.integerValue ?? 0) }
  }
}
