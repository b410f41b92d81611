internal import AlembicScripts
internal import DurableFiles
internal import Migrations
internal import Revisions
internal import SQLite

/// What the beginning of a pending revision has left in a database: alembic on SQLite commits DDL at once, so that a
/// revision that fails leaves what it had created, and the next attempt fails with "already exists".
///
/// The revision is tried out on a copy of the schema without rows. What it complains to find there is taken out of the copy,
/// until it complains no more: that is what is left. It may be removed from the database where no row is lost by it.
struct HalfAppliedRevision {
  private static let check = "half-applied"
  private static let why =
    "an upgrade with alembic failed half-way here: SQLite kept what the revision had created, and the next attempt finds it there already"

  let connection: Connection
  /// The database's path.
  let database: String
  let runner: MigrationRunner

  /// Something that a revision wants to create and that is there.
  struct Object: Hashable {
    enum Kind: String {
      case table
      case index
      case column
    }

    var kind: Kind
    var name: String
    /// The table of a column; empty otherwise.
    var table = ""

    init(_ kind: Kind, _ name: String, table: String = "") {
      self.kind = kind
      self.name = name
      self.table = table
    }
  }

  func findings(_ plan: Plan) throws -> [Finding] {
    var left: [(revision: String, object: Object)] = []
    for _ in 0..<200 {
      let objects = left.map(\.object)
      let copy = try SchemaCopy(
        of: connection,
        without: Set(
          objects.filter { $0.kind != .column }.map(\.name)
            + connection.tableNames().filter { $0.hasPrefix(LeftoverTables.prefix) }
        ),
        columns: objects.filter { $0.kind == .column }.map { ($0.table, $0.name) }
      )
      if let found = try tryOut(plan, on: copy.connection), !objects.contains(found.object) {
        left.append(found)
        continue
      }
      let findings = try left.map { try finding($0.object, of: $0.revision, made: copy.connection) }
      return findings.isEmpty
        ? [Finding(Self.check, .ok, "no revision is applied by half")] : findings
    }
    return []
  }

  /// Runs the steps until one fails, and says what was in its way, if anything was.
  private func tryOut(_ plan: Plan, on copy: Connection) throws -> (String, object: Object)? {
    for step in plan.steps {
      do {
        try runner.tryOut(step, on: copy)
      } catch {
        // Any other error has its cause in the script, or in rows that are not here.
        guard let error = Self.cause(error) else { return nil }
        return try object(inTheWayOf: error, on: copy).map { (step.revision.id, $0) }
      }
    }
    return nil
  }

  private static func cause(_ error: any Error) -> SQLiteError? {
    if let action = error as? ActionFailure { return cause(action.cause) }
    return error as? SQLiteError
  }

  /// What SQLite's message is about: only names that are in the copy count.
  private func object(inTheWayOf error: SQLiteError, on copy: Connection) throws -> Object? {
    let tables = try copy.tableNames()
    for table in tables {
      for shown in [table, Connection.quoted(table)]
      where error.message.lowercased() == "table \(shown) already exists".lowercased() {
        return Object(.table, table)
      }
    }
    let indexes = try copy.query("SELECT name FROM sqlite_schema WHERE type = 'index'")
      .compactMap { $0.first?.textValue }
    for index in indexes
    where error.message.lowercased() == "index \(index) already exists".lowercased() {
      return Object(.index, index)
    }
    let prefix = "duplicate column name: "
    guard error.message.hasPrefix(prefix), let sql = error.sql else { return nil }
    let column = String(error.message.dropFirst(prefix.count))
    let table = tables.first { table in
      ["ALTER TABLE \(table) ADD", "ALTER TABLE \(Connection.quoted(table)) ADD"].contains {
        sql.uppercased().hasPrefix($0.uppercased())
      }
    }
    return table.map { Object(.column, column, table: $0) }
  }

  private func finding(
    _ object: Object,
    of revision: String,
    made copy: Connection
  ) throws -> Finding {
    let name = Connection.quoted(object.name)
    let table = Connection.quoted(object.table)
    let (shown, drop): (String, String)
    var doubt: String?
    // What is held has to stay: out of the way, under another name.
    var aside: String?
    switch object.kind {
    case .table:
      let rows = try connection.value("SELECT count(*) FROM \(name)")?.integerValue ?? 0
      (shown, drop) = ("the table \(object.name.shownAsPath)", "DROP TABLE \(name)")
      if rows > 0 {
        doubt = "it holds \(rows.shown(as: "row"))"
        aside =
          "ALTER TABLE \(name) RENAME TO \(Connection.quoted(object.name + "_aside"))"
      } else if try text(of: object.name, connection) != text(of: object.name, copy) {
        doubt = "it is not as the revision makes it"
      } else if let owned = try SchemaReferences(connection)
        .firstOwned(by: object.name, besides: SchemaReferences(copy).names(of: object.name))
      {
        doubt = "\(owned) is made on it, which the revision does not make"
      }
    case .index:
      (shown, drop) = ("the index \(object.name.shownAsPath)", "DROP INDEX \(name)")
      doubt =
        try text(of: object.name, connection) == text(of: object.name, copy)
        ? nil : "it is not as the revision makes it"
    case .column:
      let rows =
        try connection.value("SELECT count(*) FROM \(table) WHERE \(name) IS NOT NULL")?
        .integerValue ?? 0
      shown = "the column \(object.name.shownAsPath) of table \(object.table.shownAsPath)"
      drop = "ALTER TABLE \(table) DROP COLUMN \(name)"
      if rows > 0 {
        doubt = "it holds values in \(rows.shown(as: "row"))"
        aside =
          "ALTER TABLE \(table) RENAME COLUMN \(name) TO \(Connection.quoted(object.name + "_aside"))"
      } else if try column(object, connection) != column(object, copy) {
        doubt = "it is not as the revision makes it"
      }
    }
    let what =
      "\(shown), which the pending revision \(revision.shownOnOneLine) creates, is there already"
    guard let doubt else {
      return Finding(
        Self.check,
        .problem,
        what + (object.kind == .index ? "" : ", and empty"),
        why: Self.why,
        repair: "remove it: the revision makes it again",
        statements: [drop]
      )
    }
    return Finding(
      Self.check,
      .problem,
      "\(what); \(doubt)",
      why: Self.why + ", or the application has made it itself",
      commands: [
        "xm-safe list", "xm-safe snapshot",
        ShellCommand.sqlite(database, aside ?? drop)
          + (aside == nil ? "  # if it is not wanted" : "  # keeps it out of the way"),
      ]
    )
  }

  /// How an object is written in the schema, without white space and quotes, which may differ between alembic and us.
  private func text(of name: String, _ connection: Connection) throws -> String? {
    try connection.value("SELECT sql FROM sqlite_schema WHERE name = ?", [.text(name)])?
      .textValue?.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "`" }
  }

  private func column(_ object: Object, _ connection: Connection) throws -> [[Value]] {
    try connection.query(
      "SELECT type, \"notnull\", dflt_value, pk FROM pragma_table_info(?) WHERE name = ? COLLATE NOCASE",
      [.text(object.table), .text(object.name)]
    )
  }
}
