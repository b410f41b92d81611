internal import DurableFiles
internal import SQLite

/// Tables that alembic's batch mode has left: the copy `_alembic_tmp_t` of a table `t` that was being rebuilt.
///
/// alembic on SQLite commits the CREATE of the copy at once, and undoes its own clean-up when the revision fails; then every
/// later attempt fails with "table _alembic_tmp_t already exists".
struct LeftoverTables {
  static let prefix = "_alembic_tmp_"
  private static let check = "leftover-table"
  private static let why =
    "a batch change of alembic failed or was killed here; alembic cannot upgrade any more: 'table already exists'"

  let connection: Connection
  /// The database's path.
  let database: String

  func findings() throws -> [Finding] {
    let tables = try connection.tableNames()
    let left = tables.filter { $0.hasPrefix(Self.prefix) }
    guard !left.isEmpty else {
      return [Finding(Self.check, .ok, "no table of a failed batch change")]
    }
    return try left.map { try finding($0) }
  }

  private func finding(_ copy: String) throws -> Finding {
    let rows = try count(copy)
    let shown = copy.shownAsPath
    let held = "the table \(shown) holds \(rows.shown(as: "row"))"
    guard let original = try original(of: copy) else {
      return try withoutOriginal(copy, rows)
    }
    guard original.isTable else {
      return doubtful(
        copy,
        rows > 0
          ? "\(held), and \(original.name.shownAsPath) is no table"
          : "the table \(shown) is left and empty, and \(original.name.shownAsPath) is no table"
      )
    }
    let comparison = CopyComparison(connection: connection, copy: copy, original: original.name)
    if let more = try comparison.whatIsMore(rows) {
      return doubtful(copy, "\(held) \(more)")
    }
    let whole =
      "the table \(shown) is left, with \(rows.shown(as: "row")); \(original.name.shownAsPath) is whole"
    if let hanger = try SchemaReferences(connection).first(to: copy) {
      return doubtful(copy, "\(whole); but \(hanger) is made on it")
    }
    return Finding(
      Self.check,
      .problem,
      whole,
      why: Self.why,
      repair: "drop \(shown)",
      statements: ["DROP TABLE \(Connection.quoted(copy))"]
    )
  }

  private func withoutOriginal(_ copy: String, _ rows: Int64) throws -> Finding {
    let shown = copy.shownAsPath
    let name = String(copy.dropFirst(Self.prefix.count))
    // The copy is filled by one statement, and the original dropped by a later one: rows in it are all of them.
    guard rows > 0, !isCut(copy) else {
      let what = rows > 0 ? "holds \(rows.shown(as: "row"))" : "is left and empty"
      return Finding(
        Self.check,
        .problem,
        "the table \(shown) \(what), and its original is gone",
        why: Self.why,
        commands: [
          "xm-safe list", "xm-safe restore SNAPSHOT",
          rows > 0 ? look(copy) : drop(copy) + "  # if the original was empty",
        ]
      )
    }
    return Finding(
      Self.check,
      .problem,
      "the table \(name.shownAsPath) is gone, and \(shown) holds \(rows.shown(as: "row")) of it",
      why: Self.why
        + "; the original was dropped after its copy was complete. Its indexes and triggers went with it",
      repair:
        "rename \(shown) to \(name.shownAsPath); compare its indexes with a snapshot afterwards",
      statements: [
        "PRAGMA legacy_alter_table=ON",
        "ALTER TABLE \(Connection.quoted(copy)) RENAME TO \(Connection.quoted(name))",
        "PRAGMA legacy_alter_table=OFF",
      ]
    )
  }

  private func doubtful(_ copy: String, _ what: String) -> Finding {
    Finding(
      Self.check,
      .problem,
      what,
      why: Self.why,
      commands: [
        "xm-safe snapshot", look(copy), drop(copy) + "  # if none of them is wanted",
      ]
    )
  }

  /// What has the name of the original, as SQLite compares names; a table, if there are several.
  private func original(of copy: String) throws -> (name: String, isTable: Bool)? {
    let name = String(copy.dropFirst(Self.prefix.count))
    let found = try connection.query(
      "SELECT name, type = 'table' FROM sqlite_schema WHERE lower(name) = lower(?) ORDER BY 2 DESC",
      [.text(name)]
    )
    if let first = found.first, let name = first[0].textValue {
      return (name, first[1] == .integer(1))
    }
    guard isCut(copy) else { return nil }
    let candidates = try connection.query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND lower(substr(name, 1, ?)) = lower(?)",
      [.integer(Int64(name.unicodeScalars.count)), .text(name)]
    )
    guard candidates.count == 1 else { return nil }
    return candidates[0][0].textValue.map { ($0, true) }
  }

  /// Whether the name may be longer than what is left of it: alembic cuts the name of the copy after fifty characters.
  private func isCut(_ copy: String) -> Bool { copy.unicodeScalars.count == 50 }

  private func count(_ table: String) throws -> Int64 {
    try connection.value("SELECT count(*) FROM \(Connection.quoted(table))")?.integerValue ?? 0
  }

  private func look(_ table: String) -> String {
    ShellCommand.sqlite(database, "SELECT * FROM \(Connection.quoted(table)) LIMIT 20")
  }

  private func drop(_ table: String) -> String {
    ShellCommand.sqlite(database, "DROP TABLE \(Connection.quoted(table))")
  }
}
