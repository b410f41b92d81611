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
    return try left.map { try finding($0, among: tables) }
  }

  private func finding(_ copy: String, among tables: [String]) throws -> Finding {
    let rows = try count(copy)
    let shown = copy.shownAsPath
    guard let original = original(of: copy, among: tables) else {
      let name = String(copy.dropFirst(Self.prefix.count))
      // The copy is filled by one statement, and the original dropped by a later one: rows in it are all of them.
      guard rows > 0, !tables.contains(where: { $0.lowercased() == name.lowercased() }) else {
        return Finding(
          Self.check,
          .problem,
          "the table \(shown) is left and empty, and its original is gone",
          why: Self.why,
          commands: [
            "xm-safe list", "xm-safe restore SNAPSHOT",
            drop(copy) + "  # if the original was empty",
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
    let whole = try isWhole(original, copy, rows)
    guard whole else {
      return Finding(
        Self.check,
        .problem,
        "the table \(shown) holds \(rows.shown(as: "row")) that \(original.shownAsPath) does not all have",
        why: Self.why,
        commands: [
          "xm-safe snapshot",
          ShellCommand.sqlite(database, "SELECT * FROM \(Connection.quoted(copy)) LIMIT 20"),
          drop(copy) + "  # if none of them is wanted",
        ]
      )
    }
    return Finding(
      Self.check,
      .problem,
      "the table \(shown) is left, with \(rows.shown(as: "row")); \(original.shownAsPath) is whole",
      why: Self.why,
      repair: "drop \(shown)",
      statements: ["DROP TABLE \(Connection.quoted(copy))"]
    )
  }

  /// alembic cuts the name of the copy after fifty characters of the original's.
  private func original(of copy: String, among tables: [String]) -> String? {
    let name = String(copy.dropFirst(Self.prefix.count))
    if tables.contains(name) { return name }
    guard name.unicodeScalars.count == 50 else { return nil }
    let candidates = tables.filter { $0.hasPrefix(name) }
    return candidates.count == 1 ? candidates.first : nil
  }

  /// Whether everything in the copy is in the original too.
  private func isWhole(_ original: String, _ copy: String, _ rows: Int64) throws -> Bool {
    guard rows > 0 else { return true }
    let own = try columns(original)
    let common = try columns(copy).filter(own.contains).map(Connection.quoted)
    guard !common.isEmpty, try count(original) >= rows else { return false }
    let list = common.joined(separator: ", ")
    let strange = try connection.value(
      "SELECT count(*) FROM (SELECT \(list) FROM \(Connection.quoted(copy)) EXCEPT SELECT \(list) FROM \(Connection.quoted(original)))"
    )
    // Columns that were renamed cannot be compared; the rest must not be all that is looked at.
    let isComplete = try columns(copy).count == common.count
    return isComplete && strange == .integer(0)
  }

  private func columns(_ table: String) throws -> [String] {
    try connection.query("SELECT name FROM pragma_table_info(?)", [.text(table)])
      .compactMap { $0.first?.textValue }
  }

  private func count(_ table: String) throws -> Int64 {
    try connection.value("SELECT count(*) FROM \(Connection.quoted(table))")?.integerValue ?? 0
  }

  private func drop(_ table: String) -> String {
    ShellCommand.sqlite(database, "DROP TABLE \(Connection.quoted(table))")
  }
}
