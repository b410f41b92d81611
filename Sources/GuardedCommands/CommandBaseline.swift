internal import DurableFiles
internal import Migrations
internal import SQLite

/// What a database was like before a command, as far as it is compared afterwards.
struct CommandBaseline {
  /// The references that are not met; nil if SQLite cannot check them.
  var foreignKeys: ForeignKeyReport?
  /// The rows per table.
  var census: RowCensus
  /// The tables.
  var tables: [String]
  /// Those that look like those of a rebuild that failed.
  var leftovers: Set<String>
  /// The rows of the version table.
  var revisions: [String]
  /// Whether there is a version table.
  var hasVersionTable: Bool

  /// Looks at a database that nobody changes meanwhile.
  ///
  /// - Parameters:
  ///   - connection: The database, with a transaction open.
  ///   - versionTable: Where the heads are kept.
  /// - Throws: `SQLiteError`, `RevisionError`.
  init(_ connection: Connection, _ versionTable: VersionTable) throws {
    foreignKeys = try Self.foreignKeys(connection)
    census = try RowCensus(connection, versionTable: versionTable.name)
    tables = try connection.tableNames()
    leftovers = Set(tables.filter(Self.isLeftover))
    revisions = try versionTable.rows(in: connection)
    hasVersionTable = try versionTable.exists(in: connection)
  }

  private static func foreignKeys(_ connection: Connection) throws -> ForeignKeyReport? {
    do {
      return try connection.foreignKeyCheck()
    } catch  where error.code == .error {
      // A key that does not fit its parent is the database's own matter, and cannot become worse.
      return nil
    }
  }

  private static func isLeftover(_ table: String) -> Bool { table.hasPrefix("_alembic_tmp_") }

  /// What has become worse, as a sentence; nil if nothing has.
  ///
  /// - Parameters:
  ///   - later: What the database is like after the command.
  ///   - request: What is allowed.
  /// - Returns: The first that is found.
  func objection(to later: CommandBaseline, _ request: CommandRequest) -> String? {
    if let leftover = later.leftovers.subtracting(leftovers).min() {
      return "the table \(leftover.shownAsPath) of a rebuild is left over"
    }
    if let before = foreignKeys {
      guard let after = later.foreignKeys else {
        return "the foreign keys fit no more: SQLite cannot check them"
      }
      if let (key, count) = after.worse(than: before).min(by: { $0.key < $1.key }) {
        return
          "table \(key.table.shownAsPath) now has \(count.shown(as: "row")) \(count == 1 ? "that refers" : "that refer") to what table \(key.parent.shownAsPath) does not have"
      }
    }
    if case .rows(let allowed) = request.guarding,
      let loss = census.losses(in: later.census, allowing: allowed).first
    {
      return loss.description
    }
    if !revisions.isEmpty, !later.hasVersionTable {
      return "the version table \(request.versionTable.name.shownAsPath) is gone"
    }
    return request.versionProblem(revisions, later.revisions)
  }
}
